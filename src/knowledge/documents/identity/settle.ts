import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { isMap, isPair, isScalar, isSeq, parseDocument, Scalar, type Pair, type YAMLSeq } from 'yaml'
import type { KnowledgeDocument, KnownGap, Passage } from '../../../domain/answers.ts'
import { writeFileWhole } from '../import/document-file.ts'
import { readSource } from '../load-file.ts'
import { FORMER, LOCK_ENDING, lockClause, readLock, UNSURE, writeLock, type Lock, type LockedClause } from './lock-file.ts'
import { questionPrint } from './clause-print.ts'
import { QuestionPlaces } from './place-questions.ts'

/** A file below the knowledge folder whose text should be another. */
export interface SettledFile {
  file: string
  text: string
  /** As it was read; '' = there was none. */
  was: string
}

/** What was read from the folder, with its questions where they belong. */
export interface TiedKnowledge {
  documents: readonly KnowledgeDocument[]
  gaps: readonly KnownGap[]
  held: readonly { documentId: string }[]
}

/**
 * What would have to be written so that the numbers of questions and gaps are those of the documents as they are: keys are set anew, what has no
 * clause any more stands under 旧13, and the lock says of which text all of it is. Comments and order stay. Nothing when all is as it should be.
 */
async function planSettling(directory: string, knowledge: TiedKnowledge): Promise<SettledFile[]> {
  const names = await Promise.all(['questions', 'gaps'].map(async (folder) => (await readdir(path.join(directory, folder)).catch(() => [])).map((name) => `${folder}/${name}`)))
  const there = new Set(names.flat())
  const settled: SettledFile[][] = []
  for (const document of knowledge.documents) if (!(await isSettled(directory, document, knowledge))) settled.push(await settleDocument(directory, document, there))
  return settled.flat()
}

/** Whether the lock says just what was read: then nothing has to be parsed again. */
async function isSettled(directory: string, { id, passages }: KnowledgeDocument, { gaps, held }: TiedKnowledge): Promise<boolean> {
  const ofClause = new Map<string, string[]>()
  for (const gap of gaps) if (gap.documentId === id && gap.clause !== null) ofClause.set(gap.clause, [...(ofClause.get(gap.clause) ?? []), gap.question])
  if (held.some(({ documentId }) => documentId === id) || (ofClause.size === 0 && passages.every(({ typicalQuestions }) => typicalQuestions.length === 0))) return false
  const lock = passages.map((passage) => lockClause(passage.clause, passage, [...passage.typicalQuestions, ...(ofClause.get(passage.clause) ?? [])]))
  const text = await readFile(path.join(directory, `questions/${id}${LOCK_ENDING}`), 'utf8').catch(() => '')
  return text === writeLock(lock)
}

/**
 * Writes that, the locks last: questions at the new numbers of their clauses are understood with the old lock, and not the other way round. A file that
 * somebody has changed meanwhile is left for the next time.
 * @returns the files that were written
 * @throws when the disk doesn't take it
 */
export async function settleFolder(directory: string, knowledge: TiedKnowledge): Promise<string[]> {
  const isLock = ({ file }: SettledFile) => file.endsWith(LOCK_ENDING)
  const plan = await planSettling(directory, knowledge)
  for (const { file, text, was } of [...plan.filter((one) => !isLock(one)), ...plan.filter(isLock)]) {
    const now = await readFile(path.join(directory, file), 'utf8').catch(() => '')
    if (comparable(now) !== comparable(was)) return []
    await writeFileWhole(path.join(directory, file), text)
  }
  return plan.map(({ file }) => file)
}

const comparable = (text: string): string => text.replace(/^\ufeff/, '').replaceAll(/\r\n?/g, '\n')

async function settleDocument(directory: string, { id, passages }: KnowledgeDocument, there: ReadonlySet<string>): Promise<SettledFile[]> {
  const files = ['questions', 'gaps'].flatMap((folder) => [`${folder}/${id}.yaml`, `${folder}/${id}.yml`]).filter((file) => there.has(file))
  if (files.length === 0) return []
  const lockFile = `questions/${id}${LOCK_ENDING}`
  const lockText = there.has(lockFile) ? await readFile(path.join(directory, lockFile), 'utf8') : ''
  const lock = lockText === '' ? null : readLock({ name: lockFile, text: lockText.replaceAll('\r\n', '\n'), problems: [] })
  const texts = await Promise.all(files.map(async (file) => ({ file, text: (await readSource(path.join(directory, file))).text })))
  const keys = new KeyBook(passages, lock, texts.map(({ text }) => parseDocument(text)).map(groupsOf))
  const rewritten = texts.flatMap(({ file, text }) => {
    const renamed = renameKeys(text, keys)
    return renamed === null ? [] : [{ file, text: renamed, was: text }]
  })
  const text = writeLock(keys.toLock())
  return text === lockText ? rewritten : [...rewritten, { file: lockFile, text, was: lockText }]
}

