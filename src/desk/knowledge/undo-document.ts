import { readDocument } from '../../knowledge/documents/load-document.ts'
import { findLikenesses } from '../../knowledge/documents/identity/recognise.ts'
import type { Store } from '../../store/engine/store.ts'
import { listVersions, readVersion, type ListedVersion } from '../../store/knowledge/document-versions.ts'
import type { Actor } from '../actor.ts'
import { addMarks, changeLibrary, versionOf, type LibraryChange, type LibraryResult, type LibraryServices } from './library-change.ts'
import { planRemoval, WAS_SUPERSEDED } from './library.ts'
import { moveRows } from './move-rows.ts'

export interface Undoing {
  documentId: string
  /** The version to go back to; absent = the one before the newest. */
  to?: string
  /** The newest version that whoever decides has seen: when there is a newer one, nothing is done. */
  seen?: string
}

/**
 * Brings a document back to what it was: to a version, or to the one before. One that was only just added goes again, and those that it superseded count
 * again; one that was removed comes back with its questions. Questions follow their words.
 */
export function undoDocument(services: LibraryServices, actor: Actor, { documentId, to, seen }: Undoing): Promise<LibraryResult> {
  return changeLibrary(services, async (known) => {
    const versions = await listVersions(services.store, documentId)
    const [newest] = versions
    const chosen = to === undefined ? versionBefore(versions) : versions.find(({ id }) => id === to)
    if (newest === undefined || (to !== undefined && chosen === undefined)) return { outcome: 'not_found' }
    if (seen !== undefined && seen !== newest.id) return { outcome: 'refused', reason: `《${newest.title}》刚才又改过了，没有再恢复。请先看看现在这一版。` }
    const text = chosen === undefined || chosen.action === 'removed' ? null : await readVersion(services.store, chosen.id)
    if (text === null) {
      const document = known.documents.find(({ id }) => id === documentId)
      if (newest.action === 'found' || document === undefined) return { outcome: 'refused', reason: '这份文件只有这一版，没有更早的可以恢复。' }
      return planRemoval(services, actor, known, document)
    }
    const read = readDocument({ name: '', text: text.markdown, problems: [] })
    if (read === null) return { outcome: 'refused', reason: '这一版读不出来了。' }
    const done = { by: actor.user, action: 'undone' as const, now: services.now() }
    const gone = await besidesOfRemoved(services.store, versions)
    const besides = Object.entries(gone).filter(([file]) => !file.startsWith(WAS_SUPERSEDED))
    const change: LibraryChange = {
      documentId,
      changes: [{ file: known.files.get(documentId)?.file ?? `documents/${documentId}.md`, text: text.markdown }, ...besides.map(([file, own]) => ({ file, text: own }))],
      versions: [versionOf(read.document, text.markdown, done)],
      alsoIn: [],
    }
    const older = known.documents.filter(({ id, supersededBy }) => `${WAS_SUPERSEDED}${id}` in gone && supersededBy === undefined)
    addMarks(change, known, older, documentId, { ...done, action: 'superseded' })
    for (const { other } of findLikenesses(read.document, older).filter(({ kind }) => kind !== 'title')) change.alsoIn.push(await moveRows(services.store, other, read.document, { isAll: true }))
    return change
  })
}

/** A document that is gone goes back to what it was last; how often it was taken away doesn't matter. */
function versionBefore(versions: readonly ListedVersion[]): ListedVersion | undefined {
  return versions[0]?.action === 'removed' ? versions.find(({ action }) => action !== 'removed') : versions[1]
}

/** What went with a document that is gone; {} when it is there. */
async function besidesOfRemoved(store: Store, versions: readonly ListedVersion[]): Promise<Record<string, string>> {
  for (const version of versions) {
    if (version.action !== 'removed') return {}
    const besides = (await readVersion(store, version.id))?.besides ?? {}
    if (Object.keys(besides).length > 0) return besides
  }
  return {}
}
