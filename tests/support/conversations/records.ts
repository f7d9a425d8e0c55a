import type { TestAssistant } from '../assistant.ts'
import type { ExpectedRequest, ExpectedVolunteer, Records } from './script.ts'

/** All that the store holds of requests and volunteers, and every text anywhere in it. */
export async function readRecords({ store: { read } }: TestAssistant) {
  const requests = await read.serviceRequest.findMany({ orderBy: { number: 'asc' }, include: { activities: { orderBy: { at: 'asc' } } } })
  const volunteers = await read.volunteer.findMany({ orderBy: { number: 'asc' } })
  const identities = await read.identity.findMany({ include: { person: true } })
  const rest = await Promise.all([read.inboundMessage.findMany(), read.outboxMessage.findMany(), read.draft.findMany(), read.dialogState.findMany(), read.volunteerSearch.findMany(), read.volunteerOffer.findMany(), read.unansweredQuestion.findMany()])
  return { requests, volunteers, identities, everything: JSON.stringify([requests, volunteers, identities, rest]) }
}
export type FoundRecords = Awaited<ReturnType<typeof readRecords>>
type FoundRequest = FoundRecords['requests'][number]
type FoundVolunteer = FoundRecords['volunteers'][number]

/** Blanks, case and full width are not what is tested. */
export const plain = (text: string) => text.normalize('NFKC').replace(/\s+/g, '').toLowerCase()
export const holds = (text: string, words: string[]) => words.some((word) => plain(text).includes(plain(word)))
const either = (words: (string | number | null)[]) => words.map((word) => (word === null ? 'none' : String(word))).join(' or ')

function missing(field: string, text: string, wanted: string[][], unwanted: string[] = []): string[] {
  return [
    ...wanted.filter((words) => !holds(text, words)).map((words) => `${field} lacks ${either(words)}`),
    ...unwanted.filter((word) => holds(text, [word])).map((word) => `${field} holds ${word}`),
  ]
}

const unequal = (field: string, found: string | null, wanted: (string | null)[] | undefined, isSame = (one: string, other: string) => plain(one) === plain(other)) =>
  wanted === undefined || wanted.some((want) => (want === null || found === null ? want === found : isSame(found, want))) ? [] : [`${field} is ${found ?? 'none'}, should be ${either(wanted)}`]
const begins = (found: string, want: string) => found.startsWith(want)

function requestFaults(found: FoundRequest, wanted: ExpectedRequest): string[] {
  const notes = found.activities.map((activity) => activity.note).join('\n')
  return [
    ...unequal('kind', found.kind, wanted.kind),
    ...unequal('category', found.category, wanted.category),
    ...unequal('status', found.status, wanted.status),
    ...missing('description', found.description, wanted.description, wanted.description_lacks),
    ...missing('address', found.address ?? '', wanted.address),
    ...unequal('area', found.areaCode, wanted.area === undefined ? undefined : [wanted.area], begins),
    ...unequal('name', found.requesterName, wanted.name),
    ...unequal('phone', found.requesterPhone, wanted.phone),
    ...unequal('wanted time', found.wantedTime, wanted.wanted_time, begins),
    ...(wanted.score === undefined || wanted.score.includes(found.ratingScore) ? [] : [`score is ${found.ratingScore ?? 'none'}, should be ${either(wanted.score)}`]),
    ...missing('history', notes, wanted.history),
    ...missing('all that staff see', JSON.stringify(found), wanted.anywhere, wanted.nowhere),
  ]
}

function volunteerFaults(found: FoundVolunteer, wanted: ExpectedVolunteer): string[] {
  const guardian = found.guardianName === null && found.guardianPhone === null ? null : { name: found.guardianName, phone: found.guardianPhone }
  return [
    ...unequal('name', found.name, [wanted.name]),
    ...unequal('phone', found.phone, wanted.phone === undefined ? undefined : [wanted.phone]),
    ...(wanted.age === undefined || wanted.age === found.age ? [] : [`age is ${found.age ?? 'none'}, should be ${wanted.age}`]),
    ...missing('skills', JSON.stringify(found.skills), wanted.skills),
    ...missing('availability', found.availability, wanted.availability, wanted.availability_lacks),
    ...unequal('area', found.areaCode, wanted.area === undefined ? undefined : [wanted.area], begins),
    ...unequal('status', found.status, wanted.status),
    ...(wanted.guardian === null && guardian !== null ? [`guardian is ${guardian.name}, should be none`] : []),
    ...(wanted.guardian ? [...unequal('guardian’s name', found.guardianName, wanted.guardian.name === undefined ? undefined : [wanted.guardian.name]), ...unequal('guardian’s phone', found.guardianPhone, wanted.guardian.phone === undefined ? undefined : [wanted.guardian.phone])] : []),
  ]
}

/** Pairs what is wanted with what is found, each with the nearest left; what remains on either side is a fault. */
function pair<Found, Wanted extends { optional?: true | undefined }>(noun: string, found: Found[], wanted: Wanted[], faultsOf: (found: Found, wanted: Wanted) => string[], show: (one: Found) => string, noneOther: boolean): string[] {
  const left = [...found]
  const faults: string[] = []
  for (const want of [...wanted].sort((one, other) => Number(one.optional ?? false) - Number(other.optional ?? false))) {
    const nearest = left.map((one) => ({ one, faults: faultsOf(one, want) })).sort((one, other) => one.faults.length - other.faults.length)[0]
    if (want.optional && (nearest === undefined || nearest.faults.length > 0)) continue
    if (nearest === undefined) {
      faults.push(`no ${noun} where there should be ${JSON.stringify(want)}`)
      continue
    }
    left.splice(left.indexOf(nearest.one), 1)
    if (nearest.faults.length > 0) faults.push(`${noun} ${show(nearest.one)}: ${nearest.faults.join('; ')}`)
  }
  return noneOther ? [...faults, ...left.map((one) => `a ${noun} that should not be: ${show(one)}`)] : faults
}

const showRequest = ({ number, kind, category, status, description, address, requesterName, requesterPhone, wantedTime }: FoundRequest) =>
  `${number} [${[kind, category, status, description.slice(0, 80), address, requesterName, requesterPhone, wantedTime].filter(Boolean).join(' | ')}]`
const showVolunteer = ({ number, name, phone, age, skills, availability, status }: FoundVolunteer) => `${number} [${[name, phone, age, JSON.stringify(skills), availability, status].join(' | ')}]`

export function recordFaults(found: FoundRecords, wanted: Records): string[] {
  return [
    ...pair('request', found.requests, wanted.requests, requestFaults, showRequest, wanted.none_other),
    ...pair('volunteer', found.volunteers, wanted.volunteers, volunteerFaults, showVolunteer, wanted.none_other),
    ...wanted.nowhere.filter((word) => found.everything.includes(word)).map((word) => `the store still holds ${word}`),
    ...Object.entries(wanted.subscribed).flatMap(([sender, isSubscribed]) => {
      const person = found.identities.find((identity) => identity.externalId === sender)?.person
      return person?.isSubscribed === isSubscribed ? [] : [`${sender} should ${isSubscribed ? '' : 'not '}get announcements`]
    }),
  ]
}
