import fs from 'node:fs'
import path from 'node:path'
import type { Config } from '../../config.ts'
import { formatLocalLong } from '../../domain/time.ts'
import { loadKnowledge } from '../../knowledge/documents/load.ts'
import { isOldBackup, listBackups } from '../../store/backups/backup-folder.ts'
import { inspectDatabase } from '../../store/engine/inspect.ts'

/** One thing that doctor looked at. `advice`: it works, but could be better. */
export interface Finding {
  name: string
  state: 'ok' | 'advice' | 'broken'
  detail: string
  /** What to do; '' when nothing is to be done. */
  remedy: string
}

const LEAST_NODE = [20, 19] as const
const MEGABYTE = 1024 * 1024
const LEAST_FREE_MB = 100
const WISHED_FREE_MB = 1_000

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isEnough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])
  return isEnough
    ? { name: 'Node.js', state: 'ok', detail: `版本 ${version}。`, remedy: '' }
    : { name: 'Node.js', state: 'broken', detail: `版本 ${version} 太旧。`, remedy: `请安装 ${LEAST_NODE.join('.')} 以上的版本。` }
}

export function checkDataDirectory(config: Pick<Config, 'dataDirectory'>): Finding {
  const name = '数据文件夹'
  const { dataDirectory } = config
  const isThere = fs.existsSync(dataDirectory)
  const nearest = isThere ? dataDirectory : nearestExisting(dataDirectory)
  try {
    fs.accessSync(nearest, fs.constants.W_OK | fs.constants.X_OK)
    if (!fs.statSync(nearest).isDirectory()) throw new Error('not a folder')
  } catch {
    return { name, state: 'broken', detail: `写不进 ${dataDirectory}。`, remedy: '改这个文件夹的权限，或者用 DATA_DIR 换一个。' }
  }
  const disk = fs.statfsSync(nearest)
  const freeMb = Math.floor((disk.bavail * disk.bsize) / MEGABYTE)
  const detail = `${dataDirectory}${isThere ? '' : '（第一次启动时建立）'}，还剩 ${freeMb} MB。`
  if (freeMb < LEAST_FREE_MB) return { name, state: 'broken', detail, remedy: '磁盘快满了，请先腾出地方。' }
  return { name, state: freeMb < WISHED_FREE_MB ? 'advice' : 'ok', detail, remedy: freeMb < WISHED_FREE_MB ? '地方不多了，请留意。' : '' }
}

function nearestExisting(directory: string): string {
  let nearest = directory
  while (!fs.existsSync(nearest)) nearest = path.dirname(nearest)
  return nearest
}

export async function checkDatabase(config: Pick<Config, 'databaseUrl' | 'migrationsDirectory'>): Promise<Finding> {
  const name = '数据库'
  const state = await inspectDatabase(config.databaseUrl, config.migrationsDirectory)
  if (state.outcome === 'absent') return { name, state: 'ok', detail: `还没有（${state.place}），第一次启动时建立。`, remedy: '' }
  if (state.outcome === 'unreadable') return { name, state: 'broken', detail: `打不开 ${state.place}（${state.reason}）。`, remedy: '看看文件权限，或者用备份换回来；也可以用 DATABASE_URL 换一个。' }
  if (state.outcome === 'empty') return { name, state: 'broken', detail: `${state.place} 是空的（0 字节），里面的东西没有了。`, remedy: '用最近的备份换回来；确实要从头开始，就删掉这个空文件。' }
  if (state.outcome === 'newer') return { name, state: 'broken', detail: `${state.place} 是新版本改过的（${state.theirs}），这个版本只认到 ${state.ours}。`, remedy: '用新版本的程序启动，或者用这个版本做的备份换回来。' }
  if (state.faults.length > 0) return { name, state: 'broken', detail: `${state.place} 坏了（${state.faults.slice(0, 2).join('；')}）。`, remedy: '停下程序，用最近的备份换回来。' }
  if (state.pendingMigrations.length > 0) return { name, state: 'advice', detail: `有 ${state.pendingMigrations.length} 项结构更新还没做。`, remedy: '启动时会自动做，也可以运行 npm run -s linli -- migrate。' }
  const { servedBy, isLocked } = state.use
  const by = servedBy === null ? '' : `邻里正在用它${servedBy > 0 ? `（进程 ${servedBy}）` : ''}。`
  if (isLocked) return { name, state: 'broken', detail: `${state.place} 被别的程序锁着，写不进去。${by}`, remedy: '停掉那个程序：正在做的复制、数据库浏览器，或者另一个邻里。' }
  if (!mayWrite(state.place)) return { name, state: 'broken', detail: `${state.place} 只能读，写不进去。${by}`, remedy: '看看文件和文件夹的主人和权限，磁盘是不是变成只读了。' }
  return { name, state: 'ok', detail: `${state.place} 完好，结构是最新的（${Math.ceil(state.bytes / MEGABYTE)} MB）。${by}`, remedy: '' }
}

