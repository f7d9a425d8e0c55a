import type { PartHealth } from '../../domain/health.ts'
import { healthy } from '../../domain/health.ts'
import type { DatabaseTrouble } from '../../store/engine/database.ts'
import { probeStore } from '../../store/engine/health.ts'
import type { Store } from '../../store/engine/store.ts'

/** What a trouble is to whoever runs the service, and to staff. */
const WORDS: Record<DatabaseTrouble, { detail: string; banner: string }> = {
  full: {
    detail: 'The disk is full: nothing can be written until there is room.',
    banner: '磁盘满了，居民说的话和您做的改动现在都存不下来（已经存下的都在）。请马上在放数据库的磁盘上腾出地方，腾出来会自动恢复。',
  },
  busy: {
    detail: 'Another program has locked the database: nothing can be written until it is free.',
    banner: '数据库被别的程序锁着，现在写不进去（能看，已经存下的都在）。请停掉那个程序：正在做的复制、数据库浏览器；松开后会自动恢复。',
  },
  away: {
    detail: 'PostgreSQL can not be reached, or refuses connections.',
    banner: '连不上 PostgreSQL 数据库，现在存不下来。请看看它是不是在运行、连接数是不是用完了；恢复后会自动接上。',
  },
  readonly: {
    detail: 'The database may only be read.',
    banner: '数据库变成只读的了，现在写不进去（能看，已经存下的都在）。请检查文件的权限，磁盘是不是出了错、变成了只读。',
  },
  damaged: {
    detail: 'The database is damaged: restore the latest backup.',
    banner: '数据库有一部分坏了，有的内容读不出来。请尽快停下程序，运行 npm run -s linli -- doctor 看看，再用最近的备份换回来。',
  },
  failing: {
    detail: 'The disk does not read or write the database.',
    banner: '磁盘读写数据库出错，现在存不下来。请检查磁盘和接线、放数据的文件夹还在不在；恢复后会自动继续。',
  },
}
const SILENT = {
  detail: 'The database has not taken a write within two seconds.',
  banner: '数据库很久没有反应，现在可能存不下来。请看看磁盘和别的程序。',
}

/** In staff's words what keeps the store from writing or reading. */
export const tellTrouble = (trouble: DatabaseTrouble | null): string => (trouble === null ? SILENT : WORDS[trouble]).banner

/** How long a write may take before it is said that it does not come. */
const PATIENCE_MS = 2_000

/**
 * Whether the store can be read and written, tried by doing it. Never rejects, and takes two seconds at most.
 * @param isDiskFull a small write still finds a place in a file that is there already; a message does not
 */
export async function examineDatabase(store: Store, isDiskFull: () => Promise<boolean> = () => Promise.resolve(false)): Promise<PartHealth> {
  if (await isDiskFull()) return { state: 'failed', ...WORDS.full }
  const outcome = await within(PATIENCE_MS, probeStore(store))
  const trouble = store.trouble()
  if (outcome === 'ok' && trouble === null) return healthy('It is read and written.')
  // Where one page is damaged the others can be used.
  return { state: outcome === 'ok' && trouble === 'damaged' ? 'warning' : 'failed', ...(trouble === null ? SILENT : WORDS[trouble]) }
}

async function within(ms: number, probe: Promise<boolean>): Promise<'ok' | 'failed' | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), ms)))
  const outcome = await Promise.race([probe.then((isFine) => (isFine ? ('ok' as const) : ('failed' as const))), late])
  clearTimeout(timer)
  return outcome
}
