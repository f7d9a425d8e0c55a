import { Command } from 'commander'
import { describeRetention } from '../domain/retention.ts'
import { addCounts, countExpired, describeCounts, expireSome, type ExpiryCounts } from '../store/erasing/expire.ts'
import { EXPIRING, EXPIRING_KINDS } from '../store/erasing/expiring.ts'
import { openPhotos } from '../store/pictures/photos.ts'
import { tell, withStore, writeLine } from './output.ts'

const BY = '命令行'

/** `retention [--dry-run]`: lets go of what is kept no longer, as happens every night by itself; a line for each kind. With `--dry-run` nothing changes. */
export function retentionCommand(): Command {
  return new Command('retention')
    .description('删掉过了保存期的（每天夜里也会自动删）')
    .option('--dry-run', '只数一数会删多少，什么都不删')
    .action(({ dryRun = false }: { dryRun?: boolean }) =>
      withStore(async ({ store, config, now }) => {
        const { retention } = config
        tell(`保存期：${describeRetention(retention)}。`)
        if (dryRun) {
          const counts = await countExpired(store, { retention, now: now() })
          writeCounts(counts)
          tell(describeCounts(counts) === '' ? '现在没有过期的。' : '只是数一数，什么都没有删。')
          return
        }
        let counts: ExpiryCounts = {}
        for (let hasMore = true; hasMore; ) {
          const expired = await expireSome(store, { retention, now: now(), by: BY })
          counts = addCounts(counts, expired.counts)
          hasMore = expired.hasMore
        }
        await openPhotos({ directory: config.photosDirectory, store, now }).clear()
        const isWhole = await store.forgetErased()
        writeCounts(counts)
        tell(describeCounts(counts) === '' ? '现在没有过期的。' : '删好了，操作记录里有一行。')
        if (!isWhole) tell('数据库的日志文件（-wal）里还有删掉的内容：别的程序正在读数据库。服务运行时会自己再试。')
      }),
    )
}

function writeCounts(counts: ExpiryCounts): void {
  for (const kind of EXPIRING_KINDS) writeLine(`${EXPIRING[kind].label} ${counts[kind] ?? 0}`)
}
