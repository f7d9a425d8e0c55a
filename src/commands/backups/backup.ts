import { Command } from 'commander'
import path from 'node:path'
import { backupOptions, loadConfig } from '../../config.ts'
import { makeBackup } from '../../store/backups/make-backup.ts'
import { explainNoBackup } from './words.ts'
import { fail, tell, writeLine } from '../output.ts'

/** `backup DIR`: one file of all that a community has, made while the service runs; its path is the last word on standard output. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('做一份备份（运行中也可以做）：数据库、图片、照片、知识文件，一个文件，做完打开核对过')
    .argument('<dir>', '放到哪个文件夹')
    .action(async (directory: string) => {
      const config = loadConfig(process.env)
      const made = await makeBackup(backupOptions(config, path.resolve(directory), new Date()))
      if (made.outcome !== 'made') return fail(explainNoBackup(made))
      const { tables, files, settings } = made.manifest
      const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0)
      tell(`备份做好了，打开核对过：${rows} 行记录，${Object.keys(files).length - 1} 个文件，${Math.ceil(made.bytes / 1024 / 1024)} MB。`)
      tell(`设置的值不在里面，只记了名字（${settings.length === 0 ? '没有设过' : settings.join('、')}）。里面有居民的信息，请收好。`)
      writeLine(made.file)
    })
}
