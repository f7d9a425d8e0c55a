import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { KnowledgeDocument } from '../../domain/answers.ts'
import { printOf } from '../../knowledge/documents/identity/clause-print.ts'
import { LOCK_ENDING } from '../../knowledge/documents/identity/lock-file.ts'
import { markSuperseded, unmarkSuperseded } from '../../knowledge/documents/import/document-file.ts'
import { changeFolder, exists, type FolderChange } from '../../knowledge/documents/import/folder.ts'
import type { HeldQuestion } from '../../knowledge/documents/load-questions.ts'
import type { Knowledge } from '../../knowledge/documents/load.ts'
import { oneAtATime } from '../../knowledge/documents/one-at-a-time.ts'
import { aloneAmong } from '../../store/engine/others.ts'
import { keepVersion, type NewVersion, type VersionAction } from '../../store/knowledge/document-versions.ts'
import type { Store, Transaction } from '../../store/engine/store.ts'

/** What the operations on documents stand on. */
export interface LibraryServices {
  store: Store
  now: () => Date
  /** The knowledge folder. */
  directory: string
  /** As it was read last. */
  knowledge: () => Knowledge
  /** Reads the folder again where somebody changed it; resolves when `knowledge` is what stands there. */
  read: () => Promise<void>
  /** Makes what was written count; resolves when it does. */
  look: () => Promise<void>
  /** Why what stands in the folder does not count; null when it does. */
  problem: () => string | null
}

/** The same with what is not used until staff have said where it belongs. */
export interface Library extends LibraryServices {
  held: () => readonly HeldQuestion[]
}

export type LibraryResult =
  | { outcome: 'changed'; documentId: string }
  | { outcome: 'not_found' }
  /** In a sentence, or what is wrong in the folder then; nothing was written. */
  | { outcome: 'refused'; reason: string }
  /** It was written and kept, but nothing is answered from it yet; the reason says why. */
  | { outcome: 'not_used'; reason: string }

/** What one operation writes: files, versions, and what else in the store belongs to it. */
export interface LibraryChange {
  documentId: string
  changes: FolderChange[]
  versions: NewVersion[]
  alsoIn: ((transaction: Transaction) => Promise<void>)[]
}

type Planned = LibraryChange | Extract<LibraryResult, { outcome: 'not_found' | 'refused' }>

/** Held by whoever changes the folder, of all processes that share it. */
export const KNOWLEDGE_FOLDER = 'knowledge-folder'

/**
 * One change of the library at a time, from reading what is there to making it count: of two that are asked for together the second finds what the first
 * has made. Files, versions and rows are written all or not at all.
 * @throws when disk or store doesn't take it; then the files are as they were
 */
export function changeLibrary(services: LibraryServices, plan: (known: Knowledge) => Promise<Planned>): Promise<LibraryResult> {
  const { directory, store } = services
  return oneAtATime(directory, () => aloneAmong(store.others, KNOWLEDGE_FOLDER, async () => {
    await services.read()
    const planned = await plan(services.knowledge())
    if ('outcome' in planned) return planned
    const { documentId, changes, versions, alsoIn } = planned
    const result = await changeFolder(directory, changes, () =>
      store.write(async (transaction) => {
        for (const version of versions) await keepVersion(transaction, version)
        for (const job of alsoIn) await job(transaction)
      }),
    )
    if (result.outcome === 'refused') return result
    await services.look()
    const problem = services.problem()
    return problem === null ? { outcome: 'changed', documentId } : { outcome: 'not_used', reason: `已经写进文件夹了，可是助手现在还用不上：${problem}` }
  }))
}

const ACTIONS: Record<VersionAction, string> = { found: '放进文件夹', added: '添加', changed: '改动', removed: '删除', superseded: '写明被代替', undone: '恢复' }

/** What was done to a document, as staff read it. */
export const actionName = (action: string): string => (action in ACTIONS ? ACTIONS[action as VersionAction] : action)

export interface Done {
  by: string
  action: VersionAction
  now: Date
}

export const filePrint = (markdown: string): string => createHash('sha256').update(markdown).digest('hex').slice(0, 10)

export const keptClauses = ({ passages }: Pick<KnowledgeDocument, 'passages'>) => passages.map((passage) => ({ key: passage.clause, print: printOf(passage), text: passage.text }))

export const versionOf = (document: KnowledgeDocument, markdown: string, done: Done): NewVersion => ({ documentId: document.id, title: document.title, print: filePrint(markdown), markdown, clauses: keptClauses(document), ...done })

/** The files that hang on a document, by their path. */
export async function besidesOf(directory: string, id: string): Promise<Record<string, string>> {
  const names = [`questions/${id}.yaml`, `questions/${id}.yml`, `questions/${id}${LOCK_ENDING}`, `gaps/${id}.yaml`, `gaps/${id}.yml`]
  const there: Record<string, string> = {}
  for (const name of names) if (await exists(path.join(directory, name))) there[name] = await readFile(path.join(directory, name), 'utf8')
  return there
}

/** Adds to a change that documents say what takes their place; `by` null = nothing does any more. */
export function addMarks(change: LibraryChange, known: Knowledge, documents: readonly KnowledgeDocument[], by: string | null, done: Done): void {
  for (const document of documents) {
    const file = known.files.get(document.id)
    if (file === undefined) continue
    const text = by === null ? unmarkSuperseded(file.text) : markSuperseded(file.text, by)
    change.changes.push({ file: file.file, text })
    change.versions.push(versionOf(document, text, done))
  }
}
