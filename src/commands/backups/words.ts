import type { BackupMade } from '../../store/backups/make-backup.ts'

/** Why there is no backup, and what to do. */
export function explainNoBackup(made: Exclude<BackupMade, { outcome: 'made' }>): string {
  switch (made.outcome) {
    case 'absent':
      return `还没有数据库（${made.place}），没有可备份的。`
    case 'broken':
      return `数据库 ${made.place} 坏了（${made.faults.slice(0, 2).join('；')}），没有备份。请停下程序，用最近的备份恢复。`
    case 'no_tools':
      return `没有备份：PostgreSQL 的备份要用它自己的 pg_dump，现在用不了（${made.reason}）。请装上不比服务器旧的 PostgreSQL 客户端工具，或者请管理数据库的人备份。`
    case 'unsound':
      return `备份做出来以后打开核对，不对（${made.reason}），没有留下。请看看磁盘有没有毛病，再做一次。`
  }
}
