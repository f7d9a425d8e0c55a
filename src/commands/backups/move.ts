import { Command } from 'commander'
import { loadConfig } from '../../config.ts'
import { SetupError } from '../../domain/errors.ts'
import { moveToPostgresql, type Moved } from '../../store/backups/move-to-postgresql.ts'
import { endQuietlyOnClosedPipe, fail, tell, writeLine } from '../output.ts'

/** `move-to-postgresql URL`: copies the whole SQLite store into an empty PostgreSQL database; one line for each table on standard output. */
export function moveCommand(): Command {
  return new Command('move-to-postgresql')
    .description('把 SQLite 里的全部数据搬到一个空的 PostgreSQL 数据库，逐表核对（先停下程序）')
    .argument('<url>', 'postgresql://用户:口令@主机:5432/数据库')
    .action(async (target: string) => {
      endQuietlyOnClosedPipe()
      const { databaseUrl, migrationsDirectory } = loadConfig(process.env)
      if (!databaseUrl.startsWith('file:')) throw new SetupError('DATABASE_URL 已经是 PostgreSQL，没有可搬的。')
      if (!/^postgres(ql)?:\/\/\S+\/\S+$/.test(target)) throw new SetupError('要搬到哪里看不懂。请写成 postgresql://用户:口令@主机:5432/数据库。')
      const moved = await moveToPostgresql({ databaseUrl, target, migrationsDirectory })
      if (moved.outcome !== 'moved') return fail(explainNotMoved(moved))
      for (const [name, { rows, sha256 }] of Object.entries(moved.tables)) writeLine(`${name} ${rows} ${sha256}`)
      tell(`搬好了，${Object.keys(moved.tables).length} 张表的行数和摘要两边一样（见上）。现在起用 DATABASE_URL 指到 ${moved.place} 启动；原来的文件没有动，请收好，不要再用它启动。`)
    })
}

function explainNotMoved(moved: Exclude<Moved, { outcome: 'moved' }>): string {
  switch (moved.outcome) {
    case 'absent':
      return `没有 ${moved.file}，没有可搬的。`
    case 'in_use':
      return `${moved.file} 正在用，没有搬。请先停下程序（和打开它的其他工具），再运行一次。`
    case 'broken':
      return `${moved.file} 坏了（${moved.faults.slice(0, 2).join('；')}），没有搬。请先用备份恢复。`
    case 'occupied':
      return `那边的数据库不是空的（表 ${moved.by} 里有内容），没有搬。请建一个空的数据库。`
    case 'different':
      return `搬过去以后核对不上（${moved.tables.join('、')}），没有留下。请把这一行告诉开发的人。`
  }
}
