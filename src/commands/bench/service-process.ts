import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..')
const TOKEN = 'token-of-a-service-started-by-hand'
/** Long enough for a machine that has much else to do. */
const READY_WITHIN_MS = 300_000
/** Settings of the caller's own shell that must not reach a service meant to stand alone. */
const UNSET = [
  'DATABASE_URL', 'PUBLIC_URL', 'KNOWLEDGE_DIR', 'ADMIN_USER', 'ADMIN_PASSWORD', 'TELEGRAM_BOT_TOKEN', 'TELEGRAM_API_ROOT', 'TELEGRAM_WEBHOOK_URL', 'TELEGRAM_WEBHOOK_SECRET', 'WECHATY_PUPPET',
  'WECHATY_PUPPET_SERVICE_TOKEN', 'WECHATY_PUPPET_SERVICE_ENDPOINT', 'WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT', 'WECOM_BOT_ID', 'WECOM_BOT_SECRET', 'WECOM_BOT_NAME', 'WECOM_GROUP_WEBHOOKS',
  'CHAT_MODEL', 'EMBEDDING_MODEL', 'OPENAI_API_KEY', 'OPENAI_BASE_URL',
]

export interface ServiceProcess {
  url: string
  pid: number
  /** One HTTP call with the API token; rejects while nothing listens. */
  call(method: string, route: string, body?: object): Promise<{ status: number; text: string }>
  /** Waits until `check` holds; rejects when the process ends or minutes are over. */
  until(check: () => Promise<boolean>): Promise<void>
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL: a crash. */
  kill(): Promise<void>
  /** What it printed so far. */
  output(): string
}

/**
 * Starts the whole program as `npm start` does, as a process of its own on a free port, and resolves when it answers.
 * For the benchmark and for tests of crashes and restarts.
 */
export async function startService(options: { dataDirectory: string; environment?: Record<string, string>; connections?: number }): Promise<ServiceProcess> {
  const port = await freePort()
  const environment = {
    ...process.env,
    ...Object.fromEntries(UNSET.map((name) => [name, ''])),
    DATA_DIR: options.dataDirectory,
    PORT: String(port),
    HOST: '127.0.0.1',
    LINLI_API_TOKEN: TOKEN,
    LOG_LEVEL: 'error',
    ...options.environment,
  }
  const child = spawn(process.execPath, startArguments(), { cwd: ROOT, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const agent = new http.Agent({ keepAlive: true, maxSockets: options.connections ?? 32 })

  const service: ServiceProcess = {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    call: (method, route, body) => request(agent, port, method, route, body),
    async until(check) {
      for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; ) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the program ended (${child.exitCode ?? child.signalCode}):\n${printed}`)
        if (await check().catch(() => false)) return
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      throw new Error(`the program was not ready within ${READY_WITHIN_MS / 60_000} minutes:\n${printed}`)
    },
    async stop() {
      agent.destroy()
      child.kill('SIGTERM')
      return ended
    },
    async kill() {
      agent.destroy()
      child.kill('SIGKILL')
      await ended
    },
    output: () => printed,
  }
  try {
    await service.until(async () => (await service.call('GET', '/healthz')).status === 200)
  } catch (error) {
    // Nobody else could end it.
    child.kill('SIGKILL')
    throw error
  }
  return service
}

/** The arguments that `npm start` gives to node. */
function startArguments(): string[] {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } }
  return scripts.start.split(' ').slice(1)
}

function request(agent: http.Agent, port: number, method: string, route: string, body?: object): Promise<{ status: number; text: string }> {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
  const headers = { authorization: `Bearer ${TOKEN}`, ...(payload && { 'content-type': 'application/json', 'content-length': payload.length }) }
  return new Promise((resolve, reject) => {
    const outgoing = http.request({ agent, host: '127.0.0.1', port, method, path: route, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }))
    })
    outgoing.on('error', reject)
    outgoing.end(payload)
  })
}

/** A port of loopback that nobody listens on at this moment. */
export const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = net.createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
