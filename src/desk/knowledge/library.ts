import path from 'node:path'
import { LOCK_ENDING } from '../../knowledge/documents/identity/lock-file.ts'
import { printOf } from '../../knowledge/documents/identity/clause-print.ts'
import { findLikenesses } from '../../knowledge/documents/identity/recognise.ts'
import type { FolderChange } from '../../knowledge/documents/import/folder.ts'
import type { Knowledge } from '../../knowledge/documents/load.ts'
import type { KnowledgeDocument } from '../../domain/answers.ts'
import { fillPrints, keepVersion, listNewestVersions, type NewVersion } from '../../store/knowledge/document-versions.ts'
import type { Actor } from '../actor.ts'
import { addMarks, besidesOf, changeLibrary, filePrint, versionOf, type LibraryChange, type LibraryResult, type LibraryServices } from './library-change.ts'
import { moveRows } from './move-rows.ts'

/** Who changed what nobody changed through the program. */
export const BY_HAND = '文件夹'

/**
 * Notes what the folder holds, where that is not what was noted last: somebody has changed it by hand. To be told what was just read, at the start and at
 * every change, before what is tied to clauses is followed.
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

/** Writes a document that was imported; those that it supersedes are marked, and their questions go with their words into it. */
export function addDocument(services: LibraryServices, actor: Actor, added: { document: KnowledgeDocument; markdown: string; supersedes: readonly string[] }): Promise<LibraryResult> {
  const { document, markdown } = added
  return changeLibrary(services, async (known) => {
    const older = known.documents.filter(({ id }) => added.supersedes.includes(id) && id !== document.id)
    const present = known.files.get(document.id)
    const done = { by: actor.user, now: services.now() }
    const change: LibraryChange = { documentId: document.id, changes: [{ file: present?.file ?? `documents/${document.id}.md`, text: markdown }], versions: [versionOf(document, markdown, { ...done, action: present === undefined ? 'added' : 'changed' })], alsoIn: [] }
    addMarks(change, known, older, document.id, { ...done, action: 'superseded' })
    // Of another version the questions go with their words; what is only repealed says something else.
    const versions = findLikenesses(document, older).filter(({ kind }) => kind !== 'title')
    const [version] = versions
    if (version !== undefined && present === undefined) change.changes.push(...(await questionsFor(services.directory, version.other.id, document.id)))
    for (const { other } of versions) change.alsoIn.push(await moveRows(services.store, other, document, { isAll: true }))
    return change
  })
}

/** The files of questions and gaps of one document as those of another: with the lock, every question finds its words there, or is held. */
async function questionsFor(directory: string, from: string, to: string): Promise<FolderChange[]> {
  const ofFrom = await besidesOf(directory, from)
  if (!Object.keys(ofFrom).some((file) => file.endsWith(LOCK_ENDING))) return []
  return Object.entries(ofFrom).map(([file, text]) => ({ file: `${path.dirname(file)}/${path.basename(file).replace(from, to)}`, text }))
}

/** Takes a document away, with its questions and gaps, and what it superseded counts again; all of it can be brought back. */
export function removeDocument(services: LibraryServices, actor: Actor, id: string): Promise<LibraryResult> {
  return changeLibrary(services, async (known) => {
    const document = known.documents.find((one) => one.id === id)
    return document === undefined ? { outcome: 'not_found' } : planRemoval(services, actor, known, document)
  })
}

/** What stands beside the files of a removed document in its version: this and the id of a document that counts again. */
export const WAS_SUPERSEDED = 'superseded:'

export async function planRemoval({ store, directory, now }: LibraryServices, actor: Actor, known: Knowledge, document: KnowledgeDocument): Promise<LibraryChange> {
  const { id, title } = document
  const besides = await besidesOf(directory, id)
  const freed = known.documents.filter(({ supersededById }) => supersededById === id)
  const file = known.files.get(id)?.file ?? `documents/${id}.md`
  const kept = { ...besides, ...Object.fromEntries(freed.map((one) => [`${WAS_SUPERSEDED}${one.id}`, ''])) }
  const change: LibraryChange = {
    documentId: id,
    changes: [...Object.keys(besides), file].map((one) => ({ file: one, text: null })),
    versions: [{ documentId: id, title, print: '', markdown: '', clauses: [], besides: kept, by: actor.user, action: 'removed', now: now() }],
    alsoIn: [],
  }
  addMarks(change, known, freed, null, { by: actor.user, action: 'undone', now: now() })
  for (const one of freed) change.alsoIn.push(await moveRows(store, document, one, { isAll: false }))
  return change
}

/** Says that one document takes the place of another: what is superseded answers no more. */
export function supersedeDocument(services: LibraryServices, actor: Actor, { older, newer }: { older: string; newer: string }): Promise<LibraryResult> {
  return changeLibrary(services, (known) => {
    const [document, by] = [known.documents.find(({ id }) => id === older), known.documents.find(({ id }) => id === newer)]
    if (document === undefined || by === undefined) return Promise.resolve({ outcome: 'not_found' })
    if (older === newer) return Promise.resolve({ outcome: 'refused', reason: '一份文件不能代替它自己。' })
    if (by.supersededById === older) return Promise.resolve({ outcome: 'refused', reason: `《${by.title}》已经由《${document.title}》代替了，不能反过来。` })
    const change: LibraryChange = { documentId: older, changes: [], versions: [], alsoIn: [] }
    addMarks(change, known, [document], newer, { by: actor.user, action: 'superseded', now: services.now() })
    return Promise.resolve(change)
  })
}
