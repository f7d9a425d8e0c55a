import { planPicture, type PictureCapability, type PictureReference } from '../../domain/pictures/pictures.ts'
import { toJson } from '../engine/json.ts'
import type { OutboxExtras } from './outbox.ts'
import type { Transaction } from '../engine/store.ts'

/** A row as the division below sees it. */
export interface PicturedRow {
  seq: number
  key: string
  /** Of a picture that goes before its text: that row's key. */
  pictureOf: string | null
  conversationId: string
  personId: string | null
  announcementId: string | null
  priority: number
  kind: string
  text: string
  extras: unknown
  attempts: number
  expiresAt: Date | null
  createdAt: Date
}

/** What of a row's picture goes with one send: the picture, or its address. */
export type ClaimedPicture = PictureReference & { as: 'picture' | 'link' }

/** Stands in the row of a picture, which has no text: an empty one would count as erased. */
const PICTURE_TEXT = '（图片）'

const pictureIn = (row: PicturedRow): PictureReference | undefined => (row.extras as OutboxExtras).picture

/** null when the row has no picture, or its picture has a row of its own. */
export function claimedPicture(row: PicturedRow, capability: PictureCapability | undefined): ClaimedPicture | null {
  const picture = pictureIn(row)
  if (picture === undefined) return null
  if (row.pictureOf !== null) return { ...picture, as: 'picture' }
  const plan = planPicture(capability, picture, row.text)
  return plan === 'apart' ? null : { ...picture, as: plan === 'link' ? 'link' : 'picture' }
}

/**
 * Gives pictures that do not fit into one send with their text a row of their own, once, and puts it in the text's place: the
 * text stays queued and follows at the conversation's pace. A row is one send, so neither a crash nor a repetition of the one sends the
 * other twice, and a picture that fails does not keep its text back.
 * @returns what is to be sent now
 */
export async function putPicturesFirst<Row extends PicturedRow>(transaction: Transaction, picked: readonly Row[], capabilityOf: (row: Row) => PictureCapability | undefined, claim: { owner: string; now: Date; leaseUntil: Date }): Promise<{ queued: Row[]; pictures: Row[] }> {
  const isApart = (row: Row): boolean => {
    const picture = pictureIn(row)
    return picture !== undefined && row.pictureOf === null && planPicture(capabilityOf(row), picture, row.text) === 'apart'
  }
  const apart = picked.filter(isApart)
  if (apart.length === 0) return { queued: [...picked], pictures: [] }
  const known = await transaction.outboxMessage.findMany({ where: { key: { in: apart.map(pictureKey) } }, select: { pictureOf: true } })
  const hasOwnRow = new Set(known.map((row) => row.pictureOf))
  const divided = new Map(apart.filter((row) => !hasOwnRow.has(row.key)).map((row) => [row.key, row]))
  const created = await transaction.outboxMessage.createManyAndReturn({
    data: [...divided.values()].map((row) => ({
      key: pictureKey(row),
      pictureOf: row.key,
      conversationId: row.conversationId,
      personId: row.personId,
      announcementId: row.announcementId,
      priority: row.priority,
      kind: row.kind,
      text: PICTURE_TEXT,
      extras: toJson({ buttons: [], citations: [], picture: pictureIn(row) }),
      status: 'sending',
      isPushed: true,
      notBefore: claim.now,
      expiresAt: row.expiresAt,
      attempts: 1,
      leaseOwner: claim.owner,
      leaseUntil: claim.leaseUntil,
      createdAt: claim.now,
    })),
    select: { seq: true, pictureOf: true },
  })
  const pictures = created.flatMap(({ seq, pictureOf }) => {
    const row = pictureOf === null ? undefined : divided.get(pictureOf)
    return row === undefined ? [] : [{ ...row, seq, key: pictureKey(row), pictureOf: row.key, attempts: 0, createdAt: claim.now }]
  })
  return { queued: picked.filter((row) => !divided.has(row.key)), pictures }
}

const pictureKey = (row: PicturedRow): string => `${row.key}:picture`
