import { Command } from 'commander'
import { loadConfig } from '../../config.ts'
import { formatLocalLong } from '../../domain/time.ts'
import { restoreBackup, type Restored } from '../../store/backups/restore-backup.ts'
import { createCommandLog } from '../answering.ts'
import { fail, tell, writeLine } from '../output.ts'

/** `restore FILE`: brings a backup back into an empty DATA_DIR, and says what is lost since. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description('用一份备份恢复到空的 DATA_DIR（先停下程序）')
    .argument('<file>', 'backup 做的文件')
    .action(async (file: string) => {
      const { dataDirectory, databaseUrl, migrationsDirectory, knowledgeDirectory, ...config } = loadConfig(process.env)
      process.umask(0o077)
      const restored = await restoreBackup({ file, dataDirectory, databaseUrl, migrationsDirectory, knowledgeDirectory, log: createCommandLog(config), now: new Date() })
      if (restored.outcome !== 'restored') return fail(explainNotRestored(file, restored))
      for (const line of describeRestored(restored)) tell(line)
      writeLine(dataDirectory)
    })
}

function explainNotRestored(file: string, restored: Exclude<Restored, { outcome: 'restored' }>): string {
  switch (restored.outcome) {
    case 'occupied':
      return `这里不是空的（有 ${restored.by}），没有恢复，什么也没动。请把 DATA_DIR 设成一个空的文件夹，或者先把原来的移开；用 PostgreSQL 的请先建一个空的数据库。`
    case 'under_way':
      return '另一个程序正在往这里恢复，请等它做完。'
    case 'damaged':
      return `备份 ${file} 坏了（${restored.reason}），没有恢复。请换一份备份。`
    case 'newer':
      return `备份 ${file} 是更新的程序做的（这里不认识：${restored.unknown.join('、')}），没有恢复。请先更新程序，再恢复。`
    case 'other_database':
      return restored.database === 'sqlite'
        ? '这是 SQLite 的备份，DATABASE_URL 却是 PostgreSQL。请不设 DATABASE_URL 先恢复，再运行 move-to-postgresql。'
        : '这是 PostgreSQL 的备份。请把 DATABASE_URL 设成一个空的 PostgreSQL 数据库，再恢复。'
    case 'no_tools':
      return `没有恢复：PostgreSQL 的备份要用它自己的 pg_restore（${restored.reason}）。请装上不比服务器旧的 PostgreSQL 客户端工具；数据库不空的话请重新建一个。`
  }
}

function describeRestored({ manifest, waiting, knowledge }: Extract<Restored, { outcome: 'restored' }>): string[] {
  const { request, volunteer, messageAt } = manifest.last
  const last = [
    request === null ? '还没有工单' : `最后一张工单 ${request}`,
    volunteer === null ? '还没有志愿者' : `最后一位志愿者 ${volunteer}`,
    messageAt === null ? '还没有消息' : `最后一条消息 ${formatLocalLong(new Date(messageAt))}`,
  ]
  const kept = { same: '知识文件和备份里的一样。', placed: '知识文件也恢复了。' }
  return [
    `恢复好了，核对过。备份是 ${formatLocalLong(manifest.madeAt)} 做的（${last.join('，')}）：这以后收到的、改过的、要求删除的都不在里面，请照聊天记录补上，要求删除的再删一次。`,
    '新的编号跳过一段，居民手里的编号不会重复。工作人员要重新登录；备份以后改过的密码、停用的人员、绑定要再弄一次；微信要重新扫码。',
    `备份时等着发的：消息 ${waiting.messages} 条，公告 ${waiting.announcements} 个。它们不会自己发出去，请到 /admin 的“今日工作”决定。`,
    knowledge.outcome === 'beside' ? `知识文件和这里的不一样，备份里的放在 ${knowledge.directory}：要用它们，就设 KNOWLEDGE_DIR=${knowledge.directory} 再启动。` : kept[knowledge.outcome],
    ...(manifest.settings.length === 0 ? [] : [`备份时设过这些环境变量，请照样设好：${manifest.settings.join('、')}。`]),
  ]
}
