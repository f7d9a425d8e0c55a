import { AsyncLocalStorage } from 'node:async_hooks'
import path from 'node:path'

interface Turn {
  directory: string
  isOver: boolean
}

const turns = new AsyncLocalStorage<Turn>()
const waiting = new Map<string, Promise<unknown>>()

/**
 * Runs what reads or changes a knowledge folder after all that was asked for before it, so that no two changes mix and nobody reads half of one. Within
 * such a turn another one of the same folder is part of it. Of this process only: files are written whole, so that others read whole ones.
 */
export function oneAtATime<T>(directory: string, job: () => Promise<T>): Promise<T> {
  const place = path.resolve(directory)
  const own = turns.getStore()
  if (own?.directory === place && !own.isOver) return job()
  const turn: Turn = { directory: place, isOver: false }
  const result = (waiting.get(place) ?? Promise.resolve()).then(() => turns.run(turn, job)).finally(() => (turn.isOver = true))
  const done = result.catch(() => undefined).then(() => {
    if (waiting.get(place) === done) waiting.delete(place)
    // While it is on, every promise of the program costs more.
    if (waiting.size === 0) turns.disable()
  })
  waiting.set(place, done)
  return result
}
