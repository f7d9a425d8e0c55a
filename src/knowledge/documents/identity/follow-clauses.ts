import { bareText, printOf } from './clause-print.ts'

/** A clause as it was when something was tied to it. */
export interface FormerClause {
  /** What it was called then. */
  key: string
  print: string
  /** Its words; null = only the fingerprint is known. */
  text: string | null
}

/** A clause as it is now. */
export interface PresentClause {
  clause: string
  text: string
}

/** What became of a clause. */
export type Fate =
  /** Its very words, whatever number they have now. */
  | { fate: 'same'; clause: string }
  /** A few words are others, or it holds more now; what was asked of it is asked of this one. */
  | { fate: 'changed'; clause: string }
  /** Its words went in part, or into several: somebody has to say. Most alike first. */
  | { fate: 'near'; clauses: string[] }
  | { fate: 'lost' }

/**
 * How alike two texts are is the share of their runs of three characters that both have (Dice). In the guideline
 * two different clauses have .15 at most, one in which some words are others .95.
 */
const SAME_FROM = 0.75
const NEAR_FROM = 0.35
/** A clause that holds so much of a former one answers what was asked of that, whatever else it holds. */
const HOLDS_FROM = 0.92
/** And one that lies in a former one to so great a part may be what was taken out of it. */
const PART_FROM = 0.6
/** So much better must the best one be than the next: of two that are alike nobody knows which is meant. */
const AHEAD = 0.08
/** What a clause has no more and another one has: that much of it, and so many runs at least, and it was split. */
const MOVED_AWAY_FROM = 0.5
const LEAST_MOVED_AWAY = 8

/**
 * Follows the clauses of a document into what it is now. A present clause that is word for word another former one is that one's and never stands in
 * for a third; so all former clauses have to be named, also those that nothing hangs on.
 */
export function followClauses(former: readonly FormerClause[], present: readonly PresentClause[]): Map<string, Fate> {
  const fates = new Map<string, Fate>()
  const free = pairEqual(former, present, fates)
  const left = former.filter(({ key }) => !fates.has(key))
  if (left.length === 0) return fates
  const runs = free.map(({ text }) => runsOf(text))
  const index = indexRuns(runs)
  for (const clause of left) fates.set(clause.key, clause.text === null ? { fate: 'lost' } : judge(runsOf(clause.text), free, runs, index))
  settleRivals(left, fates)
  return fates
}

/** Pairs clauses of the same words: those that kept their number first, then in order. @returns the present ones that are left */
function pairEqual(former: readonly FormerClause[], present: readonly PresentClause[], fates: Map<string, Fate>): PresentClause[] {
  const byPrint = new Map<string, PresentClause[]>()
  for (const clause of present) {
    const print = printOf(clause)
    byPrint.set(print, [...(byPrint.get(print) ?? []), clause])
  }
  const take = (print: string, isWanted: (clause: PresentClause) => boolean): PresentClause | undefined => {
    const all = byPrint.get(print) ?? []
    const found = all.find(isWanted)
    if (found !== undefined) byPrint.set(print, all.filter((clause) => clause !== found))
    return found
  }
  for (const isWanted of [(key: string) => ({ clause }: PresentClause) => clause === key, () => () => true]) {
    for (const { key, print } of former) {
      if (fates.has(key)) continue
      const found = take(print, isWanted(key))
      if (found !== undefined) fates.set(key, { fate: 'same', clause: found.clause })
    }
  }
  const left = new Set([...byPrint.values()].flat())
  return present.filter((clause) => left.has(clause))
}

type Runs = ReadonlyMap<string, number>
type RunIndex = ReadonlyMap<string, readonly { place: number; count: number }[]>

/** How often each run of three characters stands in a text; a shorter text is one run. */
function runsOf(text: string): Runs {
  const bare = bareText(text)
  const runs = new Map<string, number>()
  for (let at = 0; at < Math.max(1, bare.length - 2); at += 1) {
    const run = bare.slice(at, at + 3)
    runs.set(run, (runs.get(run) ?? 0) + 1)
  }
  return runs
}

