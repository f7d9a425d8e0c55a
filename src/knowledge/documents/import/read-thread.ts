import { Worker } from 'node:worker_threads'
import { readByKind } from './formats/read-by-kind.ts'
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

/** One thread for all files of the process, begun at the first and ended when nothing was asked for a while. */
class ReadThread {
  #last: Promise<unknown> = Promise.resolve()
  #worker: Worker | null = null
  #idle: NodeJS.Timeout | undefined
  #lastId = 0
  #onAnswer: (answer: ReadAnswer) => void = () => undefined
  #onEnd: () => void = () => undefined

  ask(name: string, bytes: Buffer): Promise<ReadLines> {
    const result = this.#last.then(() => this.#read(name, bytes))
    this.#last = result.catch(() => undefined)
    return result
  }

  async #read(name: string, bytes: Buffer): Promise<ReadLines> {
    clearTimeout(this.#idle)
    const worker = (this.#worker ??= await this.#start())
    // A machine that starts no thread still reads its files.
    if (worker === null) return readByKind(name, bytes)
    const question: ReadQuestion = { id: (this.#lastId += 1), name, bytes: new Uint8Array(bytes) }
    const result = await this.#wait(worker, question)
    if (result === 'too_slow' || result === 'too_large') {
      // Whatever it was still doing ends with it.
      this.#worker = null
      await worker.terminate()
      return refuse(result === 'too_slow' ? TOO_SLOW : TOO_LARGE)
    }
    this.#idle = setTimeout(() => {
      this.#worker = null
      // Its end is none of the next one's.
      worker.removeAllListeners('exit')
      void worker.terminate()
    }, IDLE_MS)
    this.#idle.unref()
    return result
  }

  #wait(worker: Worker, question: ReadQuestion): Promise<ReadLines | 'too_slow' | 'too_large'> {
    const allowedMs = LONGEST_SILENCE_MS + (question.bytes.length / 1024 / 1024) * MORE_MS_A_MEGABYTE
    return new Promise((resolve) => {
      let stop = watch(allowedMs, () => resolve('too_slow'))
      this.#onAnswer = (answer) => {
        if (answer.kind === 'ready' || (answer.kind === 'read' && answer.id !== question.id)) return
        stop()
        if (answer.kind === 'read') resolve(answer.result)
        else stop = watch(allowedMs, () => resolve('too_slow'))
      }
      this.#onEnd = () => {
        stop()
        resolve('too_large')
      }
      worker.postMessage(question)
    })
  }

  /** Null when it does not start. */
  async #start(): Promise<Worker | null> {
    const worker = new Worker(new URL('./read-worker.mjs', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB } })
    worker.on('message', (answer: ReadAnswer) => this.#onAnswer(answer))
    for (const event of ['error', 'exit']) {
      worker.on(event, () => {
        if (this.#worker === worker) this.#worker = null
        this.#onEnd()
      })
    }
    const isReady = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), LONGEST_START_MS)
      const settle = (is: boolean) => {
        clearTimeout(timer)
        resolve(is)
      }
      this.#onAnswer = () => settle(true)
      this.#onEnd = () => settle(false)
    })
    this.#onEnd = () => undefined
    if (!isReady) await worker.terminate()
    worker.unref()
    return isReady ? worker : null
  }
}

const thread = new ReadThread()

/** Reads a file in a thread, one after the other. What takes too long or too much memory is ended and refused in a sentence; it takes nothing from whoever is being answered. */
export const readInThread = (name: string, bytes: Buffer): Promise<ReadLines> => thread.ask(name, bytes)

/** Calls once so much time has passed and so much of the processor's was used. @returns what ends the watch */
function watch(allowedMs: number, onOver: () => void): () => void {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  const usedMs = () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  const look = () => {
    if (usedMs() >= allowedMs * 0.9 || performance.now() - startedAt > allowedMs * MOST_PATIENCE) onOver()
    else timer = setTimeout(look, Math.max(100, allowedMs - usedMs()))
  }
  let timer = setTimeout(look, allowedMs)
  return () => clearTimeout(timer)
}
