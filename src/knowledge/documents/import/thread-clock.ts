import { readFileSync } from 'node:fs'
import type { Worker } from 'node:worker_threads'

/** Linux counts a thread's time in hundredths of a second, whatever the processor. */
const TICK_MS = 10
/** Where `utime` and `stime` stand behind the name of /proc/self/task/N/stat. */
const USER_TIME = 11
const SYSTEM_TIME = 12

/**
 * How long a thread has worked, in ms: its own time on the processor where the system tells it, else the time that it was not waiting. What the rest of the
 * process does, and the machine's other programs, do not count.
 */
export function workedMs(worker: Worker, task: string | null): number {
  if (task !== null) {
    try {
      const fields = readFileSync(`/proc/self/task/${task}/stat`, 'latin1').replace(/^.*\) /, '').split(' ')
      return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) * TICK_MS
    } catch {
      // It has ended.
    }
  }
  return worker.performance.eventLoopUtilization().active
}
