import { clauseName } from '../../../domain/answers.ts'
import type { KnowledgeDocument, Passage } from '../../../domain/answers.ts'
import type { Advice } from '../identity/recognise.ts'
import type { Completeness } from './clauses/completeness.ts'
import { COMPLETE_SHARE } from './import-document.ts'
import type { ReadyImport } from './import-document.ts'

const SHOWN_TEXT = 60
const SHOWN_WORDS = 40
const SHOWN_PROBLEMS = 12
const SHOWN_MISSING = 8
const SHOWN_CLAUSES = 400

/** What staff look at before a document is added: what was understood, each with the words it came from, and every clause where something looks wrong. */
export function describeImport(fileName: string, imported: ReadyImport, known: readonly KnowledgeDocument[], supersedes: readonly KnowledgeDocument[], advice: Advice): string {
  const { document, problems, repeals, sources, completeness } = imported
  const replaced = known.find((other) => other.id === document.id)
  const likely = known.filter((other) => other.id !== document.id && !supersedes.includes(other) && other.supersededBy === undefined && isLikelyOlder(other, document, repeals))
  return [
    `文件：${fileName}`,
    `标题：${document.title}${describeSource(document.title, sources.title)}`,
    `发文机关：${document.issuer}${describeSource(document.issuer, sources.issuer)}`,
    `文号：${document.number ?? '没有找到'}${describeSource(document.number, sources.number)}`,
    `发文日期：${document.issuedOn}${describeSource(document.issuedOn, sources.issuedOn)}`,
    `有效期：${describeValidity(document)}${describeSource('', [sources.effectiveFrom, sources.effectiveTo].filter((said) => said !== undefined).join('；'))}`,
    `编号（id）：${document.id}${replaced === undefined ? '' : '，已经有这个编号，会换掉原来那一份'}`,
    `共 ${countClauses(document)}`,
    ...describeClauses(imported),
    describeCompleteness(completeness),
    ...completeness.missing.slice(0, SHOWN_MISSING).map((words) => `  没有收：“${shorten(words)}”`),
    ...describeFurniture(imported.furniture),
    ...problems.slice(0, SHOWN_PROBLEMS).map((problem) => `请看：${problem}`),
    ...(problems.length > SHOWN_PROBLEMS ? [`请看：还有 ${problems.length - SHOWN_PROBLEMS} 处。`] : []),
    ...supersedes.map((other) => `会代替：${other.id}《${other.title}》`),
    ...likely.map((other) => `像是代替了 ${other.id}《${other.title}》。是的话请${advice.supersede(other.id)}`),
  ].join('\n')
}

/** 9 条，另有前言、附件1、表1（3 行） */
export function countClauses({ passages }: Pick<KnowledgeDocument, 'passages'>): string {
  const isNumbered = ({ clause }: Passage) => /^\d/.test(clause)
  const others = new Map<string, number>()
  for (const { clause } of passages.filter((passage) => !isNumbered(passage))) {
    const name = clause.replace(/(?:第\d+[条项行段](?:之\d+)?|(?<=问答)\d+)$/, '')
    others.set(name, (others.get(name) ?? 0) + 1)
  }
  const listed = [...others].map(([name, count]) => (count === 1 ? name : `${name}（${count} ${name.startsWith('表') ? '行' : '条'}）`))
  return `${passages.filter(isNumbered).length} 条${listed.length === 0 ? '' : `，另有${listed.slice(0, 12).join('、')}${listed.length > 12 ? '等' : ''}`}`
}

/** The words that a value was read from, where they say more than the value. */
function describeSource(value: string | undefined, said: string | undefined): string {
  if (said === undefined || said === '' || said === value) return ''
  return `（原文：“${said.length > SHOWN_WORDS ? `${said.slice(0, SHOWN_WORDS)}…` : said}”）`
}

/** All of them where something may be wrong, else the first and the last. */
function describeClauses({ document: { passages }, problems, completeness }: ReadyImport): string[] {
  const isPlain = problems.length === 0 && completeness.missing.length === 0 && passages.every(({ clause }) => /^\d/.test(clause) || ['前言', '附注', '文件信息'].includes(clause))
  const numbered = passages.filter(({ clause }) => /^\d/.test(clause))
  const shown = isPlain ? [...new Set([numbered[0], numbered.at(-1)])] : passages.slice(0, SHOWN_CLAUSES)
  const lines = shown.flatMap((passage) => (passage === undefined ? [] : [`  ${clauseName(passage.clause, ' ')} ${shorten(passage.text)}`]))
  return passages.length > SHOWN_CLAUSES && !isPlain ? [...lines, `  还有 ${passages.length - SHOWN_CLAUSES} 条。`] : lines
}

function describeCompleteness({ share, missing }: Completeness): string {
  if (missing.length === 0) return '原文的字都收进来了。'
  const lost = Math.max(0.1, Math.round((1 - share) * 1000) / 10)
  return `${share < COMPLETE_SHARE ? '请看：' : ''}原文有 ${lost}% 的字没有收进来，回答不了：`
}

const describeFurniture = (furniture: readonly string[]): string[] => (furniture.length === 0 ? [] : [`不是正文，没有收：${furniture.slice(0, SHOWN_MISSING).map((words) => `“${words.slice(0, 20)}”`).join('')}${furniture.length > SHOWN_MISSING ? '等' : ''}`])

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
