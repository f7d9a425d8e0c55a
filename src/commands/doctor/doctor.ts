import { Command } from 'commander'
import { loadConfig, type Config } from '../../config.ts'
import { SetupError } from '../../domain/errors.ts'
import { checkChannels, checkChatModel, checkEmbedding, checkPort } from './doctor-network.ts'
import { checkBackups, checkDatabase, checkDataDirectory, checkKnowledge, checkNode, checkStaff, type Finding } from './doctor-local.ts'
import { checkFigures, checkProxies } from './doctor-web.ts'
import { writeLine } from '../output.ts'

const MARKS: Record<Finding['state'], string> = { ok: '✓', advice: '!', broken: '✗' }

/** `doctor`: looks at the whole set-up, one line for each thing; code 1 when something must be mended. It changes nothing. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('检查安装和设置，说明要改什么')
    .option('--json', '一行一条 JSON')
    .action(async (options: { json?: boolean }) => {
      let isBroken = false
      for await (const finding of examine()) {
        isBroken ||= finding.state === 'broken'
        writeLine(options.json === true ? JSON.stringify(finding) : describe(finding))
      }
      if (options.json !== true) writeLine(isBroken ? '有要改的地方：请照 ✗ 后面写的做，再运行一次。' : '都可以用了。')
      if (isBroken) process.exitCode = 1
    })
}

const describe = ({ state, name, detail, remedy }: Finding): string => `${MARKS[state]} ${name}：${detail}${remedy === '' ? '' : ` → ${remedy}`}`

async function* examine(): AsyncGenerator<Finding> {
  yield checkNode(process.versions.node)
  const config = readConfig()
  if ('state' in config) {
    yield config
    return
  }
  yield config.remarks.length === 0
    ? { name: '设置', state: 'ok', detail: '环境变量都看得懂。', remedy: '' }
    : { name: '设置', state: 'advice', detail: config.remarks.join('；'), remedy: '照上面写的改一改。' }
  yield checkDataDirectory(config)
  yield await checkDatabase(config)
  yield await checkBackups(config, new Date())
  yield await checkStaff(config)
  yield await checkKnowledge(config)
  yield await checkEmbedding(config)
  yield await checkChatModel(config)
  yield* await checkChannels(config)
  yield config.apiToken === undefined
    ? { name: 'HTTP 接口', state: 'advice', detail: '没有设口令，其他程序不能调用。', remedy: '要用就设 LINLI_API_TOKEN（至少 16 个字符）。' }
    : { name: 'HTTP 接口', state: 'ok', detail: '设了口令。', remedy: '' }
  yield await checkPort(config)
  yield checkProxies(config)
  yield checkFigures(config)
}

function readConfig(): Readonly<Config> | Finding {
  try {
    return loadConfig(process.env)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    return { name: '设置', state: 'broken', detail: error.message.replaceAll(/\s*\n\s*/g, '；'), remedy: '改好这些环境变量，再运行一次。' }
  }
}
