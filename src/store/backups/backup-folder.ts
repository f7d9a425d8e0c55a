import fs from 'node:fs'
import path from 'node:path'
import { fromLocalIso, toLocalIso } from '../../domain/time.ts'
import { isProcessGone, THIS_PROCESS } from '../engine/lease-owner.ts'

export interface BackupFile {
  file: string
  madeAt: Date
  bytes: number
}

/** With one every night: one was missed, and the next was not made either. */
const OLD_MS = 48 * 60 * 60 * 1000
export const isOldBackup = ({ madeAt }: Pick<BackupFile, 'madeAt'>, now: Date): boolean => now.getTime() - madeAt.getTime() > OLD_MS

const NAME = /^linli-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)\.tar\.gz$/
const PART = '.part-'
/** No backup takes as long. */
const LONGEST_MS = 24 * 60 * 60 * 1000

const nameOf = (at: Date): string => `linli-${toLocalIso(at).replaceAll(/[-:]/g, '').replace('T', '-')}.tar.gz`

/** A name by its time that no file of the folder has. */
export function freeName(directory: string, at: Date): string {
  const file = path.join(directory, nameOf(at))
  return fs.existsSync(file) ? freeName(directory, new Date(at.getTime() + 1_000)) : file
}

/** The backups of a folder by their names, newest first; [] when there is no such folder. What is still being made is not among them. */
export async function listBackups(directory: string): Promise<BackupFile[]> {
  const names = await fs.promises.readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const found: BackupFile[] = []
  for (const name of names.sort().reverse()) {
    const [, year, month, day, hour, minute, second] = NAME.exec(name) ?? []
    if (year === undefined) continue
    const facts = await fs.promises.stat(path.join(directory, name)).catch(() => null)
    if (facts?.isFile() === true) found.push({ file: path.join(directory, name), madeAt: fromLocalIso(`${year}-${month}-${day}T${hour}:${minute}:${second}`), bytes: facts.size })
  }
  return found
}

/** Removes all but the `kept` newest. */
export async function pruneBackups(directory: string, kept: number): Promise<void> {
  for (const { file } of (await listBackups(directory)).slice(kept)) await fs.promises.rm(file, { force: true })
}

/** A folder for what is not finished, beside the finished ones, so that a rename makes one of the other; what a killed process left there goes. */
export function openScratch(directory: string): string {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
  for (const name of fs.readdirSync(directory)) {
    if (!name.startsWith(PART)) continue
    const isLeft = isProcessGone(name.slice(PART.length).replaceAll('+', ':')) || Date.now() - fs.statSync(path.join(directory, name)).mtimeMs > LONGEST_MS
    if (isLeft) fs.rmSync(path.join(directory, name), { recursive: true, force: true })
  }
  const scratch = path.join(directory, `${PART}${THIS_PROCESS.replaceAll(':', '+')}`)
  fs.mkdirSync(scratch, { mode: 0o700 })
  return scratch
}

/** Makes a rename in the folder durable. */
export function syncFolder(directory: string): void {
  const folder = fs.openSync(directory, 'r')
  try {
    fs.fsyncSync(folder)
  } finally {
    fs.closeSync(folder)
  }
}
