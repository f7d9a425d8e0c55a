import type { KnowledgeDocument } from '../../../domain/answers.ts'
import { isUnlike } from '../identity/recognise.ts'
import type { Completeness } from './clauses/completeness.ts'
import { refuse } from './lines.ts'
import { makeDocument } from './make-document.ts'
import type { Metadata } from './metadata.ts'
import { describeTooLarge, isQuick, LONGEST_FILE_BYTES } from './read-file.ts'
import { importInThread } from './read-thread.ts'

/** What staff say of a document; it counts more than what stands in the file. */
export interface ImportOptions extends Metadata {
  id?: string | undefined
  /** Ids of other documents: one that nobody said is none of these. */
  takenIds?: readonly string[]
}

/** A document that can be added, and what staff should look at first. */
export interface ReadyImport {
  outcome: 'ready'
  document: KnowledgeDocument
  markdown: string
  /** One Chinese sentence each. */
  problems: string[]
  /** Titles of documents that it says it repeals. */
  repeals: string[]
  /** The words of the file that title, issuer, number and dates were read from; absent where a person said them. */
  sources: Metadata
  /** How much of the file's text can be answered from, and what cannot. */
  completeness: Completeness
  /** Lines of the page around the document that were left out. */
  furniture: string[]
}

export type Imported =
  | ReadyImport
  /** Something that has to be known stands nowhere in the file; `seen` says what was seen in its place, one Chinese sentence each. */
  | { outcome: 'incomplete'; missing: Missing[]; found: Metadata; seen: string[] }
  | { outcome: 'refused'; reason: string }

export type Missing = 'title' | 'issuer' | 'issuedOn'
/** Below this share of its characters a document is said to be incomplete. */
export const COMPLETE_SHARE = 0.98

/**
 * Makes the knowledge folder's markdown of any file that can be read. Writes nothing. Never throws for what stands in the file: whatever cannot be used, or would
 * take too much time or memory, is refused in one Chinese sentence. All but a few pages of plain text is done in a thread, so that whoever is being answered does not wait.
 * @param known the documents that are there: an id that nobody said is none of another document
 */
export async function importDocument(fileName: string, bytes: Buffer, options: ImportOptions = {}, known: readonly KnowledgeDocument[] = []): Promise<Imported> {
  if (bytes.length > LONGEST_FILE_BYTES) return refuse(describeTooLarge(bytes.length))
  if (bytes.length === 0) return refuse('文件是空的。')
  const importAs = (as: ImportOptions): Promise<Imported> => (isQuick(fileName, bytes) ? makeDocument(fileName, bytes, as) : importInThread(fileName, bytes, as))
  const imported = await importAs(options)
  const same = imported.outcome === 'ready' ? known.find(({ id }) => id === imported.document.id) : undefined
  return imported.outcome !== 'ready' || same === undefined || !isUnlike(same, imported.document) ? imported : importAs({ ...options, takenIds: known.map(({ id }) => id) })
}
