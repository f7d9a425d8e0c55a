import { areaLine } from '../areas.ts'
import type { Area, HelperGroup, Service } from '../services.ts'

/** Most volunteers who are asked for one request at a time. */
export const MOST_ASKED_AT_ONCE = 3
/** Most requests that one volunteer carries at a time. */
export const MOST_CARRIED = 2
export const ADULT_AGE = 18

/** What is asked of neighbours, as far as it decides whom to ask. */
export interface HelpWanted {
  requesterId: string | null
  requesterPhone: string | null
  /** null = not known. */
  areaCode: string | null
  description: string
  /** What the catalogue says of whoever can do it. */
  helpers: readonly HelperGroup[]
  /** Whether staff said that minors may be asked too. */
  allowsMinors: boolean
}

/** A volunteer as the choice sees them. */
export interface VolunteerCandidate {
  id: string
  number: string
  personId: string
  status: 'pending' | 'active' | 'paused' | 'left'
  phone: string
  age: number | null
  hasGuardian: boolean
  areaCode: string | null
  skills: readonly string[]
  /** Whether they are free at the time wished; null = one of the two is not known. */
  isFree: boolean | null
  /** Whether a message can be pushed to them. */
  isReachable: boolean
  /** Whether they are being asked for this request, or need not be asked again. */
  wasAsked: boolean
  /** Requests that they have accepted and not finished. */
  carrying: number
  /** Requests accepted lately. */
  recent: number
  /** When they were last asked for anything; null = never. */
  lastAskedAt: Date | null
}

/**
 * Whom to ask next, at most `count`, best first: in the same community before the same town before places that are not known;
 * who has the skill before who only could; who helped least of late, who was not asked longest. The same input gives the same choice.
 */
export function chooseVolunteers<T extends VolunteerCandidate>(wanted: HelpWanted, candidates: readonly T[], areas: readonly Area[], count: number): T[] {
  const groups = groupsAsked(wanted)
  const nearness = createNearness(wanted.areaCode, areas)
  return candidates
    .filter((candidate) => isSuitable(wanted, candidate))
    .map((candidate) => ({ candidate, near: nearness(candidate.areaCode), skilled: fit(candidate.skills, groups) }))
    .filter(({ near, skilled }) => near !== FAR && skilled !== UNFIT)
    .sort((one, other) => one.near - other.near || one.skilled - other.skilled || compareTurns(one.candidate, other.candidate))
    .slice(0, Math.max(0, count))
    .map(({ candidate }) => candidate)
}

function isSuitable(wanted: HelpWanted, candidate: VolunteerCandidate): boolean {
  const isAdult = candidate.age === null ? !candidate.hasGuardian : candidate.age >= ADULT_AGE
  // The same telephone is the same person on another platform.
  const isRequester = candidate.personId === wanted.requesterId || (wanted.requesterPhone !== null && candidate.phone === wanted.requesterPhone)
  return candidate.status === 'active' && candidate.isReachable && candidate.isFree !== false && !candidate.wasAsked && candidate.carrying < MOST_CARRIED && !isRequester && (isAdult || wanted.allowsMinors)
}

function compareTurns(one: VolunteerCandidate, other: VolunteerCandidate): number {
  const asked = (candidate: VolunteerCandidate) => candidate.lastAskedAt?.getTime() ?? -Infinity
  // Two who were never asked: Infinity less Infinity is no number.
  const byTurn = asked(one) === asked(other) ? 0 : asked(one) - asked(other)
  return one.recent - other.recent || byTurn || (one.isFree === other.isFree ? 0 : one.isFree === true ? -1 : 1) || (one.number < other.number ? -1 : 1)
}

const FAR = 3

/** 0 the same community, 1 the same town, 2 not known, 3 elsewhere. */
function createNearness(areaCode: string | null, areas: readonly Area[]): (of: string | null) => number {
  const at = (line: Area[], level: Area['level']) => line.find((area) => area.level === level)?.code
  const here = areaLine(areaCode, areas)
  return (of) => {
    const there = areaLine(of, areas)
    const [community, town] = [at(here, 'community'), at(here, 'town')]
    if (community !== undefined && community === at(there, 'community')) return 0
    if (town !== undefined && town === at(there, 'town')) return 1
    const isKnown = here.length > 0 && there.length > 0
    // Of somebody of whom only the county is known it is not known whether they are near.
    const isWider = isKnown && (at(there, 'town') === undefined || town === undefined) && (here.includes(there[0] as Area) || there.includes(here[0] as Area))
    return isKnown && !isWider ? FAR : 2
  }
}

const UNFIT = 2

/** The groups that a request asks for; [] = anybody will do. */
function groupsAsked({ description, helpers }: HelpWanted): readonly HelperGroup[] {
  const named = helpers.filter((group) => group.asked?.some((word) => description.includes(word)))
  return named.length > 0 ? named : helpers.filter((group) => group.asked === undefined)
}

/** 0 has the skill, 1 can be asked all the same, 2 can't do it. */
function fit(skills: readonly string[], groups: readonly HelperGroup[]): number {
  if (groups.length === 0 || groups.some((group) => group.can.some((word) => skills.some((skill) => skill.includes(word))))) return 0
  return groups.every((group) => group.anybody) ? 1 : UNFIT
}

/** Most words of a request that its offer repeats. */
const MOST_WORDS = 2

/** What is wanted, without anybody's particulars: the service's name and words of the catalogue that the request holds. */
export function describeHelp(category: string, description: string, service: Pick<Service, 'words'> | undefined): string {
  const said = (service?.words ?? []).filter((word) => description.includes(word) && !category.includes(word))
  const words = said.filter((word) => !said.some((longer) => longer !== word && longer.includes(word))).slice(0, MOST_WORDS)
  return words.length === 0 ? category : `${category}（${words.join('、')}）`
}
