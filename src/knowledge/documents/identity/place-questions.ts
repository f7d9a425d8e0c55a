import type { Passage } from '../../../domain/answers.ts'
import { printOf, questionPrint } from './clause-print.ts'
import { followClauses, type Fate } from './follow-clauses.ts'
import { FORMER, UNSURE, type Lock, type LockedClause } from './lock-file.ts'

/** Where a question belongs now: to a clause, or to none for the time being; null = there is no such clause, nor was there. */
export type Placed = { clause: string; former: null } | { clause: null; former: LockedClause | null; near: readonly string[] } | null

/**
 * What the keys of a document's questions and gaps mean. They are numbers of the text as it was when the lock was written, unless somebody has set
 * them anew by hand since; where that is not certain the question is held, and staff say.
 */
export class QuestionPlaces {
  readonly #passages: ReadonlyMap<string, Passage>
  readonly #lock: ReadonlyMap<string, LockedClause>
  readonly #fates: ReadonlyMap<string, Fate>
  readonly #homes = new Map<string, LockedClause>()
  #isNumberedAnew = false

  /** @param lock null = none was written yet: the numbers are those of the text as it is */
  constructor(passages: readonly Passage[], lock: Lock | null) {
    this.#passages = new Map(passages.map((passage) => [passage.clause, passage]))
    this.#lock = new Map((lock ?? []).map((locked) => [locked.key, locked]))
    this.#fates = followClauses(lock ?? [], passages)
    for (const locked of lock ?? []) for (const print of locked.asked) this.#homes.set(print, locked)
  }

  /** To be told of every question before any is placed: one that stands at its clause's new number says that all numbers are new. */
  see(key: string, question: string): void {
    const home = this.#homes.get(questionPrint(question))
    if (home !== undefined && home.key !== key && this.#clauseOf(home) === key) this.#isNumberedAnew = true
  }

  place(key: string, question: string): Placed {
    const home = this.#homes.get(questionPrint(question))
    const locked = this.#lock.get(key)
    if (home?.key === key) return this.#follow(home)
    if (key === UNSURE) return { clause: null, former: null, near: [] }
    if (key.startsWith(FORMER)) return locked === undefined ? { clause: null, former: null, near: [] } : this.#follow(locked)
    const isThere = this.#passages.has(key)
    if (locked === undefined) return isThere && (this.#lock.size === 0 || this.#isNumberedAnew || this.#isUnchanged()) ? { clause: key, former: null } : isThere ? { clause: null, former: null, near: [key] } : null
    if (!isThere) return this.#follow(locked)
    const followed = this.#clauseOf(locked)
    if (followed === key || this.#isNumberedAnew) return { clause: key, former: null }
    return { clause: null, former: null, near: followed === null ? [key] : [key, followed] }
  }

  /** What became of each clause that the lock names and that has questions. */
  followed(): { from: string; fate: Fate }[] {
    return [...this.#lock.values()].flatMap(({ key, asked }) => (asked.size === 0 ? [] : [{ from: key, fate: this.#fates.get(key) ?? { fate: 'lost' as const } }]))
  }

  #isUnchanged(): boolean {
    const former = [...this.#lock.values()].filter(({ key }) => !key.startsWith(FORMER))
    return former.length === this.#passages.size && former.every(({ key, print }) => print === printOf(this.#passages.get(key) ?? { text: '' }))
  }

  #clauseOf({ key }: LockedClause): string | null {
    const fate = this.#fates.get(key)
    return fate?.fate === 'same' || fate?.fate === 'changed' ? fate.clause : null
  }

  #follow(locked: LockedClause): NonNullable<Placed> {
    const fate = this.#fates.get(locked.key) ?? { fate: 'lost' }
    switch (fate.fate) {
      case 'same':
      case 'changed':
        return { clause: fate.clause, former: null }
      case 'near':
        return { clause: null, former: locked, near: fate.clauses }
      case 'lost':
        return { clause: null, former: locked, near: [] }
      default:
        return fate satisfies never
    }
  }
}
