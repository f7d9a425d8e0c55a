import { cp, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { SetupError } from '../../../domain/errors.ts'
import { loadKnowledge, READ_BELOW } from '../load.ts'
import type { Knowledge } from '../load.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import { writeFileWhole } from './document-file.ts'

/** The new text of a file below the knowledge folder; null = it goes (and is kept under `removed/`). */
export interface FolderChange {
  file: string
  text: string | null
}

/**
 * Tries the changes on a copy of the folder and, when all of it loads, makes them, each file whole. Files that go are moved to `removed/`.
 * @param then what belongs to the change, with the knowledge as it is afterwards: when it throws, or the disk does, all files are put back as they were
 * @returns what is wrong with the changes; then nothing was changed
 * @throws when the disk doesn't take it, or what `then` threw
 */
export function changeFolder(directory: string, changes: readonly FolderChange[], then: (knowledge: Knowledge) => Promise<void> = () => Promise.resolve()): Promise<{ outcome: 'changed' } | { outcome: 'refused'; reason: string }> {
  return oneAtATime(directory, async () => {
    const tried = await tryOnCopy(directory, changes)
    if ('reason' in tried) return { outcome: 'refused', reason: tried.reason }
    const putBack: (() => Promise<void>)[] = []
    try {
      // Questions and gaps go before their document, so that no reader finds them without it.
      for (const change of changes) putBack.unshift(await makeChange(directory, change))
      await then(tried.knowledge)
    } catch (error) {
      for (const undo of putBack) await undo()
      throw error
    }
    return { outcome: 'changed' }
  })
}

async function tryOnCopy(directory: string, changes: readonly FolderChange[]): Promise<{ knowledge: Knowledge } | { reason: string }> {
  const copy = await mkdtemp(path.join(tmpdir(), 'linli-knowledge-'))
  try {
    for (const name of await readdir(directory)) if (READ_BELOW.test(name)) await cp(path.join(directory, name), path.join(copy, name), { recursive: true })
    for (const { file, text } of changes) {
      if (text !== null) await writeFileWhole(path.join(copy, file), text)
      else await rm(path.join(copy, file), { force: true })
    }
    return { knowledge: await loadKnowledge(copy) }
  } catch (error) {
    if (error instanceof SetupError) return { reason: error.message.replaceAll(`${copy}${path.sep}`, '') }
    throw error
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

/** @returns what takes it back */
async function makeChange(directory: string, { file, text }: FolderChange): Promise<() => Promise<void>> {
  const place = path.join(directory, file)
  const before = await readFile(place, 'utf8').catch(ignoreMissing)
  if (text !== null) {
    await writeFileWhole(place, text)
    return () => (before === null ? rm(place, { force: true }) : writeFileWhole(place, before))
  }
  if (before === null) return () => Promise.resolve()
  const aside = await freeName(path.join(directory, 'removed', file))
  await writeFileWhole(aside, before)
  await rm(place)
  return async () => {
    await writeFileWhole(place, before)
    await rm(aside)
  }
}

function ignoreMissing(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  return null
}

async function freeName(file: string): Promise<string> {
  let name = file
  for (let count = 2; await exists(name); count += 1) name = `${file}.${count}`
  return name
}

export const exists = (file: string): Promise<boolean> => stat(file).then(() => true, () => false)
