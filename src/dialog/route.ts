import type { Answer } from '../domain/answers.ts'
import { ServiceStoppingError, StoreError } from '../domain/errors.ts'
import { createFaultLog, describeError, type FaultLog } from '../domain/faults.ts'
import { LONGEST_INBOUND_TEXT, type InboundMessage } from '../domain/messages/messages.ts'
import type { Outcome, TurnResult } from '../domain/messages/outcome.ts'
import { USUAL_RETENTION } from '../domain/retention.ts'
import { cleanTyped } from '../language/clean.ts'
import { findFed } from '../store/requests/fed-records.ts'
import { findUndecided, receiveMessage } from '../store/conversations/inbound.ts'
import { findEarlierVersion } from '../store/conversations/message-versions.ts'
import { commitTurn, loadTurn, type CommitResult, type TurnCommit } from '../store/conversations/turns.ts'
import { leftToItsAlbum } from './photos/albums.ts'
import { whatIsAsked, whatIsBehind } from './asked.ts'
import type { Assistant, AssistantServices } from './assistant.ts'
import { createSharedQueue } from './arrival/in-turn.ts'
import { ARRIVED_LATE, DELIVERED_AGAIN, KEPT_BROKEN, LEFT_UNDECIDED, NOT_COMMITTED, PASSED_TO_STAFF, STALE_BUTTON } from './faults.ts'
import { formContext } from './flow/form-context.ts'
import { decideLate, isLate } from './arrival/late.ts'
import { createPhotoFetcher, type PhotoFetcher } from './photos/fetch-photos.ts'
import { lookUp } from './look-up.ts'
import { settlePhotos, withPhotosInForm } from './photos/photos.ts'
import { cleanMessage, namedForOthers } from './arrival/clean-message.ts'
import { piecesBefore } from './arrival/pieces.ts'
import { decide, needsOf } from './policy.ts'
import { requestForStaff } from './staff-requests.ts'
import { text } from './text.ts'
import { isAfterEmergency, wordsOfDanger } from './steps/emergency.ts'
import { concernsAlerts } from './steps/alerts.ts'
import { concernsSearches } from './steps/requests/help-offers.ts'
import { say, type ReadTurn } from './turn.ts'
import { isTakenOver } from './steps/taken-over.ts'
import { whatWasMeant } from './steps/which-of-two.ts'
import { createTurnstile } from './arrival/turnstile.ts'
import { createUnboundRoomFilter, decideUnbound, isSilentRoom } from './arrival/unbound-rooms.ts'

const RETRY_FIRST_MS = 30_000
const RETRY_LONGEST_MS = 15 * 60_000
/** While an emergency waits to be written: staff are to be alerted as soon as that can be done. */
const RETRY_IN_DANGER_MS = 5_000

/**
 * The route of one message: receive (store it, or find it there) -> one queue per conversation -> look up -> decide -> commit
 * -> outbox. A turn that fails stays undecided in the store and is decided again: by a redelivery, in half a minute, or at the next start.
 */
