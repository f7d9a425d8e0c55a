import { Command } from 'commander'
import { loadConfig } from '../config.ts'
import { migrateDatabase } from '../store/engine/inspect.ts'
import { tell, writeLine } from './output.ts'

/** `migrate`: applies the database's migrations and prints the names of those that were missing. */
export function migrateCommand(): Command {
  return new Command('migrate').description('更新数据库的结构，打印做了哪些更新（启动时也会自动做）').action(async () => {
    const config = loadConfig(process.env)
    const applied = await migrateDatabase(config.databaseUrl, config.migrationsDirectory)
    for (const name of applied) writeLine(name)
    tell(applied.length === 0 ? '数据库已经是最新的。' : `数据库更新好了，共 ${applied.length} 项。`)
  })
}