const sizeOf = (runs: Runs): number => [...runs.values()].reduce((sum, count) => sum + count, 0)

function indexRuns(all: readonly Runs[]): RunIndex {
  const index = new Map<string, { place: number; count: number }[]>()
  for (const [place, runs] of all.entries()) {
    for (const [run, count] of runs) {
      const places = index.get(run)
      if (places === undefined) index.set(run, [{ place, count }])
      else places.push({ place, count })
    }
  }
  return index
}

/** How many runs each of the indexed texts shares with this one. */
function sharedWith(runs: Runs, index: RunIndex): Map<number, number> {
  const shared = new Map<number, number>()
  for (const [run, count] of runs) for (const other of index.get(run) ?? []) shared.set(other.place, (shared.get(other.place) ?? 0) + Math.min(count, other.count))
  return shared
}

function judge(own: Runs, free: readonly PresentClause[], runs: readonly Runs[], index: RunIndex): Fate {
  const size = sizeOf(own)
  const found = [...sharedWith(own, index)]
    .map(([place, shared]) => {
      const other = sizeOf(runs[place] ?? new Map())
      return { place, alike: (2 * shared) / (size + other), held: shared / size, part: shared / other }
    })
    .sort((left, right) => right.alike - left.alike || left.place - right.place)
  const nameOf = ({ place }: { place: number }) => free[place]?.clause ?? ''
  const isSame = ({ alike, held }: { alike: number; held: number }) => alike >= SAME_FROM || (held >= HOLDS_FROM && size >= LEAST_MOVED_AWAY)
  const best = found.filter(isSame).sort((left, right) => right.held - left.held)[0]
  const isAlone = best !== undefined && found.every((other) => other === best || !isSame(other) || best.held - other.held >= AHEAD)
  if (best !== undefined && isAlone && takenBy(own, runs[best.place] ?? new Map(), best.place, index).length === 0) return { fate: 'changed', clause: nameOf(best) }
  const near = found.filter(({ alike, held, part }) => alike >= NEAR_FROM || held >= MOVED_AWAY_FROM || part >= PART_FROM)
  return near.length === 0 ? { fate: 'lost' } : { fate: 'near', clauses: near.map(nameOf) }
}

/** Where else the words are that a clause has no more. */
function takenBy(own: Runs, kept: Runs, place: number, index: RunIndex): number[] {
  const gone = new Map([...own].flatMap(([run, count]) => (count > (kept.get(run) ?? 0) ? [[run, count - (kept.get(run) ?? 0)] as const] : [])))
  const size = sizeOf(gone)
  if (size < LEAST_MOVED_AWAY) return []
  return [...sharedWith(gone, index)].flatMap(([other, shared]) => (other !== place && shared >= size * MOVED_AWAY_FROM ? [other] : []))
}

/** One present clause is what became of one former one; of several, unless it holds them whole, somebody has to say. */
function settleRivals(left: readonly FormerClause[], fates: Map<string, Fate>): void {
  const claims = new Map<string, string[]>()
  for (const { key } of left) {
    const fate = fates.get(key)
    if (fate?.fate === 'changed') claims.set(fate.clause, [...(claims.get(fate.clause) ?? []), key])
  }
  for (const [clause, keys] of claims) {
    if (keys.length < 2) continue
    const texts = left.filter(({ key }) => keys.includes(key)).map(({ text }) => bareText(text ?? ''))
    // Clauses that were joined have little in common; of two that are nearly the same one is gone.
    const isJoined = texts.every((text, place) => texts.every((other, at) => at === place || alike(text, other) < NEAR_FROM))
    if (!isJoined) for (const key of keys) fates.set(key, { fate: 'near', clauses: [clause] })
  }
}

/** How alike two texts are, 0..1. */
export function alike(left: string, right: string): number {
  const [own, other] = [runsOf(left), runsOf(right)]
  const shared = [...own].reduce((sum, [run, count]) => sum + Math.min(count, other.get(run) ?? 0), 0)
  return (2 * shared) / (sizeOf(own) + sizeOf(other))
}
