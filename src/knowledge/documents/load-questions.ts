import { basename } from 'node:path'
import { z } from 'zod'
import type { KnowledgeDocument, KnownGap } from '../../domain/answers.ts'
import { bareQuestion } from './identity/clause-print.ts'
import { LOCK_ENDING, readLock, type Lock, type LockedClause } from './identity/lock-file.ts'
import { QuestionPlaces } from './identity/place-questions.ts'
import { addProblem, parseYaml, type Located, type SourceFile } from './load-file.ts'

/** A question or gap that is not used until staff have said which clause it belongs to. */
export interface HeldQuestion {
  documentId: string
  question: string
  isGap: boolean
  /** Under which key it stands in its file. */
  key: string
  /** What the clause said for which it was written; null = that is not known. */
  text: string | null
  /** Clauses that it may belong to now, likeliest first. */
  near: readonly string[]
  /** Of the row in the store, where staff added it; absent = it stands in a file. */
  row?: string
}

export interface KnownDocuments {
  /** False when a file was left out or has faults: what seems to be missing may stand in it. */
  readonly isComplete: boolean
  find(id: string): KnowledgeDocument | null
}

/** The key of a gaps file under which gaps without a near clause stand. */
export const NO_CLAUSE = '无'

/** Clause number -> questions. YAML reads a bare 13 as a number; as a key both are the text "13". */
const QuestionsByClause = z.record(z.string(), z.array(z.string().trim().min(2).max(200)).min(1))

interface ReadFile {
  source: SourceFile
  document: KnowledgeDocument
  parsed: Located<Record<string, string[]>>
  isGaps: boolean
}

/** The files of questions and gaps, read one by one and then placed together: what a number means follows from all of them. */
export class QuestionFiles {
  readonly #documents: KnownDocuments
  readonly #locks = new Map<string, Lock>()
  readonly #files: ReadFile[] = []
  readonly #asked = new QuestionRegister()
  readonly #held: HeldQuestion[] = []
  readonly #gaps: KnownGap[] = []

  constructor(documents: KnownDocuments) {
    this.#documents = documents
  }

  /** One that belongs to no document is of no use, and no fault: it outlives what was removed. */
  addLock(source: SourceFile): void {
    const lock = readLock(source)
    if (lock !== null) this.#locks.set(basename(source.name).slice(0, -LOCK_ENDING.length), lock)
  }

  addQuestions(source: SourceFile): void {
    this.#add(source, false)
  }

  addGaps(source: SourceFile): void {
    this.#add(source, true)
  }

  /** Puts every question to its clause. What is wrong is added to the files' problems. */
  place(): { gaps: KnownGap[]; held: HeldQuestion[] } {
    const places = new Map<KnowledgeDocument, QuestionPlaces>()
    for (const { document, parsed } of this.#files) {
      const own = places.get(document) ?? new QuestionPlaces(document.passages, this.#locks.get(document.id) ?? null)
      places.set(document, own)
      for (const [key, questions] of Object.entries(parsed.value)) for (const question of questions) own.see(key, question)
    }
    for (const file of this.#files) {
      const own = places.get(file.document)
      if (own !== undefined) this.#placeFile(file, own)
    }
    return { gaps: this.#gaps, held: this.#held }
  }

  #add(source: SourceFile, isGaps: boolean): void {
    const document = documentOf(source, this.#documents)
    if (source.text === '') return
    const parsed = parseYaml(source, QuestionsByClause)
    if (document !== null && parsed !== null) this.#files.push({ source, document, parsed, isGaps })
  }

  #placeFile({ source, document, parsed, isGaps }: ReadFile, places: QuestionPlaces): void {
    for (const [key, questions] of Object.entries(parsed.value)) {
      for (const [index, question] of questions.entries()) {
        const placed = isGaps && key === NO_CLAUSE ? 'none' : places.place(key, question)
        if (placed === null) {
          if (index === 0 && this.#documents.isComplete) addProblem(source, parsed.lineOf([key]), `${key}: ${document.id} 里没有这一条 / no such clause in ${document.id}`)
          continue
        }
        const line = parsed.lineOf([key, index])
        const earlier = this.#asked.note(document.id, question, `${source.name}:${line}`)
        if (earlier !== null) addProblem(source, line, `${key}: “${question}”重复，${earlier} 已有 / the same question is already there`)
        else if (placed === 'none') this.#gaps.push({ documentId: document.id, clause: null, question })
        else if (placed.clause === null) this.#hold({ document, key, question, isGap: isGaps }, placed)
        else if (isGaps) this.#gaps.push({ documentId: document.id, clause: placed.clause, question })
        else document.passages.find(({ clause }) => clause === placed.clause)?.typicalQuestions.push(question)
      }
    }
  }

  /** A gap is a question that the document did not answer, wherever its clause is: it stays one, without a clause. */
  #hold({ document, ...question }: { document: KnowledgeDocument; key: string; question: string; isGap: boolean }, { former, near }: { former: LockedClause | null; near: readonly string[] }): void {
    this.#held.push({ ...question, documentId: document.id, text: former?.text ?? null, near })
    if (question.isGap) this.#gaps.push({ documentId: document.id, clause: null, question: question.question })
  }
}

/** Remembers where each question stands, so that none stands in two places; punctuation and blanks make no difference. */
class QuestionRegister {
  readonly #places = new Map<string, string>()

  /** The place where the document's same question already stands, or null after noting this one. */
  note(documentId: string, question: string, place: string): string | null {
    const key = `${documentId} ${bareQuestion(question) || question}`
    const earlier = this.#places.get(key)
    if (earlier === undefined) this.#places.set(key, place)
    return earlier ?? null
  }
}

function documentOf(source: SourceFile, documents: KnownDocuments): KnowledgeDocument | null {
  const id = basename(source.name).replace(/\.ya?ml$/i, '')
  const document = documents.find(id)
  if (document === null && documents.isComplete) addProblem(source, 1, `文件名要和一份文件的 id 一样，没有“${id}”这份文件 / no document has the id ${id}`)
  return document
}
