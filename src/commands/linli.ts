import { Command } from 'commander'
import { VERSION } from '../store/version.ts'
import { exitWith } from '../process.ts'

/** Each command's module is loaded when that command is called, so that a short one starts in a fraction of what all of them take. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  ask: async () => (await import('./ask.ts')).askCommand(),
  understand: async () => (await import('./understand.ts')).understandCommand(),
  train: async () => (await import('./train.ts')).trainCommand(),
  search: async () => (await import('./search.ts')).searchCommand(),
  chat: async () => (await import('./chat/chat.ts')).chatCommand(),
  export: async () => (await import('./export.ts')).exportCommand(),
  announce: async () => (await import('./announce.ts')).announceCommand(),
  knowledge: async () => (await import('./knowledge/knowledge.ts')).knowledgeCommand(),
  'staff-add': async () => (await import('./staff.ts')).staffAddCommand(),
  'staff-code': async () => (await import('./staff.ts')).staffCodeCommand(),
  'room-code': async () => (await import('./staff.ts')).roomCodeCommand(),
  retention: async () => (await import('./retention.ts')).retentionCommand(),
  migrate: async () => (await import('./migrate.ts')).migrateCommand(),
  backup: async () => (await import('./backups/backup.ts')).backupCommand(),
  restore: async () => (await import('./backups/restore.ts')).restoreCommand(),
  'move-to-postgresql': async () => (await import('./backups/move.ts')).moveCommand(),
  eval: async () => (await import('./eval/eval.ts')).evalCommand(),
  'eval-corpus': async () => (await import('./eval/eval-corpus.ts')).evalCorpusCommand(),
  'eval-claims': async () => (await import('./eval/eval-claims.ts')).evalClaimsCommand(),
  'eval-papers': async () => (await import('./eval/eval-papers.ts')).evalPapersCommand(),
  bench: async () => (await import('./bench/bench.ts')).benchCommand(),
  model: async () => (await import('./model.ts')).modelCommand(),
  doctor: async () => (await import('./doctor/doctor.ts')).doctorCommand(),
}

const program = new Command('linli').description('邻里：社区服务助手的命令行').version(VERSION).showHelpAfterError()
const called = Object.entries(COMMANDS).filter(([name]) => name === process.argv[2])
for (const [, load] of called.length > 0 ? called : Object.entries(COMMANDS)) program.addCommand(await load())

program.parseAsync(process.argv).catch(exitWith)
