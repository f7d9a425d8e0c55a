import path from 'node:path'
import { Command } from 'commander'
import { z } from 'zod'
import { loadConfig } from '../config.ts'
import { SetupError } from '../domain/errors.ts'
import { CorpusIndex } from '../knowledge/find/corpus-index.ts'
import { createCommandLog, waitForEmbedding } from './answering.ts'
import { readId } from './ask.ts'
import { readJsonLines, writeJsonLine } from './json-lines.ts'

const Id = z.union([z.string(), z.number()])
const PassageLine = z.object({ id: Id, title: z.string().nullish(), text: z.string() })
const QueryLine = z.object({ id: Id.optional(), q: z.string() })

interface Options {
  corpus: string
  file: string
  json?: boolean
  top: string
  lexical?: boolean
}

/** `search --corpus passages.jsonl --file queries.jsonl --json`: ranks any corpus for every query, one line out for each line in. */
export function searchCommand(): Command {
  return new Command('search')
    .description('indexes any corpus of {"id","title"?,"text"} and ranks it for {"id","q"}')
    .requiredOption('--corpus <file>', 'JSON Lines of passages')
    .requiredOption('--file <file>', 'JSON Lines of queries; - reads standard input')
    .option('--json', 'JSON Lines out (the only format)')
    .option('--top <n>', 'how many passages a query gets', '10')
    .option('--lexical', 'without the embedding model')
    .action(run)
}

async function run(options: Options): Promise<void> {
  const top = Number(options.top)
  if (!Number.isInteger(top) || top < 1 || top > 1000) throw new SetupError('--top must be a whole number from 1 to 1000')
  const config = loadConfig(process.env)
  const log = createCommandLog(config)
  const { ids, passages } = await readCorpus(options.corpus)
  const model = await waitForEmbedding(config, log, options.lexical === true)
  const startedAt = performance.now()
  const index = await CorpusIndex.build(passages, { model, cacheDirectory: path.join(config.cacheDirectory, 'search'), onProgress: showProgress, onNotKept: warnNotKept })
  process.stderr.write(`Indexed ${passages.length} passages in ${Math.round(performance.now() - startedAt)} ms\n`)
  await index.search('社区服务', 1)
  for await (const line of readJsonLines(options.file)) {
    const parsed = 'error' in line ? null : QueryLine.safeParse(line.value)
    if (parsed?.success !== true) {
      process.exitCode = 1
      writeJsonLine({ ...readId('value' in line ? line.value : null), line: line.line, error: 'error' in line ? line.error : z.prettifyError(parsed?.error ?? new z.ZodError([])) })
      continue
    }
    const began = performance.now()
    const ranked = (await index.search(parsed.data.q, top)).map(({ passage, score }) => ({ id: ids[passage], score }))
    writeJsonLine({ ...(parsed.data.id === undefined ? {} : { id: parsed.data.id }), ranked, ms: Math.round((performance.now() - began) * 100) / 100 })
  }
}

/** All passages of a corpus file, with their ids. @throws {SetupError} naming the line that is wrong */
export async function readCorpus(file: string): Promise<{ ids: (string | number)[]; passages: { title: string; text: string }[] }> {
  const ids: (string | number)[] = []
  const passages: { title: string; text: string }[] = []
  for await (const line of readJsonLines(file)) {
    if ('error' in line) throw new SetupError(`${file}, line ${line.line}: ${line.error}`)
    const parsed = PassageLine.safeParse(line.value)
    if (!parsed.success) throw new SetupError(`${file}, line ${line.line}: ${z.prettifyError(parsed.error)}`)
    ids.push(parsed.data.id)
    passages.push({ title: parsed.data.title ?? '', text: parsed.data.text })
  }
  return { ids, passages }
}

function warnNotKept(error: unknown): void {
  process.stderr.write(`The index can't be kept (${error instanceof Error ? error.message : String(error)}): it is built again the next time\n`)
}

function showProgress(done: number, total: number): void {
  if (done % 1600 === 0 || done === total) process.stderr.write(`Embedded ${done} of ${total}\n`)
}
