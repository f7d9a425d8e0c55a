import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { SetupError } from '../../../domain/errors.ts'
import { loadKnowledge } from '../load.ts'
import type { Knowledge } from '../load.ts'
import { writeFileWhole } from './document-file.ts'

/** The new text of a file below the knowledge folder; null = it goes (and is kept under `removed/`). */
export interface FolderChange {
  file: string
  text: string | null
}

const READ_BY_SERVICE = ['documents', 'questions', 'gaps', 'services.yaml', 'areas.yaml']

/**
 * Tries the changes on a copy of the folder and, when all of it loads, makes them, each file whole. Files that go are moved to `removed/`.
 * @returns the knowledge as it is afterwards, or what is wrong; then nothing was changed
 * @throws when the disk doesn't take it
 */
export async function changeFolder(directory: string, changes: readonly FolderChange[]): Promise<{ outcome: 'changed'; knowledge: Knowledge } | { outcome: 'refused'; reason: string }> {
  const tried = await tryOnCopy(directory, changes)
  if ('reason' in tried) return { outcome: 'refused', reason: tried.reason }
  // Questions and gaps go before their document, so that no reader finds them without it.
  for (const { file, text } of changes) {
    if (text !== null) await writeFileWhole(path.join(directory, file), text)
    else await setAside(directory, file)
  }
  return { outcome: 'changed', knowledge: tried.knowledge }
}

async function tryOnCopy(directory: string, changes: readonly FolderChange[]): Promise<{ knowledge: Knowledge } | { reason: string }> {
  const copy = await mkdtemp(path.join(tmpdir(), 'linli-knowledge-'))
  try {
    for (const name of READ_BY_SERVICE) await cp(path.join(directory, name), path.join(copy, name), { recursive: true }).catch(ignoreMissing)
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

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}

async function setAside(directory: string, file: string): Promise<void> {
  const from = path.join(directory, file)
  let to = path.join(directory, 'removed', file)
  for (let count = 2; await exists(to); count += 1) to = path.join(directory, 'removed', `${file}.${count}`)
  await writeFileWhole(to, await readFile(from, 'utf8'))
  await rm(from)
}

export const exists = (file: string): Promise<boolean> => stat(file).then(() => true, () => false)
