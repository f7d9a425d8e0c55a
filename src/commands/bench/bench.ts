import { Command } from 'commander'
import { loadConfig } from '../../config.ts'
import { SetupError } from '../../domain/errors.ts'
import { loadKnowledge } from '../../knowledge/documents/load.ts'
import { createCommandLog, waitForEmbedding } from '../answering.ts'
import { playEscalations } from './bench-escalation.ts'
import { compareFinding } from './bench-finding.ts'
import { describeSizes, measureSizes, SIZES } from './bench-sizes.ts'
import { measureReading } from './bench-reading.ts'
import { measureOutbox } from './bench-outbox.ts'
import { measureSending } from './bench-sending.ts'
import { measureService, talk } from './bench-service.ts'
import { describeFinding } from './bench-finding-text.ts'

const PARTS = ['service', 'sending', 'outbox', 'escalation', 'reading', 'finding']

interface Options {
  seconds: string
  only?: string
  recipients: string
  corpus: string[]
  queries: string[]
  questions: string
  sizes?: string[]
  lexical?: boolean
}

/** bench: the whole program under load on this machine, against raw SQLite doing the same writes, and finding against its peers, in the same run. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('measures durable turns per second, question latency, start time and memory against a floor, and finding against MiniSearch and SQLite FTS5, in the same run')
    .option('--seconds <n>', 'how long each load lasts', '10')
    .option('--only <part>', 'service, sending, outbox, escalation, reading or finding')
    .option('--recipients <n>', 'outbox: the largest audience, of 1000, 10000 and 100000', '10000')
    .option('--corpus <files...>', 'finding: corpora of {"id","title"?,"text"} instead of the knowledge folder', [])
    .option('--queries <files...>', 'finding: for each corpus JSON Lines of {"q","gold":[id,…]}; without a corpus one file with clauses as gold', [])
    .option('--questions <n>', 'finding: at most so many questions of each file', '400')
    .option('--sizes <numbers...>', `finding: so many clauses, made up from the knowledge folder's sentences; default ${SIZES.join(' ')}`)
    .option('--lexical', 'finding: without the embedding model')
    .action(run)
}

async function run(options: Options): Promise<void> {
  const { only, corpus, queries } = options
  if (only !== undefined && !PARTS.includes(only)) throw new SetupError(`--only must be one of ${PARTS.join(', ')}`)
  if (corpus.length > 0 && corpus.length !== queries.length) throw new SetupError('Give one --queries for each --corpus')
  if (only === undefined || only === 'service') print(await measureService(Math.min(120, Math.max(1, Number(options.seconds)))))
  if (only === undefined || only === 'sending') await benchSending()
  if (only === undefined || only === 'outbox') await benchOutbox(Number(options.recipients))
  if (only === undefined || only === 'escalation') await benchEscalation()
  if (only === undefined || only === 'reading') await benchReading(options)
  if (only === undefined || only === 'finding') await benchFinding(options)
}

/** In real time, over HTTP and beside residents who talk: virtual time shows nothing of what a claim or a turn takes. */
async function benchSending(): Promise<void> {
  const { recipients, share, perSecond, pauses, rateRefusals } = await measureSending({
    recipients: 600,
    conversations: 4,
    talk: async (service, conversation, isOver) => {
      const send = async (body: object) => JSON.parse((await service.call('POST', '/api/v1/messages', body)).text) as { replies: { text: string }[] }
      await talk(send, `r${conversation}`, [], isOver)
    },
  })
  print([[`sending: ${recipients} in real time at 30 /s, 3 % 429, 4 talking`, `${share.toFixed(2)} of it`, `target .90 outside retry_after; ${perSecond.toFixed(1)} /s with ${pauses} refusals, ${rateRefusals} of them for our pace`]])
}

async function benchOutbox(most: number): Promise<void> {
  for (const { recipients, freezeMs, perSecond, grownMb } of await measureOutbox(most)) {
    print([[`outbox: ${recipients} sends to a platform that answers at once`, `${perSecond.toFixed(0)} /s`, `target 500 /s; audience frozen in ${freezeMs.toFixed(0)} ms, memory held grew by ${grownMb.toFixed(0)} MB`]])
  }
}

/** Not how fast, but who is told when: the course of an emergency in virtual time. */
async function benchEscalation(): Promise<void> {
  for (const { name, told } of await playEscalations()) {
    console.log(`escalation: ${name}`)
    for (const { atSeconds, who, channel, text } of told) console.log(`  ${String(Math.floor(atSeconds / 60)).padStart(2, '0')}:${String(atSeconds % 60).padStart(2, '0')}  ${who} (${channel})  ${text}`)
  }
}

async function benchReading({ lexical }: Options): Promise<void> {
  const config = loadConfig(process.env)
  const { messages, words, withModel, floor } = await measureReading(config, await waitForEmbedding(config, createCommandLog(config), lexical === true))
  const line = (how: string, { p50, p95 }: { p50: number; p95: number }, target: number) => [`reading: ${messages} messages held back, ${how}`, `p50 ${p50.toFixed(1)} / p95 ${p95.toFixed(1)} ms`, `target p95 ${target} ms; ${(p95 / floor.p95).toFixed(1)} times what its n-grams alone take`]
  print([line('by words', words, 2), ...(withModel === null ? [] : [line('with the model', withModel, 10)])])
}

async function benchFinding({ corpus, queries, questions, sizes, lexical }: Options): Promise<void> {
  const mostQuestions = Number(questions)
  if (!Number.isInteger(mostQuestions) || mostQuestions < 1) throw new SetupError('--questions must be a whole number from 1')
  const config = loadConfig(process.env)
  const log = createCommandLog(config)
  const model = await waitForEmbedding(config, log, lexical === true)
  const corpora = corpus.map((file, place) => ({ corpus: file, queries: queries[place] ?? '' }))
  for (const compared of await compareFinding({ config, log, model, corpora, ownQueries: queries[0], mostQuestions })) process.stdout.write(describeFinding(compared))
  if (corpora.length > 0) return
  const { documents } = await loadKnowledge(config.knowledgeDirectory)
  const asked = documents.flatMap(({ passages }) => passages.flatMap(({ typicalQuestions }) => typicalQuestions.slice(0, 5)))
  process.stdout.write(`\n${describeSizes(await measureSizes(documents, asked.slice(0, mostQuestions), model, readSizes(sizes)))}`)
}

function readSizes(sizes: readonly string[] | undefined): number[] {
  const numbers = sizes?.map(Number) ?? SIZES
  if (numbers.some((size) => !Number.isInteger(size) || size < 1 || size > 200_000)) throw new SetupError('--sizes takes whole numbers from 1 to 200000')
  return numbers
}

const print = (rows: readonly string[][]) => {
  for (const [name = '', value = '', target = ''] of rows) console.log(`${name.padEnd(58)}${value.padStart(18)}   ${target}`)
}
