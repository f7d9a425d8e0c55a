import type { KnowledgeDocument } from '../../../domain/answers.ts'
import type { Imported } from './import-document.ts'

const SHOWN_TEXT = 60
const SHOWN_PROBLEMS = 12

/** What staff look at before a document is added. */
export function describeImport(fileName: string, { document, problems, repeals }: Extract<Imported, { outcome: 'ready' }>, known: readonly KnowledgeDocument[], supersedes: readonly KnowledgeDocument[]): string {
  const { passages } = document
  const replaced = known.find((other) => other.id === document.id)
  const likely = known.filter((other) => other.id !== document.id && !supersedes.includes(other) && other.supersededBy === undefined && isLikelyOlder(other, document, repeals))
  return [
    `文件：${fileName}`,
    `标题：${document.title}`,
    `发文机关：${document.issuer}`,
    `文号：${document.number ?? '没有找到'}`,
    `发文日期：${document.issuedOn}`,
    `有效期：${describeValidity(document)}`,
    `编号（id）：${document.id}${replaced === undefined ? '' : '，已经有这个编号，会换掉原来那一份'}`,
    `共 ${passages.length} 条`,
    ...[...new Set([passages[0], passages.at(-1)])].flatMap((passage) => (passage === undefined ? [] : [`  ${/^\d/.test(passage.clause) ? `第 ${passage.clause} 条` : passage.clause} ${shorten(passage.text)}`])),
    ...problems.slice(0, SHOWN_PROBLEMS).map((problem) => `请看：${problem}`),
    ...(problems.length > SHOWN_PROBLEMS ? [`请看：还有 ${problems.length - SHOWN_PROBLEMS} 处。`] : []),
    ...supersedes.map((other) => `会代替：${other.id}《${other.title}》`),
    ...likely.map((other) => `像是代替了 ${other.id}《${other.title}》。是的话请加上 --supersedes ${other.id}`),
  ].join('\n')
}

export function describeValidity({ issuedOn, effectiveFrom, effectiveTo }: Pick<KnowledgeDocument, 'issuedOn' | 'effectiveFrom' | 'effectiveTo'>): string {
  return `${effectiveFrom ?? issuedOn} 起${effectiveTo === undefined ? '，没写到什么时候' : `，到 ${effectiveTo} 止`}`
}

/** It says that it repeals the other, or is the same title of a later day. */
function isLikelyOlder(other: KnowledgeDocument, document: KnowledgeDocument, repeals: readonly string[]): boolean {
  const bare = (title: string) => title.replaceAll(/[《》\s]|[（(].*?[）)]/g, '')
  return repeals.some((title) => bare(other.title).endsWith(bare(title))) || (bare(other.title) === bare(document.title) && other.issuedOn < document.issuedOn)
}

const shorten = (text: string): string => {
  const line = text.replaceAll('\n', ' ')
  return line.length > SHOWN_TEXT ? `${line.slice(0, SHOWN_TEXT)}…` : line
}
