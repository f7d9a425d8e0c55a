import { Command } from 'commander'
import { spawn, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { measureFloor } from '../store/bench-floor.ts'

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const TOKEN = 'bench-token-0123456789'
const CONVERSATIONS = 16
/** One resident's visit, as in the chat: report, agree, confirm, look it up. */
const VISIT = ['幸福小区3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', '同意', '确认', '查进度'] as const
const LATER_VISIT = [VISIT[0], VISIT[2], VISIT[3]] as const
const QUESTIONS = ['社区志愿者要占居民多少', '物业跑路了楼没人管怎么办', '社区服务站面积多大', '零就业家庭有什么帮助', '12349是什么电话', '小诊所要交营业税吗', '居民小组多少户', '谁来管网格']

/** bench: the whole program under load on this machine, against raw SQLite doing the same writes in the same run. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('measures durable turns per second, question latency, start time and memory, against a floor in the same run')
    .option('--seconds <n>', 'how long each load lasts', '10')
    .action(async (options: { seconds: string }) => {
      const seconds = Math.min(120, Math.max(1, Number(options.seconds)))
      const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-bench-'))
      try {
        await runBench(directory, seconds)
      } finally {
        fs.rmSync(directory, { recursive: true, force: true })
      }
    })
}

async function runBench(directory: string, seconds: number): Promise<void> {
  await withService(path.join(directory, 'cold'), async () => undefined)
  const figures = await withService(path.join(directory, 'cold'), async (service) => {
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

/** Starts the program as `npm start` does, in an empty folder, and ends it when `use` is done. */
async function withService<T>(dataDirectory: string, use: (service: Service) => Promise<T>): Promise<T> {
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn(process.execPath, [path.join(ROOT, 'node_modules/tsx/dist/cli.mjs'), path.join(ROOT, 'src/main.ts')], {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR: dataDirectory, DATABASE_URL: '', PORT: String(port), HOST: '127.0.0.1', LINLI_API_TOKEN: TOKEN, LOG_LEVEL: 'error', TELEGRAM_BOT_TOKEN: '', WECHATY_PUPPET: '', CHAT_MODEL: '' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONVERSATIONS })
  const call = (method: string, route: string, body?: object) => request(agent, port, method, route, body)
  try {
    await until(async () => (await call('GET', '/healthz')).status === 200, child)
    const send = async (body: object) => JSON.parse((await call('POST', '/api/v1/messages', body)).text) as { replies: { text: string }[] }
    await send({ id: 'first', conversation: 'first', sender: { id: 'first' }, text: QUESTIONS[0] })
    return await use({
      startedMs: performance.now() - startedAt,
      send,
      untilHybrid: async () => {
        await until(async () => /"?hybrid"?/.test((await call('GET', '/readyz')).text), child)
        return performance.now() - startedAt
      },
      residentMb: async () => Number(/process_resident_memory_bytes(?:\{[^}]*\})? (\d+)/.exec((await call('GET', '/metrics')).text)?.[1] ?? Number.NaN) / 1024 / 1024,
    })
  } finally {
    agent.destroy()
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }
}

async function until(check: () => Promise<boolean>, child: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    if (child.exitCode !== null) throw new Error(`the program ended with code ${child.exitCode}`)
    if (await check().catch(() => false)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('the program was not ready within a minute')
}

function request(agent: http.Agent, port: number, method: string, route: string, body?: object): Promise<{ status: number; text: string }> {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
  const headers = { authorization: `Bearer ${TOKEN}`, ...(payload && { 'content-type': 'application/json', 'content-length': payload.length }) }
  return new Promise((resolve, reject) => {
    const outgoing = http.request({ agent, host: '127.0.0.1', port, method, path: route, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }))
    })
    outgoing.on('error', reject)
    outgoing.end(payload)
  })
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
  const visitor = async (conversation: number) => {
    let turn = 0
    for (let visit = 0; performance.now() < endsAt; visit += 1) {
      for (const text of visit === 0 ? VISIT : LATER_VISIT) {
        const sentAt = performance.now()
        const { replies } = await service.send({ id: `m${(turn += 1)}`, conversation: `c${conversation}`, sender: { id: `r${conversation}`, name: '刘桂兰' }, text })
        if (replies.length === 0) throw new Error(`no reply to "${text}"`)
        times.push(performance.now() - sentAt)
      }
    }
  }
  await Promise.all(Array.from({ length: CONVERSATIONS }, (_, conversation) => visitor(conversation)))
  return { perSecond: (times.length / (performance.now() - startedAt)) * 1000, ...percentiles(times) }
}

function percentiles(times: number[]): { p50: number; p95: number } {
  const sorted = times.toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95) }
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = net.createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
