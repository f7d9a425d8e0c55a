import { Command } from 'commander'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { loadConfig } from '../../config.ts'
import { SetupError } from '../../domain/errors.ts'
import { loadKnowledge } from '../../knowledge/documents/load.ts'
import { measureFloor } from '../../store/engine/bench-floor.ts'
import { createCommandLog, waitForEmbedding } from '../answering.ts'
import { playEscalations } from './bench-escalation.ts'
import { compareFinding } from './bench-finding.ts'
import { describeSizes, measureSizes, SIZES } from './bench-sizes.ts'
import { measureReading } from './bench-reading.ts'
import { measureOutbox } from './bench-outbox.ts'
import { measureSending } from './bench-sending.ts'
import { describeFinding } from './bench-finding-text.ts'
import { percentiles } from './percentiles.ts'
import { startService } from './service-process.ts'

const CONVERSATIONS = 16
/** One resident's visit, as in the chat: report, agree, confirm, look it up. */
const VISIT = ['幸福小区3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', '同意', '确认', '查进度'] as const
const LATER_VISIT = [VISIT[0], VISIT[2], VISIT[3]] as const
const QUESTIONS = ['社区志愿者要占居民多少', '物业跑路了楼没人管怎么办', '社区服务站面积多大', '零就业家庭有什么帮助', '12349是什么电话', '小诊所要交营业税吗', '居民小组多少户', '谁来管网格']

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
  if (only === undefined || only === 'service') {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-bench-'))
    try {
      await runBench(directory, Math.min(120, Math.max(1, Number(options.seconds))))
    } finally {
      fs.rmSync(directory, { recursive: true, force: true })
    }
  }
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
      await talk(send, conversation, [], isOver)
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

async function runBench(directory: string, seconds: number): Promise<void> {
  // The first start makes the database and the vectors' cache; the second is the warm one that is measured.
  await withService(path.join(directory, 'data'), (service) => service.untilHybrid())
  const figures = await withService(path.join(directory, 'data'), async (service) => {
    const firstAnswerMs = service.startedMs
    const hybridMs = await service.untilHybrid()
    const idleMb = await service.residentMb()
    const questions = await measureQuestions(service)
    const turns = await measureTurns(service, seconds)
    return { firstAnswerMs, hybridMs, idleMb, questions, turns, loadedMb: await service.residentMb() }
  })
  const floor = measureFloor(path.join(directory, 'floor.db'), Math.min(seconds, 5))
  print([
    ['start to first answer, warm', `${figures.firstAnswerMs.toFixed(0)} ms`, 'target 3000 ms'],
    ['start to hybrid index, warm', `${figures.hybridMs.toFixed(0)} ms`, ''],
    [`durable turns over HTTP, ${CONVERSATIONS} conversations`, `${figures.turns.perSecond.toFixed(0)} /s`, 'target 150 /s'],
    ['  p50 / p95 of one turn', `${figures.turns.p50.toFixed(1)} / ${figures.turns.p95.toFixed(1)} ms`, ''],
    ['floor: the same writes, raw better-sqlite3, WAL, FULL', `${floor.toFixed(0)} /s`, ''],
    ['share of the floor', `${((figures.turns.perSecond / floor) * 100).toFixed(1)} %`, ''],
    ['one question over HTTP, p50 / p95', `${figures.questions.p50.toFixed(1)} / ${figures.questions.p95.toFixed(1)} ms`, 'target p95 30 ms'],
    ['resident memory with the model, idle / after load', `${figures.idleMb.toFixed(0)} / ${figures.loadedMb.toFixed(0)} MB`, 'target 400 MB'],
  ])
}

const print = (rows: string[][]) => {
  for (const [name = '', value = '', target = ''] of rows) console.log(`${name.padEnd(58)}${value.padStart(18)}   ${target}`)
}

interface Service {
  startedMs: number
  send(body: object): Promise<{ replies: { text: string }[] }>
  untilHybrid(): Promise<number>
  residentMb(): Promise<number>
}

async function withService<T>(dataDirectory: string, use: (service: Service) => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  const running = await startService({ dataDirectory, connections: CONVERSATIONS })
  const send = async (body: object) => JSON.parse((await running.call('POST', '/api/v1/messages', body)).text) as { replies: { text: string }[] }
  try {
    await send({ id: 'first', conversation: 'first', sender: { id: 'first' }, text: QUESTIONS[0] })
    return await use({
      startedMs: performance.now() - startedAt,
      send,
      untilHybrid: async () => {
        await running.until(async () => (await running.call('GET', '/readyz')).text.includes('hybrid'))
        return performance.now() - startedAt
      },
      residentMb: async () => Number(/process_resident_memory_bytes(?:\{[^}]*\})? (\d+)/.exec((await running.call('GET', '/metrics')).text)?.[1] ?? Number.NaN) / 1024 / 1024,
    })
  } finally {
    await running.stop()
  }
}

async function measureQuestions(service: Service): Promise<{ p50: number; p95: number }> {
  const times: number[] = []
  for (let index = 0; index < 200; index += 1) {
    const startedAt = performance.now()
    await service.send({ id: `q${index}`, conversation: 'questions', sender: { id: 'questions' }, text: `${QUESTIONS[index % QUESTIONS.length]}？` })
    if (index >= QUESTIONS.length) times.push(performance.now() - startedAt)
  }
  return percentiles(times)
}

async function measureTurns(service: Service, seconds: number): Promise<{ perSecond: number; p50: number; p95: number }> {
  const times: number[] = []
  const startedAt = performance.now()
  const endsAt = startedAt + seconds * 1000
  await Promise.all(Array.from({ length: CONVERSATIONS }, (_, conversation) => talk((body) => service.send(body), conversation, times, () => performance.now() >= endsAt)))
  return { perSecond: (times.length / (performance.now() - startedAt)) * 1000, ...percentiles(times) }
}

/** One resident's visits, one after the other without a pause; each turn's milliseconds go to `times`. */
async function talk(send: Service['send'], conversation: number, times: number[], isOver: () => boolean): Promise<void> {
  let turn = 0
  for (let visit = 0; !isOver(); visit += 1) {
    for (const text of visit === 0 ? VISIT : LATER_VISIT) {
      const sentAt = performance.now()
      const { replies } = await send({ id: `m${(turn += 1)}`, conversation: `c${conversation}`, sender: { id: `r${conversation}`, name: '刘桂兰' }, text })
      if (replies.length === 0) throw new Error(`no reply to "${text}"`)
      times.push(performance.now() - sentAt)
    }
  }
}
