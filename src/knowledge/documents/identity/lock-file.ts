import { stringify } from 'yaml'
import { z } from 'zod'
import type { Passage } from '../../../domain/answers.ts'
import { parseYaml, type SourceFile } from '../load-file.ts'
import { printOf, questionPrint } from './clause-print.ts'

/** What the name of a lock file ends with; before it stands the document's id. It lies beside the questions. */
export const LOCK_ENDING = '.lock.yaml'

/** What the key of a clause that is no more begins with, in questions, gaps and lock: 旧13 is what was clause 13. */
export const FORMER = '旧'
/** The key of questions of which it is not known for which text they were written. */
export const UNSURE = '待定'

/** A clause as it was when the numbers of the questions were last set: what the questions are tied to. */
export interface LockedClause {
  /** Its key in questions and gaps: its number then, or 旧13. */
  key: string
  print: string
  /** Its words; null where no question hangs on it. */
  text: string | null
  /** Fingerprints of the questions and gaps that stood there. */
  asked: ReadonlySet<string>
}

export type Lock = readonly LockedClause[]

const Entry = z.strictObject({ print: z.string().min(1), asked: z.string().optional(), text: z.string().optional() })
const LockFile = z.record(z.string(), Entry)

const HEAD = `# 程序自己记的，请不要改，也不要删：每一条的问题和缺口是照着哪一段文字写的。
# 文件改了、条款的编号变了，问题就照这里跟着文字走，不会错到别的条款去。
`

/** Null when the file has problems, which are added to `source`. */
export function readLock(source: SourceFile): Lock | null {
  const parsed = source.text === '' ? null : parseYaml(source, LockFile)
  if (parsed === null) return null
  return Object.entries(parsed.value).map(([key, { print, asked = '', text = null }]) => ({ key, print, text, asked: new Set(asked.split(' ').filter((one) => one !== '')) }))
}

export function writeLock(lock: Lock): string {
  const entries = lock.map(({ key, print, text, asked }) => [key, { print, ...(asked.size > 0 && { asked: [...asked].join(' ') }), ...(text !== null && { text }) }])
  return `${HEAD}${stringify(Object.fromEntries(entries), { lineWidth: 0 })}`
}

/** @param asked the questions and gaps that stand at a clause */
export const lockClause = (key: string, { text }: Pick<Passage, 'text'>, asked: readonly string[]): LockedClause => ({
  key,
  print: printOf({ text }),
  text: asked.length === 0 ? null : text,
  asked: new Set(asked.map(questionPrint)),
})
