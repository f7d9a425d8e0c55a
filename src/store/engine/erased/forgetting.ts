import type { Fault, FaultLog } from '../../../domain/faults.ts'

const FIRST_MS = 500
const LONGEST_MS = 30_000

const ERASED_IN_LOG: Fault = {
  name: 'erased-in-log',
  level: 'warn',
  message: 'What was erased still stands in the write-ahead log beside the database, because another program reads the file. It is tried again every half a minute; end that program (a copy, a database viewer) if this is not over within the hour.',
  end: 'What was erased is out of the write-ahead log too.',
}

export interface Forgetting {
  /** Tries at once; resolves with whether it is done. If not, it is tried again until it is. */
  forget(): Promise<boolean>
  isWaiting(): boolean
  stop(): void
}

/** Asks the database again and again to let go of what was erased, until it has. Who reads for a moment only is not spoken of. */
export function createForgetting(forget: () => Promise<boolean>, faults: FaultLog): Forgetting {
  let timer: NodeJS.Timeout | undefined
  let tries = 0
  let isStopped = false

  const attempt = async (): Promise<boolean> => {
    clearTimeout(timer)
    timer = undefined
    // Of a database that takes nothing the writer speaks; here it counts as not done.
    const isDone = await forget().catch(() => false)
    if (isDone) {
      tries = 0
      faults.over(ERASED_IN_LOG.name)
      return true
    }
    tries += 1
    if (tries > 1) faults.say(ERASED_IN_LOG)
    if (!isStopped) timer ??= setTimeout(() => void attempt(), Math.min(FIRST_MS * 2 ** tries, LONGEST_MS)).unref()
    return false
  }

  return {
    forget: attempt,
    isWaiting: () => tries > 0,
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
