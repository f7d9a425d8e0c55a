import { randomUUID } from 'node:crypto'
import os from 'node:os'

/** Names this process in leases: where it runs, and which run of it. */
export const THIS_PROCESS = `${os.hostname()}:${process.pid}:${randomUUID()}`

/** Whether the process of this machine that `owner` names is no longer there; of another machine's nothing is known. */
export function isProcessGone(owner: string): boolean {
  const [host, pid] = owner.split(':')
  if (host !== os.hostname() || owner === THIS_PROCESS) return false
  if (Number(pid) === process.pid) return true
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
