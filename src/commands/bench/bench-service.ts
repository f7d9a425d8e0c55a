import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { measureFloor } from '../../store/engine/bench/bench-floor.ts'
import { percentiles } from './percentiles.ts'
import { startService } from './service-process.ts'

const CONVERSATIONS = 16
/** One resident's visit, as in the chat: report, agree, confirm, look it up. */
const VISIT = ['幸福小区3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', '同意', '确认', '查进度'] as const
const LATER_VISIT = [VISIT[0], VISIT[2], VISIT[3]] as const
const QUESTIONS = ['社区志愿者要占居民多少', '物业跑路了楼没人管怎么办', '社区服务站面积多大', '零就业家庭有什么帮助', '12349是什么电话', '小诊所要交营业税吗', '居民小组多少户', '谁来管网格']
const STARTS = 3
const WARM_UP = QUESTIONS.length
const ALONE = 200
const LOOK_EVERY_MS = 500

/** A line of the result: what, how much, what it should be. */
export type Line = [name: string, value: string, target: string]

interface Service {
  startedMs: number
  send(body: object): Promise<{ replies: { text: string }[] }>
  untilHybrid(): Promise<number>
  /** Figures that it gives of itself. */
  look(): Promise<{ residentMb: number; longestDelayMs: number }>
}

/** The whole program as a process of its own under load over HTTP, against raw SQLite doing the same writes and `node -e 0`, in the same run. */
export async function measureService(seconds: number): Promise<Line[]> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-bench-'))
  const data = path.join(directory, 'data')
  try {
    // The first start makes the database and the vectors' cache; those that are measured find them.
    await withService(data, (service) => service.untilHybrid())
    const starts: number[] = []
    for (let start = 1; start < STARTS; start += 1) starts.push(await withService(data, (service) => Promise.resolve(service.startedMs)))
    const figures = await withService(data, async (service) => {
      starts.push(service.startedMs)
      const hybridMs = await service.untilHybrid()
      const { residentMb: idleMb } = await service.look()
      return { hybridMs, idleMb, ...(await load(service, seconds)) }
    })
    const floor = measureFloor(path.join(directory, 'floor.db'), Math.min(seconds, 5))
    return describe({ ...figures, firstAnswerMs: percentiles(starts).p50, nodeMs: measureNode(), floor })
  } finally {
    fs.rmSync(directory, { recursive: true, force: true })
  }
}

/** Questions alone, then residents alone, then both: what one costs the other. */
async function load(service: Service, seconds: number) {
  let asked = 0
  const alone = await ask(service, () => (asked += 1) > WARM_UP + ALONE)
  const turns = await talkFor(service, seconds, 'alone')
  // What was looked at is counted anew from there.
  await service.look()
  let isOver = false
  const [besides, looks] = await Promise.all([ask(service, () => isOver), lookUntil(service, () => isOver), talkFor(service, seconds, 'beside').finally(() => (isOver = true))])
  return { alone, turns, besides, memoryMb: percentiles(looks.map(({ residentMb }) => residentMb)).p95, longestDelayMs: Math.max(...looks.map(({ longestDelayMs }) => longestDelayMs)) }
}

type Figures = Awaited<ReturnType<typeof load>> & { firstAnswerMs: number; hybridMs: number; nodeMs: number; floor: number; idleMb: number }

