import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { KnowledgeDocument } from '../../domain/answers.ts'
import { printOf } from '../../knowledge/documents/identity/clause-print.ts'
import { LOCK_ENDING } from '../../knowledge/documents/identity/lock-file.ts'
import { findLikenesses } from '../../knowledge/documents/identity/recognise.ts'
import { markSuperseded } from '../../knowledge/documents/import/document-file.ts'
import { changeFolder, exists, type FolderChange } from '../../knowledge/documents/import/folder.ts'
import { readDocument } from '../../knowledge/documents/load-document.ts'
import type { HeldQuestion } from '../../knowledge/documents/load-questions.ts'
import type { Knowledge } from '../../knowledge/documents/load.ts'
import { fillPrints, keepVersion, listNewestVersions, listVersions, readVersion, type NewVersion, type VersionAction } from '../../store/knowledge/document-versions.ts'
import type { Store } from '../../store/engine/store.ts'
import type { Actor } from '../actor.ts'

/** What the operations on documents stand on. */
export interface LibraryServices {
  store: Store
  now: () => Date
  /** The knowledge folder. */
  directory: string
  /** As it was read last. */
  knowledge: () => Knowledge
  /** Makes what was written count; resolves when it does. */
  look: () => Promise<void>
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

/** Who changed what nobody changed through the program. */
export const BY_HAND = '文件夹'

const filePrint = (markdown: string): string => createHash('sha256').update(markdown).digest('hex').slice(0, 10)
const keptClauses = ({ passages }: Pick<KnowledgeDocument, 'passages'>) => passages.map((passage) => ({ key: passage.clause, print: printOf(passage), text: passage.text }))

/**
 * Notes what the folder holds, where that is not what was noted last: somebody has changed it by hand. To be told at the start and at every change,
 * before what is tied to clauses is followed.
 */
export async function noteFolder({ store, now }: Pick<LibraryServices, 'store' | 'now'>, { documents, files }: Knowledge): Promise<void> {
  await fillPrints(store, documents.flatMap(({ id, passages }) => passages.map((passage) => ({ documentId: id, clause: passage.clause, print: printOf(passage) }))))
  const newest = new Map((await listNewestVersions(store)).map((version) => [version.documentId, version]))
  const found: NewVersion[] = documents.flatMap((document) => {
    const markdown = files.get(document.id)?.text ?? ''
    const before = newest.get(document.id)
    if (markdown === '' || before?.print === filePrint(markdown)) return []
    return [versionOf(document, markdown, { by: BY_HAND, action: before === undefined || before.action === 'removed' ? 'found' : 'changed', now: now() })]
  })
  const gone = [...newest.values()].filter(({ documentId, action }) => action !== 'removed' && !documents.some(({ id }) => id === documentId))
  const removed = gone.map(({ documentId, title }): NewVersion => ({ documentId, title, print: '', markdown: '', clauses: [], by: BY_HAND, action: 'removed', now: now() }))
  if (found.length + removed.length === 0) return
  await store.write(async (transaction) => {
    for (const version of [...found, ...removed]) await keepVersion(transaction, version)
  })
}

const versionOf = (document: KnowledgeDocument, markdown: string, done: { by: string; action: VersionAction; now: Date }): NewVersion => ({ documentId: document.id, title: document.title, print: filePrint(markdown), markdown, clauses: keptClauses(document), ...done })

/** Writes a document that was imported; those that it supersedes are marked, and their questions go with their words into it. */
export async function addDocument(services: LibraryServices, actor: Actor, added: { document: KnowledgeDocument; markdown: string; supersedes: readonly string[] }): Promise<LibraryResult> {
  const { document, markdown } = added
  const known = services.knowledge()
  const older = known.documents.filter(({ id }) => added.supersedes.includes(id) && id !== document.id)
  const present = known.files.get(document.id)
  const changes: FolderChange[] = [{ file: present?.file ?? `documents/${document.id}.md`, text: markdown }]
  const versions = [versionOf(document, markdown, { by: actor.user, action: present === undefined ? 'added' : 'changed', now: services.now() })]
  for (const one of older) {
    const file = known.files.get(one.id)
    if (file === undefined) continue
    const text = markSuperseded(file.text, document.title)
    changes.push({ file: file.file, text })
    versions.push(versionOf(one, text, { by: actor.user, action: 'superseded', now: services.now() }))
  }
  // Of another version the questions go with their words; what is only repealed says something else.
  const version = present === undefined ? findLikenesses(document, older).find(({ kind }) => kind !== 'title') : undefined
  if (version !== undefined) changes.push(...(await questionsFor(services.directory, version.other.id, document.id)))
  return change(services, document.id, changes, versions)
}

/** The files of questions and gaps of one document as those of another: with the lock, every question finds its words there, or is held. */
async function questionsFor(directory: string, from: string, to: string): Promise<FolderChange[]> {
  const ofFrom = await besidesOf(directory, from)
  if (!Object.keys(ofFrom).some((file) => file.endsWith(LOCK_ENDING))) return []
  return Object.entries(ofFrom).map(([file, text]) => ({ file: `${path.dirname(file)}/${path.basename(file).replace(from, to)}`, text }))
}

/** The files that hang on a document, by their path. */
async function besidesOf(directory: string, id: string): Promise<Record<string, string>> {
  const names = [`questions/${id}.yaml`, `questions/${id}.yml`, `questions/${id}${LOCK_ENDING}`, `gaps/${id}.yaml`, `gaps/${id}.yml`]
  const there: Record<string, string> = {}
  for (const name of names) if (await exists(path.join(directory, name))) there[name] = await readFile(path.join(directory, name), 'utf8')
  return there
}

/** Takes a document away, with its questions and gaps; all of it can be brought back. */
export async function removeDocument(services: LibraryServices, actor: Actor, id: string): Promise<LibraryResult> {
  const known = services.knowledge()
  const document = known.documents.find((one) => one.id === id)
  const file = known.files.get(id)
  if (document === undefined || file === undefined) return { outcome: 'not_found' }
  const besides = await besidesOf(services.directory, id)
  const version: NewVersion = { documentId: id, title: document.title, print: '', markdown: '', clauses: [], besides, by: actor.user, action: 'removed', now: services.now() }
  return change(services, id, [...Object.keys(besides), file.file].map((one) => ({ file: one, text: null })), [version])
}

/** Says that one document takes the place of another: what is superseded answers no more. */
export async function supersedeDocument(services: LibraryServices, actor: Actor, { older, newer }: { older: string; newer: string }): Promise<LibraryResult> {
  const { documents, files } = services.knowledge()
  const [document, by, file] = [documents.find(({ id }) => id === older), documents.find(({ id }) => id === newer), files.get(older)]
  if (document === undefined || by === undefined || file === undefined) return { outcome: 'not_found' }
  if (older === newer) return { outcome: 'refused', reason: '一份文件不能代替它自己。' }
  const text = markSuperseded(file.text, by.title)
  return change(services, older, [{ file: file.file, text }], [versionOf(document, text, { by: actor.user, action: 'superseded', now: services.now() })])
}

/**
 * Brings a document back to what it was: to a version, or to the one before. One that was only just added goes again, and those that it superseded count
 * again. Questions follow their words.
 */
export async function undoDocument(services: LibraryServices, actor: Actor, { documentId, to }: { documentId: string; to?: string }): Promise<LibraryResult> {
  const versions = await listVersions(services.store, documentId)
  const [newest, before] = versions
  const chosen = to === undefined ? before : versions.find(({ id }) => id === to)
  if (newest === undefined || (to !== undefined && chosen === undefined)) return { outcome: 'not_found' }
  const { files, documents } = services.knowledge()
  const changes: FolderChange[] = []
  const kept: NewVersion[] = []
  const done = { by: actor.user, action: 'undone' as const, now: services.now() }
  const text = chosen === undefined || chosen.action === 'removed' ? null : await readVersion(services.store, chosen.id)
  if (text === null) {
    if (newest.action === 'found') return { outcome: 'refused', reason: '这份文件只有这一版，没有更早的可以恢复。' }
    const besides = await besidesOf(services.directory, documentId)
    changes.push(...[...Object.keys(besides), files.get(documentId)?.file ?? ''].filter((file) => file !== '').map((file) => ({ file, text: null })))
    kept.push({ documentId, title: newest.title, print: '', markdown: '', clauses: [], besides, by: actor.user, action: 'removed', now: services.now() })
    for (const document of documents.filter(({ supersededBy }) => supersededBy === newest.title)) {
      const file = files.get(document.id)
      const unmarked = file?.text.replace(/^superseded_by:.*\n/m, '')
      if (file === undefined || unmarked === undefined) continue
      changes.push({ file: file.file, text: unmarked })
      kept.push(versionOf(document, unmarked, done))
    }
  } else {
    const read = readDocument({ name: '', text: text.markdown, problems: [] })
    if (read === null) return { outcome: 'refused', reason: '这一版读不出来了。' }
    const gone = newest.action === 'removed' ? ((await readVersion(services.store, newest.id))?.besides ?? {}) : {}
    changes.push({ file: files.get(documentId)?.file ?? `documents/${documentId}.md`, text: text.markdown }, ...Object.entries(gone).map(([file, own]) => ({ file, text: own })))
    kept.push(versionOf(read.document, text.markdown, done))
  }
  return change(services, documentId, changes, kept)
}

async function change(services: LibraryServices, documentId: string, changes: readonly FolderChange[], versions: readonly NewVersion[]): Promise<LibraryResult> {
  const result = await changeFolder(services.directory, changes)
  if (result.outcome === 'refused') return result
  await services.store.write(async (transaction) => {
    for (const version of versions) await keepVersion(transaction, version)
  })
  await services.look()
  return { outcome: 'changed', documentId }
}
