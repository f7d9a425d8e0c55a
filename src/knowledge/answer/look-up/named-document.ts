import type { KnowledgeDocument } from '../../../domain/answers.ts'
import { normalize } from '../../../language/normalize.ts'

const LEAST_NAME = 4

const bare = (text: string): string => normalize(text).replaceAll(/[^\p{L}\p{N}]/gu, '')
/** A title without its issuer and 关于. */
const nameOf = ({ title, issuer }: KnowledgeDocument): string => bare(title).replace(bare(issuer), '').replace(/^关于/, '')

/** Words of a question that name a document, by its title or by its issuer's number. */
function namesIn(asked: string, document: KnowledgeDocument): string[] {
  const number = document.number === undefined ? '' : bare(document.number)
  return [bare(document.title), nameOf(document), number].filter((name) => name.length >= LEAST_NAME && asked.includes(name))
}

/** The one document that a question calls by its name or its number ("《…办法》什么时候施行"); null when it names none or several. */
export function namedDocument(question: string, documents: readonly KnowledgeDocument[]): string | null {
  const asked = bare(question)
  const named = documents.filter((document) => namesIn(asked, document).length > 0)
  // A longer name that holds a shorter one is the one meant.
  const longest = Math.max(0, ...named.map((document) => Math.max(...namesIn(asked, document).map((name) => name.length))))
  const called = named.filter((document) => namesIn(asked, document).some((name) => name.length === longest))
  const meant = called.length > 1 ? called.filter(({ supersededBy }) => supersededBy === undefined) : called
  return meant.length === 1 ? (meant[0]?.id ?? null) : null
}

/** The one document whose name ends in these words (停车条例 of 清河市停车条例), of several the one that is not superseded; null when it is none or several. */
export function documentCalled(name: string, documents: readonly KnowledgeDocument[]): string | null {
  const called = name.length < LEAST_NAME ? [] : documents.filter((document) => bare(document.title).endsWith(bare(name)) || nameOf(document).endsWith(bare(name)))
  const current = called.length > 1 ? called.filter(({ supersededBy }) => supersededBy === undefined) : called
  return current.length === 1 ? (current[0]?.id ?? null) : null
}

/** What a question says besides a document's name. */
export function withoutName(question: string, document: KnowledgeDocument): string {
  const asked = bare(question)
  return namesIn(asked, document).sort((left, right) => right.length - left.length).reduce((rest, name) => rest.replace(name, ''), asked)
}