/** Of PostgreSQL the server knows. */
function mayWrite(place: string): boolean {
  if (!fs.existsSync(place)) return true
  try {
    fs.accessSync(place, fs.constants.W_OK)
    fs.accessSync(path.dirname(place), fs.constants.W_OK)
    return true
  } catch {
    return false
  }
}

export async function checkStaff(config: Pick<Config, 'databaseUrl' | 'migrationsDirectory' | 'admin'>): Promise<Finding> {
  const name = '管理员'
  const state = await inspectDatabase(config.databaseUrl, config.migrationsDirectory)
  const count = state.outcome === 'read' ? (state.activeStaff ?? 0) : 0
  if (count > 0) return { name, state: 'ok', detail: `有 ${count} 位管理员可以登录。`, remedy: '' }
  if (config.admin) return { name, state: 'ok', detail: `第一次启动时建立 ${config.admin.user}。`, remedy: '' }
  if (state.outcome === 'absent') return { name, state: 'ok', detail: '第一次启动时建立，并打印一次性密码。', remedy: '' }
  return { name, state: 'advice', detail: '还没有能登录的管理员。', remedy: '运行 npm run -s linli -- staff-add 用户名 --role admin。' }
}

export async function checkKnowledge(config: Pick<Config, 'knowledgeDirectory'>): Promise<Finding> {
  const name = '知识文件'
  try {
    const { documents, services, areas } = await loadKnowledge(config.knowledgeDirectory)
    const clauses = documents.reduce((sum, document) => sum + document.passages.length, 0)
    return { name, state: 'ok', detail: `${documents.length} 份文件，${clauses} 条，${services.length} 项服务，${areas.length} 个地方。`, remedy: '' }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { name, state: 'broken', detail: reason.replaceAll(/\s*\n\s*/g, '；'), remedy: `照上面写的文件和行号改 ${config.knowledgeDirectory}。` }
  }
}

export async function checkBackups({ backups, dataDirectory }: Pick<Config, 'backups' | 'dataDirectory'>, now: Date): Promise<Finding> {
  const name = '备份'
  const { directory, kept } = backups
  const nightly = kept === 0 ? '没有设每夜自动备份（BACKUPS_KEPT=0）。' : `每夜 3:30 自动做，留 ${kept} 份。`
  const last = await listBackups(directory).catch(() => null)
  if (last === null) return { name, state: 'broken', detail: `看不了 ${directory}。`, remedy: '改这个文件夹的权限，或者用 BACKUP_DIR 换一个。' }
  const [newest] = last
  if (newest === undefined) return { name, state: 'advice', detail: `${directory} 里还没有备份。${nightly}`, remedy: '可以现在做一份：npm run -s linli -- backup 文件夹。' }
  const hours = Math.max(0, Math.floor((now.getTime() - newest.madeAt.getTime()) / 3_600_000))
  const detail = `最近一份是 ${hours} 小时前做的（${formatLocalLong(newest.madeAt)}，${Math.ceil(newest.bytes / MEGABYTE)} MB），共 ${last.length} 份，在 ${directory}。${nightly}`
  if (isOldBackup(newest, now)) return { name, state: 'advice', detail, remedy: '太久没有备份了：看日志里的 no-backup 是什么原因，或者现在做一份：npm run -s linli -- backup 文件夹。' }
  const isSameDisk = fs.existsSync(dataDirectory) && fs.statSync(dataDirectory).dev === fs.statSync(directory).dev
  return { name, state: isSameDisk ? 'advice' : 'ok', detail, remedy: isSameDisk ? '备份和数据在同一块磁盘上，磁盘坏了就都没有了：用 BACKUP_DIR 换到另一块，或者常常拷走一份。' : '' }
}