export function createAssistant(services: AssistantServices): Assistant {
  const { store, log } = services
  const decide = (message: InboundMessage, inboundId: string) => takeTurn(services, message, inboundId, { faults, fetcher, pass })
  const queue = createSharedQueue(store, (message) => decide(message, message.inboundId))
  const hear = createUnboundRoomFilter(services)
  const inHand = new Map<string, Promise<{ turn: Promise<TurnResult> }>>()
  const faults = createFaultLog(log, services.now)
  const fetcher = createPhotoFetcher(services, faults)
  const pass = createTurnstile()
  let isStopping = false
  let retry: NodeJS.Timeout | undefined
  let retryMs = RETRY_FIRST_MS
  /** Whether one of the messages that wait tells of a danger. */
  let isDangerWaiting = false

  const receive: Assistant['receive'] = async (message) => {
    if (isStopping) throw new ServiceStoppingError()
    const key = JSON.stringify([message.channel, message.account, message.externalId])
    const first = inHand.get(key)
    faults.sweep()
    if (first) {
      noteRedelivery(message)
      const { turn } = await first
      return { isNew: false, turn: turn.then((result) => ({ ...result, isDuplicate: true })) }
    }
    const delivery = take(cleanMessage(message))
    inHand.set(key, delivery)
    const forget = () => inHand.delete(key)
    delivery.then(({ turn }) => turn.then(forget, forget), forget)
    return delivery
  }

  const take = async (said: InboundMessage): Promise<{ isNew: boolean; turn: Promise<TurnResult> }> => {
    const message = await hear(said)
    if (await isNoNews(services, message)) return { isNew: false, turn: Promise.resolve(NO_NEWS) }
    const receipt = await receiveMessage(store, message, services.now())
    if (!receipt.isNew) noteRedelivery(message)
    if (receipt.result) return { isNew: false, turn: Promise.resolve(receipt.result) }
    const turn = queue.run(receipt.conversationId, receipt.inboundId, () => decide(message, receipt.inboundId)).then((result) => result ?? decidedElsewhere(services, message))
    turn.catch((error: unknown) => retryLater(error, receipt.inboundId, message.text))
    return { isNew: receipt.isNew, turn }
  }

  /** Callers of a channel that is read from the store send again as they like. */
  const noteRedelivery = ({ channel, account }: InboundMessage) => {
    if (!services.pulls(channel)) faults.say(DELIVERED_AGAIN, { channel, account })
  }

  const retryLater = (error: unknown, inboundId: string, said = '') => {
    // Of the database the store itself has spoken.
    if (!(error instanceof StoreError)) faults.say(NOT_COMMITTED, {}, { inboundId, ...describeError(error) })
    if (said !== '' && !isDangerWaiting) hurryInDanger(said)
    retry ??= startRetry(isDangerWaiting ? RETRY_IN_DANGER_MS : retryMs)
    retryMs = Math.min(retryMs * 2, RETRY_LONGEST_MS)
  }

  const startRetry = (ms: number): NodeJS.Timeout =>
    setTimeout(() => {
      retry = undefined
      if (!isStopping) decideLeft().catch((failure: unknown) => retryLater(failure, ''))
    }, ms).unref()

  const hurryInDanger = (said: string) => {
    safetyWords(said).then((words) => {
      if (words === null || isStopping) return
      isDangerWaiting = true
      clearTimeout(retry)
      retry = startRetry(RETRY_IN_DANGER_MS)
    }, () => undefined)
  }

  const safetyWords: Assistant['safetyWords'] = async (said) => wordsOfDanger(await services.reader.read(cleanTyped(said, { longest: LONGEST_INBOUND_TEXT }), { asked: 'nothing', now: services.now() }))

  let takingUp: Promise<number> | undefined

  /** One look at a time: what is waited for may be in the hands of another process. */
  const takeUp: Assistant['takeUp'] = async (receivedBefore) => {
    if (isStopping) return 0
    takingUp ??= findUndecided(store, { before: receivedBefore }).then(decideAll).finally(() => (takingUp = undefined))
    return takingUp
  }

  const recover = async (): Promise<number> => {
    const undecided = await findUndecided(store)
    if (undecided.length > 0) faults.say(LEFT_UNDECIDED, {}, { messages: undecided.length })
    return decideAll(undecided)
  }

  const decideLeft = async (): Promise<number> => decideAll(await findUndecided(store))

  const decideAll = async (undecided: Awaited<ReturnType<typeof findUndecided>>): Promise<number> => {
    const turns = undecided.map((message) => queue.run(message.conversationId, message.inboundId, () => decide(message, message.inboundId)))
    const results = await Promise.allSettled(turns)
    results.forEach((result, index) => {
      const left = undecided[index]
      if (result.status === 'rejected') retryLater(result.reason, left?.inboundId ?? '', left?.text)
    })
    const decided = results.filter((result) => result.status === 'fulfilled').length
    if (decided === undecided.length) {
      retryMs = RETRY_FIRST_MS
      isDangerWaiting = false
      faults.over(NOT_COMMITTED.name)
    }
    return decided
  }

  return {
    receive,
    safetyWords,
    recover,
    takeUp,
    async stop() {
      isStopping = true
      clearTimeout(retry)
      await Promise.allSettled(inHand.values())
      await Promise.all([queue.idle(), fetcher.stop()])
    },
  }
}

