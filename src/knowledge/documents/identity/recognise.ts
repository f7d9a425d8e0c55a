import type { KnowledgeDocument } from '../../../domain/answers.ts'
import { printOf } from './clause-print.ts'
import { followClauses } from './follow-clauses.ts'

/** What a document that is to be added is to one that is there. */
export interface Likeness {
  other: KnowledgeDocument
  /** Word for word; most of its clauses; only its title, of a later or earlier day. */
  kind: 'same' | 'revision' | 'title'
  /** How many clauses of the one that is there stand in the new one word for word, or nearly. */
  shared: number
}

/** A document of which so many clauses are those of another is a version of it. */
const REVISION_FROM = 0.5
/** Of a few clauses some may be alike by chance. */
const LEAST_SHARED = 2

const bareTitle = (title: string): string => title.normalize('NFKC').replaceAll(/[《》\s]|\(.*?\)/g, '')

/** Documents under another id that a new one is the same as, or a version of, most alike first. */
export function findLikenesses(document: KnowledgeDocument, known: readonly KnowledgeDocument[]): Likeness[] {
  const prints = new Set(document.passages.map(printOf))
  return known
    .filter(({ id }) => id !== document.id)
    .flatMap((other): Likeness[] => {
      const equal = other.passages.filter((passage) => prints.has(printOf(passage))).length
      if (equal === other.passages.length && equal === document.passages.length) return [{ other, kind: 'same', shared: equal }]
      const shared = equal * 10 >= other.passages.length ? countKept(other, document) : equal
      if (shared >= LEAST_SHARED && shared >= Math.min(other.passages.length, document.passages.length) * REVISION_FROM) return [{ other, kind: 'revision', shared }]
      return bareTitle(other.title) === bareTitle(document.title) ? [{ other, kind: 'title', shared }] : []
    })
    .sort((left, right) => right.shared - left.shared)
}

/** How many clauses of a document live on in another. */
export function countKept(before: KnowledgeDocument, after: KnowledgeDocument): number {
  const fates = followClauses(before.passages.map((passage) => ({ key: passage.clause, print: printOf(passage), text: passage.text })), after.passages)
  return [...fates.values()].filter(({ fate }) => fate === 'same' || fate === 'changed').length
}

/** How staff say what they decide, in the words of where they are: options of a command, or fields of a page. Each goes on after “请”. */
export interface Advice {
  /** That the new one takes the place of another. */
  supersede: (id: string) => string
  /** That it is that one, put right. */
  replace: (id: string) => string
  /** That it is another document. */
  another: string
}

/** What staff are asked about it, one sentence each; nothing about what they have answered by `supersedes`. */
export function describeLikeness({ other, kind, shared }: Likeness, document: Pick<KnowledgeDocument, 'issuedOn'>, advice: Advice): string {
  const name = `${other.id}《${other.title}》`
  if (kind === 'same') return `和已有的 ${name}一字不差，只是名字不同。不用再加；要改标题、日期，请${advice.replace(other.id)} 换掉它。`
  const isOlder = other.issuedOn < document.issuedOn
  const what = kind === 'title' ? `和已有的 ${name}标题一样，发文日期不同（${other.issuedOn}）` : `像是已有的 ${name}的另一版：那一份的 ${other.passages.length} 条里有 ${shared} 条还在`
  return isOlder ? `${what}。是新的一版，请${advice.supersede(other.id)}，问题会跟着条文走；只是改正那一份，请${advice.replace(other.id)}。` : `${what}。那一份更新，请看看是不是不用加了。`
}

/** Whether a document is another one than the one whose id it has: less than half of that lives on in it. */
export const isUnlike = (before: KnowledgeDocument, after: KnowledgeDocument): boolean => countKept(before, after) * 2 < before.passages.length

/** Why a document can't take the place of the one with its id; null when it can. */
export function describeUnlike(before: KnowledgeDocument, after: KnowledgeDocument, advice: Advice): string | null {
  if (!isUnlike(before, after)) return null
  const asked = before.passages.reduce((sum, { typicalQuestions }) => sum + typicalQuestions.length, 0)
  const questions = asked === 0 ? '' : `，写在上面的 ${asked} 个问题没有地方放`
  return `编号 ${before.id} 已经是《${before.title}》，那 ${before.passages.length} 条里只有 ${countKept(before, after)} 条还在${questions}。这是另一份文件，请${advice.another}。`
}
