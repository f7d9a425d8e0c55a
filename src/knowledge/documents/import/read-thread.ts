import { Worker } from 'node:worker_threads'
import { unpackedSize } from '../../../model/zip.ts'
import { isZip } from './formats/read-by-kind.ts'
import type { Imported, ImportOptions } from './import-document.ts'
import { refuse } from './lines.ts'
import type { ImportAnswer, ImportQuestion } from './read-worker.ts'
import { workedMs } from './thread-clock.ts'

/** Work without a sign of progress, and what a large file may have on top of it. */
const LONGEST_SILENCE_MS = 4_500
const MORE_MS_A_MEGABYTE = 1_000
/** Word's XML counts unpacked (3 MB of it take 5 s, half of them the converter's), up to so many: packed files say what they like. */
const MOST_UNPACKED_BYTES = 4 * 1024 * 1024
/** All of its work, with whatever signs of progress. */
const LONGEST_WORK_MS = 60_000
/** On a machine that is busy with other things the same work takes longer. */
const LONGEST_WAIT_MS = 120_000
const LONGEST_START_MS = 30_000
const LOOK_MS = 100
const MOST_MEMORY_MB = 1_024
const IDLE_MS = 10_000
const TOO_SLOW = '这个文件读得太慢，没有读完：里面的内容大得不正常，或者太复杂。请拆开，或者把正文复制到 txt 文件里再加。'
const TOO_LARGE = '这个文件太占内存，读不了：里面的内容大得不正常。请拆开，或者把正文复制到 txt 文件里再加。'
const TOO_BUSY = '服务器现在太忙，没有读这个文件，请过几分钟再试。'

interface Running {
  worker: Worker
  task: string | null
}

/** One thread for all files of the process, begun at the first and ended when nothing was asked for a while. */
class ImportThread {
  #last: Promise<unknown> = Promise.resolve()
  #running: Running | null = null
  #idle: NodeJS.Timeout | undefined
  #lastId = 0
  #onAnswer: (answer: ImportAnswer) => void = () => undefined
  #onEnd: () => void = () => undefined

  ask(name: string, bytes: Buffer, options: ImportOptions): Promise<Imported> {
    const result = this.#last.then(() => this.#import(name, bytes, options))
    this.#last = result.catch(() => undefined)
    return result
  }

  async #import(name: string, bytes: Buffer, options: ImportOptions): Promise<Imported> {
    clearTimeout(this.#idle)
    const running = (this.#running ??= await this.#start())
    // Nobody being answered waits for a file because a machine starts no thread.
    if (running === null) return refuse(TOO_BUSY)
    const result = await this.#wait(running, { id: (this.#lastId += 1), name, bytes: new Uint8Array(bytes), options })
    if (typeof result === 'string') {
      // Whatever it was still doing ends with it.
      this.#running = null
      await running.worker.terminate()
      return refuse(result)
    }
    this.#idle = setTimeout(() => {
      this.#running = null
      // Its end is none of the next one's.
      running.worker.removeAllListeners('exit')
      void running.worker.terminate()
    }, IDLE_MS)
    this.#idle.unref()
    return result
  }

  /** @returns the result, or in a sentence why there is none */
  #wait({ worker, task }: Running, question: ImportQuestion): Promise<Imported | string> {
    const allowedMs = LONGEST_SILENCE_MS + (sizeOf(Buffer.from(question.bytes.buffer)) / 1024 / 1024) * MORE_MS_A_MEGABYTE
    const begun = { at: performance.now(), workedMs: workedMs(worker, task) }
    let heardMs = begun.workedMs
    return new Promise((resolve) => {
      const end = (result: Imported | string) => {
        clearInterval(look)
        resolve(result)
      }
      const look = setInterval(() => {
        const ms = workedMs(worker, task)
        if (ms - heardMs > allowedMs || ms - begun.workedMs > LONGEST_WORK_MS) end(TOO_SLOW)
        else if (performance.now() - begun.at > LONGEST_WAIT_MS) end(TOO_BUSY)
      }, LOOK_MS)
      this.#onAnswer = (answer) => {
        if (answer.kind === 'goes_on') heardMs = workedMs(worker, task)
        else if (answer.kind === 'imported' && answer.id === question.id) end(answer.result)
      }
      this.#onEnd = () => end(TOO_LARGE)
      worker.postMessage(question)
    })
  }

  /** Null when it does not start. */
  async #start(): Promise<Running | null> {
    const worker = new Worker(new URL('./read-worker.mjs', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB } })
    worker.on('message', (answer: ImportAnswer) => this.#onAnswer(answer))
    for (const event of ['error', 'exit']) {
      worker.on(event, () => {
        if (this.#running?.worker === worker) this.#running = null
        this.#onEnd()
      })
    }
    const started = await new Promise<Running | null>((resolve) => {
      const settle = (running: Running | null) => {
        clearTimeout(timer)
        resolve(running)
      }
      const timer = setTimeout(() => settle(null), LONGEST_START_MS)
      this.#onAnswer = (answer) => settle({ worker, task: answer.kind === 'ready' ? answer.task : null })
      this.#onEnd = () => settle(null)
    })
    this.#onEnd = () => undefined
    if (started === null) await worker.terminate()
    worker.unref()
    return started
  }
}

const sizeOf = (bytes: Buffer): number => (isZip(bytes) ? Math.max(bytes.length, Math.min(unpackedSize(bytes), MOST_UNPACKED_BYTES)) : bytes.length)

const thread = new ImportThread()

/** Imports a file in a thread, one after the other. What takes too long or too much memory is ended and refused in a sentence; it takes nothing from whoever is being answered. */
export const importInThread = (name: string, bytes: Buffer, options: ImportOptions): Promise<Imported> => thread.ask(name, bytes, options)
