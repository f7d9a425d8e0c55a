import { readFile } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import { isMap, isNode, isPair, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import type { z } from 'zod'

/** One thing that is wrong in a knowledge file; `text` is Chinese and English. */
export interface Problem {
  file: string
  /** Counted from 1. */
  line: number
  text: string
}

/** One knowledge file on its way in: its name for people, its text with `\n` line ends and no BOM, and what is wrong with it. */
export interface SourceFile {
  name: string
  text: string
  problems: Problem[]
}

/** A file's path as a person would type it: relative to where the process runs, absolute outside of it. */
export function displayPath(path: string): string {
  const fromHere = relative(process.cwd(), resolve(path))
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? resolve(path) : fromHere.replaceAll('\\', '/')
}

/** Reads one file. What cannot be read, is not UTF-8 or is empty becomes a problem, and the text is ''. */
export async function readSource(path: string): Promise<SourceFile> {
  const source: SourceFile = { name: displayPath(path), text: '', problems: [] }
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    addProblem(source, 1, isMissing ? '没有这个文件 / file is missing' : `读不了这个文件 / cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
    return source
  }
  try {
    // TextDecoder drops a byte order mark by itself.
    source.text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll(/\r\n?/g, '\n')
  } catch {
    addProblem(source, 1, '不是 UTF-8 编码，请用“另存为 UTF-8”保存 / not UTF-8, save it as UTF-8')
    return source
  }
  if (source.text.trim() === '') {
    source.text = ''
    addProblem(source, 1, '文件是空的 / file is empty')
  }
  return source
}

export function addProblem(source: SourceFile, line: number, text: string): void {
  source.problems.push({ file: source.name, line, text })
}

/** Checked YAML together with the line on which each part of it stands. */
export interface Located<T> {
  value: T
  /** The line of the part under `path`, or of the nearest part above it that exists. */
  lineOf: (path: readonly PropertyKey[]) => number
}

/**
 * Parses YAML and checks it with `schema`. Everything that is wrong is added to `source.problems`, each with its line, and the
 * result is null. `firstLine` is the line of the file on which `text` begins.
 */
export function parseYaml<T>(source: SourceFile, schema: z.ZodType<T>, text = source.text, firstLine = 1): Located<T> | null {
  const lineCounter = new LineCounter()
  const yaml = parseDocument(text, { lineCounter, prettyErrors: false })
  for (const error of yaml.errors) {
    addProblem(source, lineCounter.linePos(error.pos[0]).line + firstLine - 1, `YAML 格式不对（看缩进、冒号、引号） / not valid YAML: ${error.message.split('\n')[0] ?? ''}`)
  }
  if (yaml.errors.length > 0) return null
  const lineOf = (path: readonly PropertyKey[]): number => lineCounter.linePos(offsetOf(yaml, path)).line + firstLine - 1
  const data: unknown = yaml.toJS()
  if (data === null || data === undefined) {
    addProblem(source, firstLine, '里面没有内容 / holds nothing')
    return null
  }
  const result = schema.safeParse(data)
  if (result.success) return { value: result.data, lineOf }
  for (const issue of result.error.issues) reportIssue(source, issue, data, lineOf)
  return null
}

/** The offset of the part under `path`: of a key where it is the value of one, since that is where a person looks. */
function offsetOf(yaml: Document, path: readonly PropertyKey[]): number {
  let node: unknown = yaml.contents
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
  for (const segment of path) {
    let next: unknown
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && String(isNode(item.key) && 'value' in item.key ? item.key.value : item.key) === String(segment))
      if (pair === undefined) return offset
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset
      next = pair.value
    } else if (isSeq(node)) {
      next = node.items[Number(segment)]
      if (isNode(next)) offset = next.range?.[0] ?? offset
    }
    if (next === undefined) return offset
    node = next
  }
  return offset
}

function reportIssue(source: SourceFile, issue: z.core.$ZodIssue, data: unknown, lineOf: (path: readonly PropertyKey[]) => number): void {
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) addProblem(source, lineOf([...issue.path, key]), `${pathText([...issue.path, key])}: 不认识这一项 / unknown key`)
    return
  }
  const where = issue.path.length > 0 ? `${pathText(issue.path)}: ` : ''
  addProblem(source, lineOf(issue.path), where + describeIssue(issue, valueAt(data, issue.path)))
}

/** What stands after the entry's number: `limitWorkingDays`, `words 2`, `13`. Positions are counted from 1, as people do. */
function pathText(path: readonly PropertyKey[]): string {
  const parts = typeof path[0] === 'number' && path.length > 1 ? path.slice(1) : path
  return parts.map((part) => (typeof part === 'number' ? String(part + 1) : String(part))).join(' ')
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined), data)
}

const EXPECTED: Record<string, string> = {
  string: '要写文字（纯数字请加引号） / must be text (quote a bare number)',
  number: '要写数字 / must be a number',
  int: '要写整数 / must be a whole number',
  boolean: '要写 true 或 false / must be true or false',
  array: '要写成一串，每行前面加“- ” / must be a list',
  object: '要写成“名称: 内容”的样子 / must be a mapping',
  record: '要写成“名称: 内容”的样子 / must be a mapping',
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined) return '缺这一项 / is missing'
  switch (issue.code) {
    case 'invalid_type':
      return EXPECTED[issue.expected] ?? `类型不对 / must be ${issue.expected}`
    case 'invalid_value':
      return `只能是 ${issue.values.join('、')} 之一 / must be one of them`
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array' ? '不能是空的 / must not be empty' : `不能小于 ${issue.minimum} / must be at least ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'string' ? `太长，最多 ${issue.maximum} 个字 / at most ${issue.maximum} characters` : `不能大于 ${issue.maximum} / must be at most ${issue.maximum}`
    default:
      return issue.message
  }
}
