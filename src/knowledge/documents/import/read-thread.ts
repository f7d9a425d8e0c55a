import { Worker } from 'node:worker_threads'
import { refuse } from './lines.ts'
import type { ReadLines } from './lines.ts'
import type { ReadAnswer, ReadQuestion } from './read-worker.ts'

/** Time without a sign of progress, and what a large file may have on top of it. */
const LONGEST_SILENCE_MS = 4_500
const MORE_MS_A_MEGABYTE = 1_000
/** On a machine that is busy with other things it may take so many times as long, if it does not get the processor. */
const MOST_PATIENCE = 3
const LONGEST_START_MS = 30_000
const MOST_MEMORY_MB = 1_024
const IDLE_MS = 10_000
const TOO_SLOW = '这个文件读得太慢，没有读完：里面的内容大得不正常，或者太复杂。请拆开，或者把正文复制到 txt 文件里再加。'
const TOO_LARGE = '这个文件太占内存，读不了：里面的内容大得不正常。请拆开，或者把正文复制到 txt 文件里再加。'

let last: Promise<unknown> = Promise.resolve()
let worker: Worker | null = null
let idle: NodeJS.Timeout | undefined
let lastId = 0

/** Reads a file in a thread, one after the other. What takes too long or too much memory is ended and refused in a sentence; it takes nothing from whoever is being answered. */
export function readInThread(name: string, bytes: Buffer): Promise<ReadLines> {
  const result = last.then(() => readNow(name, bytes))
  last = result
  return result
}

async function readNow(name: string, bytes: Buffer): Promise<ReadLines> {
  clearTimeout(idle)
  const own = (worker ??= await start())
  const id = (lastId += 1)
  const allowedMs = LONGEST_SILENCE_MS + (bytes.length / 1024 / 1024) * MORE_MS_A_MEGABYTE
  const result = await new Promise<ReadLines>((resolve) => {
    let stop = watch(allowedMs, () => resolve(refuse(TOO_SLOW)))
    own.on('message', (answer: ReadAnswer) => {
      if (answer.kind === 'goes_on') {
        stop()
        stop = watch(allowedMs, () => resolve(refuse(TOO_SLOW)))
      } else if (answer.kind === 'read' && answer.id === id) {
        stop()
        resolve(answer.result)
      }
    })
    for (const event of ['error', 'exit']) {
      own.on(event, () => {
        stop()
        resolve(refuse(TOO_LARGE))
      })
    }
    const question: ReadQuestion = { id, name, bytes: new Uint8Array(bytes) }
    own.postMessage(question)
  })
  own.removeAllListeners()
  // Whatever it was still doing ends with it.
  if (result.outcome === 'refused' && (result.reason === TOO_SLOW || result.reason === TOO_LARGE)) {
    worker = null
    await own.terminate()
  } else {
    own.on('error', () => forget(own))
    own.on('exit', () => forget(own))
    idle = setTimeout(() => {
      forget(own)
      void own.terminate()
    }, IDLE_MS)
    idle.unref()
  }
  return result
}

/** Calls once so much time has passed and so much of the processor's was used. @returns what ends the watch */
function watch(allowedMs: number, onOver: () => void): () => void {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  const usedMs = () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  let timer: NodeJS.Timeout
  const look = () => {
    if (usedMs() >= allowedMs * 0.9 || performance.now() - startedAt > allowedMs * MOST_PATIENCE) onOver()
    else timer = setTimeout(look, Math.max(100, allowedMs - usedMs()))
  }
  timer = setTimeout(look, allowedMs)
  return () => clearTimeout(timer)
}

function forget(own: Worker): void {
  if (worker === own) worker = null
}

async function start(): Promise<Worker> {
  const own = new Worker(new URL('./read-worker.mjs', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB } })
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The thread that reads files did not start')), LONGEST_START_MS)
    own.once('message', () => {
      clearTimeout(timer)
      resolve()
    })
    own.once('error', reject)
  })
  own.unref()
  return own
}