const NO_NEWS: TurnResult = { intent: 'other', isDuplicate: true, replies: [] }

/** An edit that leaves the words as they are (a link's preview, marks, blanks), or one that was taken in already. */
async function isNoNews({ store, reader }: Pick<AssistantServices, 'store' | 'reader'>, message: InboundMessage): Promise<boolean> {
  const earlier = await findEarlierVersion(store, message)
  return earlier !== null && earlier.text !== '' && reader.saysSame(earlier.text, message.text)
}

/** What the turns of one assistant share. */
interface Shared {
  faults: FaultLog
  fetcher: PhotoFetcher
  /** Waits for its place among the turns that are decided at the same time. */
  pass: () => Promise<void>
}

async function takeTurn(services: AssistantServices, said: InboundMessage, inboundId: string, shared: Shared): Promise<TurnResult> {
  const startedAt = performance.now()
  await shared.pass()
  const read = await readTurn(services, said, inboundId, shared.faults)
  const photos = await shared.fetcher.fetch(read)
  try {
    return await decideAndCommit(services, withPhotosInForm({ ...read, message: photos.message }), shared, { startedAt, fetchesLater: photos.isLater })
  } finally {
    photos.release()
  }
}

async function decideAndCommit(services: AssistantServices, turn: ReadTurn, { faults, fetcher }: Shared, { startedAt, fetchesLater }: { startedAt: number; fetchesLater: boolean }): Promise<TurnResult> {
  const { message } = turn
  const { outcome, answer } = await decideTurn(services, turn, faults)
  const commit = { message: namedForOthers(message, turn.context), context: turn.context, outcome, pulls: services.pulls(message.channel), now: services.now() }
  const result = await commitOrPassOn(services, commit, turn, faults)
  if (result.status === 'already_decided') return decidedElsewhere(services, message)
  if (fetchesLater) fetcher.fetchLater(turn)
  if (outcome.isStaleButton) faults.say(STALE_BUTTON, { channel: message.channel, account: message.account })
  if (message.isAddressed && isLate(turn)) faults.say(ARRIVED_LATE, { channel: message.channel, account: message.account })
  if (!commit.pulls || concernsSearches(outcome.changes) || concernsAlerts(outcome.changes) || result.replies.some((reply) => reply.conversation !== undefined)) services.wakeOutbox()
  if (outcome.changes.some((change) => change.type === 'blank_messages' || change.type === 'erase_person' || change.type === 'withdraw_consent')) {
    await services.photos?.clear()
    await services.store.forgetErased()
  }
  services.onTurn?.({ intent: outcome.intent, channel: message.channel, durationMs: performance.now() - startedAt, ...(answer && { answer }) })
  return { intent: outcome.intent, isDuplicate: false, replies: result.replies }
}

/** What another process answered meanwhile. */
async function decidedElsewhere({ store, now }: Pick<AssistantServices, 'store' | 'now'>, message: InboundMessage): Promise<TurnResult> {
  return (await receiveMessage(store, message, now())).result ?? NO_NEWS
}

/** A turn that can't be written for a reason of its own is passed to staff instead, so that the message is not stuck. */
async function commitOrPassOn(services: AssistantServices, commit: TurnCommit, turn: ReadTurn, faults: FaultLog): Promise<CommitResult> {
  try {
    return await commitTurn(services.store, commit)
  } catch (error) {
    if (error instanceof StoreError && error.retryable) throw error
    const details = { inboundId: turn.context.inboundId, ...describeError(error) }
    try {
      const result = await commitTurn(services.store, { ...commit, outcome: passToStaff(turn) })
      faults.say(PASSED_TO_STAFF, {}, details)
      return result
    } catch (second) {
      // Whoever hears of the second hears of it alone: that of the first is said here.
      faults.say(NOT_COMMITTED, {}, details)
      throw second
    }
  }
}

