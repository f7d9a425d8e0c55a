import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { SetupError } from '../domain/errors.ts'

/** Every prompt that the program uses, with the variables that it fills in. */
const PROMPT_VARIABLES = {
  answer: ['question', 'passages'],
  'answer-retry': ['question', 'passages', 'draft', 'objection'],
  'rewrite-question': ['question'],
  'propose-reading': ['message', 'first', 'second'],
} as const

export type PromptId = keyof typeof PROMPT_VARIABLES
type Variables<Id extends PromptId> = Record<(typeof PROMPT_VARIABLES)[Id][number], string>

/** The two messages of one call. */
export interface RenderedPrompt {
  system: string
  user: string
}

export interface Prompts {
  /** `id@version` of a prompt, for logs and metrics. */
  label(id: PromptId): string
  /** Fills in the variables; what a value holds is never read as a variable again. */
  render<Id extends PromptId>(id: Id, values: Variables<Id>): RenderedPrompt
}

interface Prompt {
  id: string
  version: number
  system: string
  user: string
}

const FrontMatter = z.strictObject({
  id: z.string().min(1),
  version: z.int().min(1),
  variables: z.array(z.string().regex(/^[a-z][a-z0-9_]*$/)),
})

const VARIABLE = /\{\{\s*([^{}]*?)\s*\}\}/g

/**
 * Reads every `*.md` of a folder: front matter `id, version, variables`, then the sections `# System` and `# User` with `{{variable}}`.
 * @throws {SetupError} listing, each with file and line, what is missing, written twice, unknown or unused
 */
export async function loadPrompts(directory: string): Promise<Prompts> {
  const problems: string[] = []
  const prompts = new Map<string, Prompt>()
  for (const name of await listFiles(directory)) {
    const file = path.join(directory, name)
    const report = (line: number, text: string) => problems.push(`${file}:${line}: ${text}`)
    const found = parsePrompt(await readText(file), report)
    if (found === undefined) continue
    if (prompts.has(found.prompt.id)) report(found.idLine, `id ${found.prompt.id} is used by another file`)
    else prompts.set(found.prompt.id, found.prompt)
  }
  if (problems.length === 0) {
    const missing = Object.keys(PROMPT_VARIABLES).filter((id) => !prompts.has(id))
    problems.push(...missing.map((id) => `${path.join(directory, `${id}.md`)}:1: prompt ${id} is missing`))
  }
  if (problems.length > 0) throw new SetupError(`Prompts are wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  return {
    label: (id) => `${id}@${take(prompts, id).version}`,
    render: (id, values) => renderPrompt(take(prompts, id), values),
  }
}

function take(prompts: ReadonlyMap<string, Prompt>, id: PromptId): Prompt {
  const prompt = prompts.get(id)
  if (prompt === undefined) throw new SetupError(`Prompt ${id} is not loaded`)
  return prompt
}

function renderPrompt(prompt: Prompt, values: Readonly<Record<string, string>>): RenderedPrompt {
  const fill = (template: string) => template.replace(VARIABLE, (_match, name: string) => values[name] ?? '')
  return { system: fill(prompt.system), user: fill(prompt.user) }
}

async function listFiles(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => name.endsWith('.md')).sort()
  } catch (error) {
    throw new SetupError(`The prompts folder ${directory} cannot be read; restore it from the repository`, { cause: error })
  }
}

async function readText(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  } catch (error) {
    throw new SetupError(`${file}:1: cannot be read`, { cause: error })
  }
}

type Report = (line: number, text: string) => void

function parsePrompt(text: string, report: Report): { prompt: Prompt; idLine: number } | undefined {
  const match = /^---[ \t]*\n([\s\S]*?\n)---[ \t]*\n/.exec(text)
  if (match === null) {
    report(1, 'must begin with front matter (id, version, variables) between two --- lines')
    return undefined
  }
  const front = parseFrontMatter(match[1] ?? '', report)
  if (front === undefined) return undefined
  const { value, lineOf } = front
  const known = (PROMPT_VARIABLES as Readonly<Record<string, readonly string[]>>)[value.id]
  if (known === undefined) {
    report(lineOf('id'), `the program has no use for a prompt with the id ${value.id}; it knows ${Object.keys(PROMPT_VARIABLES).join(', ')}`)
    return undefined
  }
  for (const name of value.variables.filter((variable) => !known.includes(variable))) report(lineOf('variables'), `variable ${name} is not filled in by the program; it knows ${known.join(', ')}`)
  const body = text.slice(match[0].length)
  checkVariables(body, match[0].split('\n').length, value.variables, lineOf('variables'), report)
  const sections = /^\s*# System[ \t]*\n([\s\S]*?)\n# User[ \t]*\n([\s\S]*)$/.exec(body)
  if (sections === null) report(match[0].split('\n').length, 'must hold the sections "# System" and "# User", in this order')
  return { prompt: { id: value.id, version: value.version, system: (sections?.[1] ?? '').trim(), user: (sections?.[2] ?? '').trim() }, idLine: lineOf('id') }
}

function parseFrontMatter(text: string, report: Report): { value: z.infer<typeof FrontMatter>; lineOf: (key: string) => number } | undefined {
  // The opening --- is the file's first line.
  const lines = text.split('\n')
  const lineOf = (key: string) => lines.findIndex((line) => line.startsWith(`${key}:`)) + 2 || 1
  const lineCounter = new LineCounter()
  const yaml = parseDocument(text, { lineCounter, prettyErrors: false })
  const [fault] = yaml.errors
  if (fault !== undefined) {
    report(lineCounter.linePos(fault.pos[0]).line + 1, `not valid YAML: ${fault.message.split('\n')[0] ?? ''}`)
    return undefined
  }
  const parsed = FrontMatter.safeParse(yaml.toJS() ?? {})
  if (parsed.success) return { value: parsed.data, lineOf }
  for (const issue of parsed.error.issues) {
    const key = String(issue.code === 'unrecognized_keys' ? issue.keys[0] : (issue.path[0] ?? ''))
    const isMissing = !lines.some((line) => line.startsWith(`${key}:`))
    report(isMissing ? 1 : lineOf(key), isMissing ? `${key || 'front matter'} is missing` : `${key}: ${issue.message}`)
  }
  return undefined
}

function checkVariables(body: string, firstLine: number, declared: readonly string[], declarationLine: number, report: Report): void {
  const used = new Set<string>()
  for (const [index, line] of body.split('\n').entries()) {
    for (const match of line.matchAll(VARIABLE)) {
      const name = match[1] ?? ''
      used.add(name)
      if (!declared.includes(name)) report(firstLine + index, `{{${name}}} is not among the variables of the front matter`)
    }
    if (/\{\{|\}\}/.test(line.replace(VARIABLE, ''))) report(firstLine + index, 'a {{variable}} is not closed or not opened')
  }
  for (const name of declared.filter((variable) => !used.has(variable))) report(declarationLine, `variable ${name} is declared but not used`)
  for (const name of declared.filter((variable, index) => declared.indexOf(variable) !== index)) report(declarationLine, `variable ${name} is declared twice`)
}
