import type { KnowledgeDocument } from '../../../domain/answers.ts'
import { printOf } from './clause-print.ts'
import { followClauses, type Fate, type FormerClause } from './follow-clauses.ts'

/** Something kept that is tied to a clause; `print` null = written before there were fingerprints, the number counts. */
export interface Tie {
  documentId: string
  clause: string | null
  print?: string | null | undefined
}

/** A document as it was, for ties whose words are no more. */
export interface FormerDocument {
  documentId: string
  clauses: readonly FormerClause[]
}

/** Follows what is kept in the store to the clauses as they are. */
export class RowFollower {
  readonly #documents: ReadonlyMap<string, KnowledgeDocument>
  readonly #former: readonly FormerDocument[]
  readonly #clauses = new Map<string, Map<string, string[]>>()
  readonly #fates = new Map<FormerDocument, Map<string, Map<string, Fate>>>()

  /** @param former newest first */
  constructor(documents: readonly KnowledgeDocument[], former: readonly FormerDocument[]) {
    this.#documents = new Map(documents.map((document) => [document.id, document]))
    this.#former = former
  }

  /** Where the words that something was tied to are now. */
  follow({ documentId, clause, print }: Tie): Fate {
    const document = this.#documents.get(documentId)
    if (document === undefined || clause === null) return { fate: 'lost' }
    if (print == null) return document.passages.some((passage) => passage.clause === clause) ? { fate: 'same', clause } : { fate: 'lost' }
    const same = this.#byPrint(document).get(print) ?? []
    if (same.length > 0) return { fate: 'same', clause: same.includes(clause) ? clause : (same[0] ?? clause) }
    const former = this.#formerOf({ documentId, print })
    const key = former?.clauses.find((kept) => kept.print === print)?.key
    return former === undefined || key === undefined ? { fate: 'lost' } : (this.#fatesOf(former, document).get(key) ?? { fate: 'lost' })
  }

  /** What a clause said, as far as it is known. */
  wordsOf(tie: Tie): string | null {
    return this.#formerOf(tie)?.clauses.find((kept) => kept.print === tie.print)?.text ?? null
  }

  /** What holds the words that something was tied to: the document itself as it was, else the one that it took the place of. */
  #formerOf({ documentId, print }: Pick<Tie, 'documentId' | 'print'>): FormerDocument | undefined {
    const holds = ({ clauses }: FormerDocument) => clauses.some((kept) => kept.print === print)
    return this.#former.find((one) => one.documentId === documentId && holds(one)) ?? this.#former.find(holds)
  }

  #byPrint(document: KnowledgeDocument): Map<string, string[]> {
    const known = this.#clauses.get(document.id)
    if (known !== undefined) return known
    const byPrint = new Map<string, string[]>()
    for (const passage of document.passages) byPrint.set(printOf(passage), [...(byPrint.get(printOf(passage)) ?? []), passage.clause])
    this.#clauses.set(document.id, byPrint)
    return byPrint
  }

  #fatesOf(former: FormerDocument, document: KnowledgeDocument): Map<string, Fate> {
    const of = this.#fates.get(former) ?? new Map<string, Map<string, Fate>>()
    const known = of.get(document.id) ?? followClauses(former.clauses, document.passages)
    this.#fates.set(former, of.set(document.id, known))
    return known
  }
}

/** Ids of the documents whose history is needed to follow these ties: those of ties whose words are no more, and what these documents took the place of. */
export function neededHistories(documents: readonly KnowledgeDocument[], ties: readonly Tie[]): string[] {
  const prints = new Map(documents.map(({ id, passages }) => [id, new Set(passages.map(printOf))]))
  const moved = new Set(ties.flatMap(({ documentId, clause, print }) => (clause === null || print == null || prints.get(documentId)?.has(print) === true ? [] : [documentId])))
  return [...moved, ...documents.flatMap(({ id, supersededById }) => (supersededById !== undefined && moved.has(supersededById) && !moved.has(id) ? [id] : []))]
}

/** The clause that stands for what something was tied to; null where somebody has to say. */
export const clauseOfFate = (fate: Fate): string | null => (fate.fate === 'same' || fate.fate === 'changed' ? fate.clause : null)