function describe(figures: Figures): Line[] {
  const { firstAnswerMs, hybridMs, nodeMs, floor, turns, alone, besides, idleMb, memoryMb, longestDelayMs } = figures
  return [
    ['start to first answer, warm', `${firstAnswerMs.toFixed(0)} ms`, `target 20 times \`node -e 0\`; ${(firstAnswerMs / nodeMs).toFixed(1)} times (${nodeMs.toFixed(0)} ms)`],
    ['start to hybrid index, warm', `${hybridMs.toFixed(0)} ms`, ''],
    [`durable turns over HTTP, ${CONVERSATIONS} conversations`, `${turns.perSecond.toFixed(0)} /s`, 'target 150 /s'],
    ['  p50 / p95 of one turn', `${turns.p50.toFixed(1)} / ${turns.p95.toFixed(1)} ms`, ''],
    ['floor: the same writes, raw better-sqlite3, WAL, FULL', `${floor.toFixed(0)} /s`, ''],
    ['share of the floor', `${((turns.perSecond / floor) * 100).toFixed(1)} %`, 'target 17 %'],
    ['one question over HTTP, p50 / p95', `${alone.p50.toFixed(1)} / ${alone.p95.toFixed(1)} ms`, 'target p95 30 ms'],
    [`one question beside ${CONVERSATIONS} conversations, p50 / p95`, `${besides.p50.toFixed(1)} / ${besides.p95.toFixed(1)} ms`, `target p95 2 times the same alone; ${(besides.p95 / alone.p95).toFixed(1)} times`],
    ["  the event loop's longest delay meanwhile", `${longestDelayMs.toFixed(0)} ms`, 'target 50 ms'],
    ['resident memory with the model, idle / p95 under load', `${idleMb.toFixed(0)} / ${memoryMb.toFixed(0)} MB`, 'target 350 MB'],
  ]
}

/** What `node -e 0` takes: the median of some. */
function measureNode(): number {
  const times = Array.from({ length: 7 }, () => {
    const startedAt = performance.now()
    spawnSync(process.execPath, ['-e', '0'])
    return performance.now() - startedAt
  })
  return percentiles(times).p50
}

async function withService<T>(dataDirectory: string, use: (service: Service) => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  const running = await startService({ dataDirectory, connections: CONVERSATIONS + 2 })
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
      look: async () => {
        const { text } = await running.call('GET', '/metrics')
        const figure = (name: string) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN)
        return { residentMb: figure('process_resident_memory_bytes') / 1024 / 1024, longestDelayMs: figure('nodejs_eventloop_lag_max_seconds') * 1_000 }
      },
    })
  } finally {
    await running.stop()
  }
}

let questions = 0

/** Questions one after the other, no two the same; what it takes to warm up is not counted. */
async function ask(service: Service, isOver: () => boolean): Promise<{ p50: number; p95: number }> {
  const times: number[] = []
  for (let index = 0; !isOver(); index += 1) {
    questions += 1
    const startedAt = performance.now()
    await service.send({ id: `q${questions}`, conversation: 'questions', sender: { id: 'questions' }, text: `${QUESTIONS[index % QUESTIONS.length]}？我住${questions}号楼` })
    if (index >= WARM_UP) times.push(performance.now() - startedAt)
  }
  return percentiles(times)
}

async function lookUntil(service: Service, isOver: () => boolean) {
  const looks = []
  do {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    looks.push(await service.look())
  } while (!isOver())
  return looks
}

async function talkFor(service: Service, seconds: number, name: string): Promise<{ perSecond: number; p50: number; p95: number }> {
  const times: number[] = []
  const startedAt = performance.now()
  const endsAt = startedAt + seconds * 1000
  await Promise.all(Array.from({ length: CONVERSATIONS }, (_, conversation) => talk((body) => service.send(body), `${name}${conversation}`, times, () => performance.now() >= endsAt)))
  return { perSecond: (times.length / (performance.now() - startedAt)) * 1000, ...percentiles(times) }
}

/** One resident's visits, one after the other without a pause; each turn's milliseconds go to `times`. */
export async function talk(send: Service['send'], resident: string, times: number[], isOver: () => boolean): Promise<void> {
  for (let turn = 0; !isOver(); ) {
    for (const text of turn === 0 ? VISIT : LATER_VISIT) {
      const sentAt = performance.now()
      const { replies } = await send({ id: `m${(turn += 1)}`, conversation: resident, sender: { id: resident, name: '刘桂兰' }, text })
      if (replies.length === 0) throw new Error(`no reply to "${text}"`)
      times.push(performance.now() - sentAt)
    }
  }
}
