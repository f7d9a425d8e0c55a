import { Command } from 'commander'
import { z } from 'zod'
import { SetupError } from '../domain/errors.ts'
import type { Answerer } from '../knowledge/answer/answerer.ts'
import { openAnswerer } from './answering.ts'
import { readJsonLines, writeJsonLine } from './json-lines.ts'

const Line = z.object({ id: z.union([z.string(), z.number()]).optional(), q: z.string(), previous: z.string().optional() })

interface Options {
  json?: boolean
  file?: string
  lexical?: boolean
}

/** `ask "问题"` prints what a resident would read; `ask --json --file F` answers a file, one line out for each line in. */
export function askCommand(): Command {
  return new Command('ask')
    .description('answers policy questions from the text of the knowledge folder')
    .argument('[question]', 'one question')
    .option('--json', 'JSON Lines out')
    .option('--file <file>', 'lines of {"id","q"}; - reads standard input')
    .option('--lexical', 'without the embedding model')
    .action(run)
}

async function run(question: string | undefined, options: Options): Promise<void> {
  if ((question === undefined) === (options.file === undefined)) throw new SetupError('Give one question or --file. Example: ask "社区志愿者怎么报名"')
  const { answerer } = await openAnswerer({ isLexical: options.lexical === true })
  if (options.file !== undefined) return answerFile(answerer, options.file)
  if (options.json === true) return writeJsonLine(await answerOne(answerer, question ?? ''))
  process.stdout.write(`${(await answerer.answer(question ?? '')).text}\n`)
}

async function answerFile(answerer: Answerer, file: string): Promise<void> {
  await warmUp(answerer)
  for await (const line of readJsonLines(file)) {
    const parsed = 'error' in line ? null : Line.safeParse(line.value)
    if (parsed?.success === true) {
      const { id, q, previous } = parsed.data
      writeJsonLine({ ...(id === undefined ? {} : { id }), ...(await answerOne(answerer, q, previous)) })
      continue
    }
    process.exitCode = 1
    writeJsonLine({ ...readId('value' in line ? line.value : null), line: line.line, error: 'error' in line ? line.error : z.prettifyError(parsed?.error ?? new z.ZodError([])) })
  }
}

/** The first question pays for what is loaded lazily; nobody's question should. */
async function warmUp(answerer: Answerer): Promise<void> {
  await answerer.answer('社区志愿者怎么报名？')
}

async function answerOne(answerer: Answerer, question: string, previousQuestion?: string): Promise<object> {
  const startedAt = performance.now()
  const { kind, text, citations, ranked } = await answerer.answer(question, previousQuestion === undefined ? {} : { previousQuestion })
  return { kind, text, citations, ranked: ranked.map(({ document, clause, score }) => ({ document, clause, score })), ms: Math.round((performance.now() - startedAt) * 100) / 100 }
}

/** The id of a line that is otherwise wrong, so that its owner finds it. */
export function readId(value: unknown): { id?: unknown } {
  return typeof value === 'object' && value !== null && 'id' in value && (typeof value.id === 'string' || typeof value.id === 'number') ? { id: value.id } : {}
}