const passToStaff = (turn: ReadTurn): Outcome => ({
  intent: 'human_handoff',
  replies: turn.isInSilentRoom ? [] : [say(turn, 'receipt', text.handoff)],
  changes: [{ type: 'create_request', request: requestForStaff(turn, 'handoff', turn.message.text) }],
})

async function readTurn(services: AssistantServices, message: InboundMessage, inboundId: string, faults: FaultLog): Promise<ReadTurn> {
  const now = services.now()
  const { context, draft, state, isKeptBroken } = await loadTurn(services.store, inboundId, now)
  if (isKeptBroken) faults.say(KEPT_BROKEN)
  const earlier = await findEarlierVersion(services.store, message, inboundId)
  const fed = earlier && (await findFed(services.store, earlier, { personId: context.person.id, isInGroup: context.conversation.kind === 'group' }))
  const asked = whatIsAsked(draft ?? fed?.draft ?? null, state, context.person)
  const form = (draft ?? fed?.draft)?.form
  const behind = whatIsBehind(asked, context.person)
  const before = piecesBefore(state, now)
  const read = async (said: string) => services.reader.read(said, { asked, now, ...(behind && { behind }), ...(form && { form }), afterEmergency: isAfterEmergency({ state, now }), ...(state.just === 'answer' && state.lastQuestion !== undefined && { lastQuestion: state.lastQuestion }), ...(before !== undefined && { before }) })
  const putRight = whatWasMeant(state, message.text)
  const reading = putRight === undefined ? await read(message.text) : services.reader.readAs(putRight.text, putRight.intent, { asked: 'nothing', now })
  const privateLink = context.conversation.kind === 'group' ? services.privateLink?.(message.channel, message.account) : null
  const officeLine = services.officeLine?.()
  const knownArea = context.person.areaCode ?? context.conversation.areaCode
  return {
    message,
    reading,
    moves: reading.moves,
    ...(putRight && { putRight }),
    asked,
    context,
    draft,
    state,
    form: formContext(services, { form, knownArea, now }),
    now,
    retention: services.retention ?? USUAL_RETENTION,
    ...(services.steadyNow && { steadyNow: services.steadyNow() }),
    ...(earlier && { earlier: { ...earlier, ...fed, reading: await read(earlier.text) } }),
    ...(privateLink && { privateLink }),
    ...(officeLine && { officeLine }),
    ...(isSilentRoom(services, message.channel, context.conversation) && { isInSilentRoom: true }),
    ...(services.capabilities?.(message.channel)?.privateAmongFriends && { needsFriend: true }),
    ...(services.capabilities?.(message.channel)?.givesOwnDataFile && { hasOwnDataFile: true }),
  }
}

const SILENCE: Outcome = { intent: 'other', replies: [], changes: [] }

async function decideTurn(services: AssistantServices, turn: ReadTurn, faults: FaultLog): Promise<{ outcome: Outcome; answer?: Answer['kind'] }> {
  if (!turn.message.isAddressed) return { outcome: SILENCE }
  const album = await leftToItsAlbum(services, turn)
  if (album !== null) return { outcome: settlePhotos(turn, SILENCE, { album }) }
  if (isLate(turn) && !isTakenOver(turn)) return { outcome: settlePhotos(turn, decideLate(turn)) }
  try {
    const facts = await lookUp(services, turn, needsOf(turn))
    if (turn.isInSilentRoom) return { outcome: decideUnbound({ ...turn, facts }) }
    return { outcome: settlePhotos(turn, decide({ ...turn, facts }), facts), ...(facts.answer && { answer: facts.answer.kind }) }
  } catch (error) {
    if (error instanceof StoreError) throw error
    faults.say(PASSED_TO_STAFF, {}, { inboundId: turn.context.inboundId, ...describeError(error) })
    return { outcome: passToStaff(turn) }
  }
}