type Groups = readonly { key: string; questions: readonly string[] }[]

function groupsOf(yaml: ReturnType<typeof parseDocument>): Groups {
  return Object.entries((yaml.toJS() ?? {}) as Record<string, string[]>).map(([key, questions]) => ({ key, questions: questions.map((question) => question.trim()) }))
}

/** Under which key every question of a document should stand, and what the lock says then. */
class KeyBook {
  readonly #passages: readonly Passage[]
  readonly #places: QuestionPlaces
  readonly #asked = new Map<string, string[]>()
  readonly #former = new Map<string, LockedClause>()
  readonly #formerKeys = new Map<LockedClause, string>()

  constructor(passages: readonly Passage[], lock: Lock | null, files: readonly Groups[]) {
    this.#passages = passages
    this.#places = new QuestionPlaces(passages, lock)
    const all = files.flat()
    for (const { key, questions } of all) for (const question of questions) this.#places.see(key, question)
    for (const locked of lock ?? []) if (locked.key.startsWith(FORMER)) this.#note(locked, locked.key)
    for (const { key, questions } of all) for (const question of questions) {
      const now = this.keyOf(key, question)
      this.#asked.set(now, [...(this.#asked.get(now) ?? []), question])
    }
  }

  keyOf(key: string, question: string): string {
    const placed = this.#places.place(key, question)
    if (placed === null) return key
    if (placed.clause !== null) return placed.clause
    if (placed.former === null) return key.startsWith(FORMER) ? key : UNSURE
    return this.#formerKeys.get(placed.former) ?? this.#name(placed.former)
  }

  toLock(): Lock {
    const clauses = this.#passages.map((passage) => lockClause(passage.clause, passage, this.#asked.get(passage.clause) ?? []))
    const former = [...this.#former].flatMap(([key, { print, text }]) => {
      const asked = this.#asked.get(key) ?? []
      return asked.length === 0 ? [] : [{ key, print, text, asked: new Set(asked.map(questionPrint)) }]
    })
    return [...clauses, ...former]
  }

  #name(locked: LockedClause): string {
    const base = `${FORMER}${locked.key}`
    let key = base
    for (let count = 2; this.#former.has(key); count += 1) key = `${base}-${count}`
    this.#note(locked, key)
    return key
  }

  #note(locked: LockedClause, key: string): void {
    this.#former.set(key, locked)
    this.#formerKeys.set(locked, key)
  }
}

/** A file's text with its questions under the keys that they should have; null when they have them. */
const renameKeys = (text: string, keys: KeyBook): string | null => rewriteKeys(text, (key, question) => keys.keyOf(key, question))

/** A file's text with some questions moved to other keys (`to` null = left out); null when none of them stands in it. Comments and order stay. */
export const moveQuestions = (text: string, where: (question: string) => { to: string | null } | null): string | null =>
  rewriteKeys(text, (key, question) => {
    const moved = where(question)
    return moved === null ? key : moved.to
  })

function rewriteKeys(text: string, keyOf: (key: string, question: string) => string | null): string | null {
  const yaml = parseDocument(text)
  const map: unknown = yaml.contents
  if (!isMap(map)) return null
  let isChanged = false
  const pairs: Pair[] = []
  const byKey = new Map<string, YAMLSeq>()
  for (const pair of (map).items) {
    if (!isPair(pair) || !isScalar(pair.key) || !isSeq(pair.value)) return null
    const key = String(pair.key.value)
    const parts = new Map<string, unknown[]>()
    for (const item of pair.value.items) {
      const now = isScalar(item) ? keyOf(key, String(item.value).trim()) : key
      if (now === null) {
        isChanged = true
        continue
      }
      parts.set(now, [...(parts.get(now) ?? []), item])
    }
    if ([...parts.keys()].some((now) => now !== key)) isChanged = true
    for (const [index, [now, items]] of [...parts].entries()) {
      const known = byKey.get(now)
      if (known !== undefined) {
        known.items.push(...items)
        continue
      }
      const list = yaml.createNode([]) as YAMLSeq
      list.items.push(...items)
      byKey.set(now, list)
      const name = new Scalar<string | number>(/^[1-9]\d*$/.test(now) ? Number(now) : now)
      if (index === 0 && pair.key.commentBefore != null) name.commentBefore = pair.key.commentBefore
      if (index === 0 && pair.key.spaceBefore === true) name.spaceBefore = true
      pairs.push(yaml.createPair(name, list))
    }
  }
  if (!isChanged) return null
  ;(map).items = pairs
  return yaml.toString({ lineWidth: 0 })
}
