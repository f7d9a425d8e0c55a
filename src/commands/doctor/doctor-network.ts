import net from 'node:net'
import type { Config } from '../../config.ts'
import { removeCredentials } from '../../language/links.ts'
import { cacheFolder, listEmbeddingSources } from '../../model/embedding/embedding-files.ts'
import { loadEmbeddingModel } from '../../model/embedding/embedding-source.ts'
import { createCommandLog } from '../answering.ts'
import type { Finding } from './doctor-local.ts'

const PATIENCE_MS = 5_000

/** The embedding model as it lies on this machine; nothing is fetched. */
export async function checkEmbedding(config: Config): Promise<Finding> {
  const name = '语义模型'
  const log = createCommandLog(config)
  const { server, directory } = config.embedding
  if (server === undefined && directory === undefined) {
    const cached = await listEmbeddingSources({ ...config.embedding, log })[0]?.fetch()
    if (cached?.outcome !== 'found') return { name, state: 'advice', detail: '还没有下载，先按字词回答，会差一点。', remedy: '联网后运行 npm run -s linli -- model，或者用 EMBEDDING_MODEL_DIR 指到放模型的文件夹。' }
  }
  const folder = directory ?? (server === undefined ? cacheFolder(config.embedding) : undefined)
  const loaded = await loadEmbeddingModel({ log, signal: AbortSignal.timeout(60_000), ...(server ? { server } : { directory: folder }) })
  if (loaded.outcome === 'ready') return { name, state: 'ok', detail: `可以用，已核对（${loaded.from}）。`, remedy: '' }
  const remedy = server ? '看看 OPENAI_BASE_URL、OPENAI_API_KEY、EMBEDDING_MODEL 对不对，服务开没开。' : directory ? '换一个 EMBEDDING_MODEL_DIR，或者不设它再运行 npm run -s linli -- model。' : '运行 npm run -s linli -- model 重新下载。'
  return { name, state: 'broken', detail: `用不了（${loaded.reasons.join('；')}）。`, remedy }
}

/** Whether the language model's server answers; no text is sent to it. */
export async function checkChatModel(config: Config): Promise<Finding> {
  const name = '写回答的模型'
  if (config.chatModel === undefined) return { name, state: 'ok', detail: '没有设，只用条款原文回答。', remedy: '' }
  const { model, apiKey, baseUrl = 'https://api.openai.com/v1' } = config.chatModel
  const shown = removeCredentials(baseUrl)
  const answer = await ask(`${baseUrl.replace(/\/+$/, '')}/models`, { authorization: `Bearer ${apiKey}` })
  if (answer.outcome === 'silent') return { name, state: 'broken', detail: `连不上 ${shown}（${answer.reason}）。`, remedy: '看看网络和 OPENAI_BASE_URL；不用它就去掉 CHAT_MODEL。' }
  if (answer.status === 401 || answer.status === 403) return { name, state: 'broken', detail: `${shown} 不认钥匙（${answer.status}）。`, remedy: '换一个 OPENAI_API_KEY。' }
  if (answer.status >= 500) return { name, state: 'broken', detail: `${shown} 出错（${answer.status}）。`, remedy: '等一等再试，或者换一个服务。' }
  return { name, state: 'ok', detail: `${shown} 有回应，用 ${model}。`, remedy: '' }
}

export async function checkChannels(config: Config): Promise<Finding[]> {
  return [await checkTelegram(config), checkWechat(config), checkWecom(config)]
}

async function checkTelegram({ telegram }: Config): Promise<Finding> {
  const name = 'Telegram'
  if (telegram === undefined) return { name, state: 'ok', detail: '没有启用（设 TELEGRAM_BOT_TOKEN 就启用）。', remedy: '' }
  const root = telegram.apiRoot ?? 'https://api.telegram.org'
  // The address holds the token: it is never shown.
  const answer = await ask(`${root.replace(/\/+$/, '')}/bot${telegram.token}/getMe`)
  if (answer.outcome === 'silent') return { name, state: 'broken', detail: `连不上 ${removeCredentials(root)}。`, remedy: '看看网络，或者用 TELEGRAM_API_ROOT 指到能连上的地址。' }
  if (answer.status === 401 || answer.status === 404) return { name, state: 'broken', detail: '令牌不对。', remedy: '在 @BotFather 取新的令牌，写入 TELEGRAM_BOT_TOKEN。' }
  if (answer.status !== 200) return { name, state: 'broken', detail: `Telegram 回了 ${answer.status}。`, remedy: '等一等再试。' }
  return { name, state: 'ok', detail: '令牌可用。', remedy: '' }
}

function checkWechat({ wechat }: Config): Finding {
  const name = '微信'
  if (wechat === undefined) return { name, state: 'ok', detail: '没有启用（设 WECHATY_PUPPET 就启用）。', remedy: '' }
  return { name, state: 'ok', detail: `用 ${wechat.puppet}${wechat.endpoint === undefined ? '' : `，接 ${wechat.endpoint}`}。启动后在终端或管理页面扫码登录。`, remedy: '' }
}

function checkWecom({ wecom, wecomGroups }: Config): Finding {
  const groups = wecomGroups.length === 0 ? '' : `公告群 ${wecomGroups.length} 个：${wecomGroups.map((group) => group.name).join('、')}。`
  if (wecom === undefined) return { name: '企业微信', state: 'ok', detail: groups || '没有启用（设 WECOM_BOT_ID 和 WECOM_BOT_SECRET 就启用）。', remedy: '' }
  const remedy = wecom.botName === undefined ? '设 WECOM_BOT_NAME 为机器人的名字，群里的 @ 才分得清。' : ''
  return { name: '企业微信', state: remedy === '' ? 'ok' : 'advice', detail: `用机器人 ${wecom.botId}。${groups}`, remedy }
}

export async function checkPort({ host, port }: Pick<Config, 'host' | 'port'>): Promise<Finding> {
  const name = '端口'
  if (port === 0) return { name, state: 'ok', detail: '启动时随便取一个空着的。', remedy: '' }
  const code = await tryToListen(host, port)
  if (code === null) return { name, state: 'ok', detail: `${host}:${port} 空着。`, remedy: '' }
  if (code === 'EADDRINUSE' && (await isLinli(host, port))) return { name, state: 'ok', detail: `邻里正在 ${host}:${port} 运行。`, remedy: '' }
  if (code === 'EADDRINUSE') return { name, state: 'broken', detail: `${host}:${port} 被别的程序占着。`, remedy: '停掉那个程序，或者用 PORT 换一个端口。' }
  return { name, state: 'broken', detail: `不能用 ${host}:${port}（${code}）。`, remedy: '用 HOST 和 PORT 换一个；1024 以下的端口要管理员权限。' }
}

function tryToListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(port, host, () => server.close(() => resolve(null)))
  })
}

async function isLinli(host: string, port: number): Promise<boolean> {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const answer = await ask(`http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}/healthz`)
  return answer.outcome === 'answered' && answer.status === 200 && answer.body.includes('"status":"ok"')
}

type Answered = { outcome: 'answered'; status: number; body: string } | { outcome: 'silent'; reason: string }

async function ask(url: string, headers: Record<string, string> = {}): Promise<Answered> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE_MS) })
    return { outcome: 'answered', status: response.status, body: (await response.text()).slice(0, 1_000) }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : ''
    return { outcome: 'silent', reason: cause || (error instanceof Error ? error.name : String(error)) }
  }
}
