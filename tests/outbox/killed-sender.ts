import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** What the platform of a killed sender took: a file with one line for each thing. */
export function createFilePlatform(directory: string): { file: string; taken(): string[] } {
  const file = path.join(directory, 'platform.txt')
  fs.writeFileSync(file, '')
  return { file, taken: () => fs.readFileSync(file, 'utf8').split('\n').filter(Boolean) }
}

/**
 * Sends what is queued at `url` by a process of its own, the program `child`: killed (-9) three times in the middle, each time after
 * `first` things or some more, and the fourth time only when `isDone`.
 */
export async function sendThroughKills(options: { child: string; url: string; platform: { file: string; taken(): string[] }; first: number; isDone: () => Promise<boolean> }): Promise<void> {
  const { platform, first, isDone } = options
  // Each next process lives a minute later, so that the leases of the one before are over at once.
  const startChild = (run: number) => {
    const child = spawn(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, options.child), options.url, platform.file, String(run * 60_000)], { stdio: ['ignore', 'ignore', 'inherit'] })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    return async () => {
      child.kill('SIGKILL')
      await ended
    }
  }
  for (let run = 0; run < 3; run += 1) {
    const before = platform.taken().length
    const kill = startChild(run)
    while (platform.taken().length < before + first + run * 37) await delay(2)
    await kill()
  }
  const kill = startChild(3)
  while (!(await isDone())) await delay(50)
  await kill()
}
