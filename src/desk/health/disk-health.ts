import fs from 'node:fs/promises'
import path from 'node:path'
import { healthy, type PartHealth } from '../../domain/health.ts'

const MEGABYTE = 1024 * 1024
/** Where it begins to be said: weeks before a community's messages fill it. */
const WISHED_FREE_MB = 1_000
/** What a copy, an update or one large picture takes at any moment. */
const LEAST_FREE_MB = 100

export interface DiskSpace {
  freeBytes: number
  /** Files that may still be made; null where the file system does not count them. */
  freeFiles: number | null
}

/** Room on the disk that holds `folder`, or the nearest folder above it that is there. */
export async function measureDisk(folder: string): Promise<DiskSpace> {
  const disk = await fs.statfs(await nearestFolder(folder))
  return { freeBytes: disk.bavail * disk.bsize, freeFiles: disk.files > 0 ? disk.ffree : null }
}

async function nearestFolder(folder: string): Promise<string> {
  const isThere = await fs.access(folder).then(() => true, () => false)
  const above = path.dirname(folder)
  return isThere || above === folder ? folder : nearestFolder(above)
}

const FULL_BYTES = MEGABYTE

/** Whether nothing of any size can be written there. Never rejects: what can't be measured is told by `examineDisk`. */
export const isDiskFull = (folder: string, measure = measureDisk): Promise<boolean> => measure(folder).then(({ freeBytes }) => freeBytes < FULL_BYTES, () => false)

/** Room on the disks of the folders, and whether this process may open files. Never rejects. */
export async function examineDisk(folders: readonly string[], measure: (folder: string) => Promise<DiskSpace> = measureDisk): Promise<PartHealth> {
  try {
    const spaces = await Promise.all(folders.map(measure))
    const handle = await fs.open('/')
    await handle.close()
    return describeSpace(Math.floor(Math.min(...spaces.map(({ freeBytes }) => freeBytes)) / MEGABYTE), spaces.some(({ freeFiles }) => freeFiles === 0))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EMFILE' || code === 'ENFILE') {
      return {
        state: 'failed',
        detail: 'No file handles are left: pictures can not be read or kept, and new connections are refused. Raise the limit (ulimit -n), then restart.',
        banner: '程序能打开的文件用完了，照片存不下来，新的连接进不来。请把上限调大（ulimit -n），再重新启动。',
      }
    }
    return { state: 'failed', detail: `The disk that holds the data does not answer (${code || 'unknown'}).`, banner: '放数据的磁盘没有反应。请检查磁盘和接线、文件夹还在不在。' }
  }
}

function describeSpace(freeMb: number, isOutOfFiles: boolean): PartHealth {
  if (isOutOfFiles) return { state: 'failed', detail: 'The disk can hold no further file.', banner: '磁盘上不能再建新文件了（文件个数到头了）。请删掉用不着的小文件。' }
  const detail = `${freeMb} MB are free.`
  if (freeMb < LEAST_FREE_MB) return { state: 'failed', detail, banner: `磁盘马上就满了，只剩 ${freeMb} MB。满了以后什么都存不下来，请现在就腾出地方。` }
  if (freeMb < WISHED_FREE_MB) return { state: 'warning', detail, banner: `磁盘地方不多了，还剩 ${freeMb} MB。请尽早腾出地方，满了以后什么都存不下来。` }
  return healthy(detail)
}

/** Whether pictures can be kept in the folders. Never rejects; a folder that is not there yet is made with the first picture. */
export async function examinePictures(folders: readonly string[]): Promise<PartHealth> {
  try {
    for (const folder of folders) await fs.access(await nearestFolder(folder), fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK)
    return healthy('Their folders can be written.')
  } catch {
    return { state: 'failed', detail: 'The folders of pictures can not be written.', banner: '放图片的文件夹写不进去，居民发的照片和公告的图存不下来（文字不受影响）。请检查 DATA_DIR 里 pictures 和 photos 的权限。' }
  }
}
