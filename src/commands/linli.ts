import { Command } from 'commander'
import { announceCommand } from './announce.ts'
import { askCommand } from './ask.ts'
import { benchCommand } from './bench/bench.ts'
import { chatCommand } from './chat.ts'
import { doctorCommand } from './doctor/doctor.ts'
import { evalCommand } from './eval/eval.ts'
import { evalCorpusCommand } from './eval/eval-corpus.ts'
import { evalPapersCommand } from './eval/eval-papers.ts'
import { exportCommand } from './export.ts'
import { knowledgeCommand } from './knowledge.ts'
import { migrateCommand } from './migrate.ts'
import { modelCommand } from './model.ts'
import { searchCommand } from './search.ts'
import { roomCodeCommand, staffAddCommand, staffCodeCommand } from './staff.ts'
import { trainCommand } from './train.ts'
import { understandCommand } from './understand.ts'
import { exitWith } from '../process.ts'

const program = new Command('linli').description('邻里：社区服务助手的命令行').showHelpAfterError()
for (const command of [
  askCommand(),
  understandCommand(),
  trainCommand(),
  searchCommand(),
  chatCommand(),
  exportCommand(),
  announceCommand(),
  knowledgeCommand(),
  staffAddCommand(),
  staffCodeCommand(),
  roomCodeCommand(),
  migrateCommand(),
  evalCommand(),
  evalCorpusCommand(),
  evalPapersCommand(),
  benchCommand(),
  modelCommand(),
  doctorCommand(),
]) {
  program.addCommand(command)
}

program.parseAsync(process.argv).catch(exitWith)
