import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import pino, { type Logger } from 'pino'
import { createEventNoter } from './channels/events.ts'
import { createLeasedChannel } from './channels/leased.ts'
import { createPullChannel } from './channels/pull/channel.ts'
import { createTelegramChannel } from './channels/telegram/channel.ts'
import { createWechatChannel } from './channels/wechat/channel.ts'
import { createWecomChannel } from './channels/wecom/channel.ts'
import { createWecomWebhookChannel } from './channels/wecom/webhook-channel.ts'
import { loadConfig, type Config, type WecomGroupSetting } from './config.ts'
import type { Assistant } from './dialog/assistant.ts'
import { createAssistant } from './dialog/route.ts'
import type { Channel, Mailbox } from './domain/channel.ts'
import { picturePath } from './domain/pictures.ts'
import { AppError, SetupError } from './domain/errors.ts'
import { describeError } from './domain/faults.ts'
import { createAnswerer, type Answerer, type AnswererOptions } from './knowledge/answerer.ts'
import { loadKnowledge, type Knowledge } from './knowledge/load.ts'
import { answerFromFolder, liveKnowledge, watchKnowledge } from './knowledge/watch.ts'
import { createReaderService, type ReaderService } from './knowledge/learn/reader-service.ts'
import { createQuestionLearning } from './knowledge/question-learning.ts'
import { createQuestionRewriter } from './knowledge/question-rewriter.ts'
import { addStaffKnowledge } from './knowledge/staff-knowledge.ts'
import { createAnswerWriter } from './knowledge/written-answer.ts'
import { createReader } from './language/moves/reader.ts'
import { loadReaderWeights } from './language/reader/open-reader.ts'
import { createLanguageModel } from './model/chat.ts'
import type { EmbeddingModel } from './model/embedding.ts'
import { loadEmbeddingModel } from './model/embedding-source.ts'
import { loadPrompts } from './model/prompts.ts'
import type { PictureSource } from './outbox/pictures.ts'
import { createVolunteerSearch } from './outbox/volunteer-search.ts'
import { createOutbox, type Outbox } from './outbox/worker.ts'
import { isProcessGone, THIS_PROCESS } from './store/lease-owner.ts'
import { acquireLease, readCursor, releaseLease, writeCursor } from './store/channel-accounts.ts'
import { countOutbox } from './store/health.ts'
import { openPictures, type Pictures } from './store/pictures.ts'
import { ensurePushRooms } from './store/push-rooms.ts'
import { ensureFirstStaff } from './store/staff.ts'
import { openStore, type Store } from './store/store.ts'
import { listKnownGaps, listTypicalQuestions } from './store/unanswered.ts'
import { countOpenMisread, listTalkExamples } from './store/talk/misread.ts'
import { createAdmin } from './web/admin/admin.tsx'
import { createMetrics, type Metrics } from './web/metrics.ts'
import { createWeb, startServer, type RunningServer } from './web/server.ts'

const now = () => new Date()
/** What the process grants itself between SIGTERM and its end. */
const LONGEST_STOP_MS = 9_500

/** What runs behind every channel and command: store, knowledge, answers, the route of a message, the outbox. */
export interface Services {
  store: Store
  knowledge: Knowledge
  answerer: Answerer
  /** What reads messages, and learns from staff. Reads by the weights alone until it is started. */
  reader: ReaderService
  /** Gives the reader the sentences' vectors of the model, once it is there. */
  vectors: ReturnType<typeof createVectors>
  assistant: Assistant
  outbox: Outbox
  channels: readonly Channel[]
  mailboxes: { web: Mailbox; terminal: Mailbox }
  metrics: Metrics
  pictures: Pictures
  /** Why the knowledge files as they stand now are not used; null when they are. */
  knowledgeProblem(): string | null
  /** Makes what staff added to the knowledge count. */
  reloadKnowledge(): Promise<void>
  /** Finishes the turns in hand and closes the store. */
  close(): Promise<void>
}

/** JSON lines on stderr, so that stdout stays a command's own. Personal data never gets here: what is logged are ids and counts. */
export const createLog = (config: Pick<Config, 'logLevel'>): Logger =>
  pino({ level: config.logLevel, base: null, redact: ['text', 'phone', 'name', 'token', '*.text', '*.phone', '*.name', '*.token'] }, pino.destination(2))

/**
 * Wires everything together. Answers come from words alone until `useEmbedding` has brought the model.
 * @throws {SetupError | StoreError} with the remedy, when something it stands on is broken
 */
export async function openServices(config: Config, log: Logger): Promise<Services> {
  const atStart = await loadKnowledge(config.knowledgeDirectory)
  const store = await openStore({ url: config.databaseUrl, migrationsDirectory: config.migrationsDirectory, log })
  await ensurePushRooms(store, config.wecomGroups.map(toPushRoom), now())
  const metrics = createMetrics(() => countOutbox(store), () => countOpenMisread(store))
  const pictures = openPictures({ directory: config.picturesDirectory, store, now })
  const withStaff = async (read: Knowledge) => addStaffKnowledge(read, await listTypicalQuestions(store), await listKnownGaps(store))
  const indexed = createAnswerer({ ...(await withStaff(atStart)), cacheDirectory: config.cacheDirectory, log, now, ...(await openLanguageModel(config, log, metrics)) })
  const folder = await watchKnowledge({ directory: config.knowledgeDirectory, knowledge: atStart, onChange: async (read) => indexed.replace(await withStaff(read)), log, now })
  const answerer = answerFromFolder(indexed, folder)
  const knowledge = liveKnowledge(folder)

  const web = createPullChannel('web', 'web')
  const terminal = createPullChannel('terminal', 'terminal')
  const channels: Channel[] = [web, createPullChannel('http', 'api'), terminal, ...openPlatforms(config, store, log).map((channel) => leased(channel, store, log))]
  const quiet = config.quietHours && { quietHours: config.quietHours }
  const search = createVolunteerSearch({ store, channels, services: () => knowledge.services, areas: () => knowledge.areas, log, now, ...quiet })
  const outbox = createOutbox({ store, channels, log, now, processId: THIS_PROCESS, pictures: pictureSource(pictures, config), sweep: () => search.sweep(), ...quiet })
  const weights = await loadReaderWeights(config.knowledgeDirectory)
  const vectors = createVectors(weights.dense?.model)
  const reader = createReaderService({
    weights,
    knowledge,
    knowledgeDirectory: config.knowledgeDirectory,
    keptDirectory: path.join(config.cacheDirectory, 'reader'),
    taught: () => listTalkExamples(store),
    log,
  })
  const assistant = createAssistant({
    store,
    answerer,
    reader: createReader({
      current: () => reader.current(),
      get areas() {
        return knowledge.areas
      },
      vectorOf: vectors.of,
    }),
    get services() {
      return knowledge.services
    },
    get areas() {
      return knowledge.areas
    },
    pulls: (id) => channels.find((channel) => channel.id === id)?.capabilities.pulls ?? false,
    capabilities: (id) => channels.find((channel) => channel.id === id)?.capabilities,
    privateLink: (id, account) => channels.find((channel) => channel.id === id && channel.account === account)?.privateLink?.('go') ?? null,
    wakeOutbox: () => outbox.wake(),
    onTurn: ({ answer, ...turn }) => {
      metrics.observeTurn(turn)
      if (answer) metrics.countAnswer(answer)
    },
    log,
    now,
  })
  return {
    store,
    knowledge,
    answerer,
    reader,
    vectors,
    assistant,
    outbox,
    channels,
    metrics,
    pictures,
    mailboxes: { web: web.mailbox, terminal: terminal.mailbox },
    knowledgeProblem: () => folder.problem(),
    reloadKnowledge: async () => answerer.replace(await withStaff(folder.current())),
    close: async () => {
      folder.close()
      await reader.close()
      await assistant.stop()
      await outbox.stop()
      await store.close()
    },
  }
}

const pictureSource = (pictures: Pictures, { publicUrl }: Config): PictureSource => ({
  read: (name) => pictures.read(name),
  address: (name) => (publicUrl === undefined ? null : `${publicUrl}${picturePath(name)}`),
})

/** Makes DATA_DIR, for this user's eyes only: it holds personal data. */
export function makeDataDirectory(config: Pick<Config, 'dataDirectory'>): void {
  process.umask(0o077)
  try {
    fs.mkdirSync(config.dataDirectory, { recursive: true })
  } catch (error) {
    throw new SetupError(`The folder ${config.dataDirectory} can't be made (${error instanceof Error ? error.message : String(error)}): set DATA_DIR to a folder that this user may write.`, { cause: error })
  }
}

/** Fetches and verifies the embedding model, then swaps the finished index in. Never throws: without it, answers come from words. */
export async function useEmbedding({ answerer, vectors }: Pick<Services, 'answerer' | 'vectors'>, config: Config, log: Logger, signal?: AbortSignal): Promise<boolean> {
  const opened = await loadEmbeddingModel({ ...config.embedding, log, signal })
  if (opened.outcome === 'unavailable') {
    log.warn({ fault: 'no-embedding-model', reasons: opened.reasons }, 'There is no embedding model: questions are answered by words alone, a little worse. Run `npm run -s linli -- model` to fetch it and to see what is in the way.')
    return false
  }
  vectors.use(opened.model)
  return answerer.useEmbedding(opened.model)
}

/** A message that is not embedded by then is read by words alone. */
const READING_MS = 300

/** Sentences' vectors of the model that the reader's weights were learnt with; null until it is there, and where it is another one. */
function createVectors(modelId: string | undefined) {
  let model: EmbeddingModel | null = null
  return {
    of: async (text: string): Promise<Float32Array | null> => {
      if (model === null) return null
      const embedded = model.embed([text], 'passage').then(([vector]) => vector ?? null, () => null)
      return Promise.race([embedded, new Promise<null>((resolve) => setTimeout(() => resolve(null), READING_MS).unref())])
    },
    use: (opened: EmbeddingModel) => {
      if (opened.id === modelId) model = opened
    },
  }
}

/** What a language model does for the answers; nothing where there is none. The prompts are checked all the same. */
async function openLanguageModel(config: Config, log: Logger, metrics: Metrics): Promise<Pick<AnswererOptions, 'write' | 'rewrite' | 'onRewritten'>> {
  const prompts = await loadPrompts(config.promptsDirectory)
  if (!config.chatModel) return {}
  const { model: id } = config.chatModel
  const model = createLanguageModel({
    ...config.chatModel,
    onCall: (call) => metrics.observeModelCall({ model: id, outcome: call.outcome === 'ok' ? 'ok' : call.outcome === 'timeout' ? 'timeout' : 'failed', durationMs: call.ms, promptTokens: call.inputTokens, completionTokens: call.outputTokens }),
  })
  return {
    write: createAnswerWriter({ model, prompts, log, onCall: ({ outcome }) => metrics.countWriting(outcome) }),
    rewrite: createQuestionRewriter({ model, prompts, log }),
    onRewritten: (outcome) => metrics.countRewriting(outcome),
  }
}

/** Shorter than the 30 s in which everything goes on after a crash. */
const ACCOUNT_LEASE_MS = 20_000

function leased(channel: Channel, store: Store, log: Logger): Channel {
  const lease = { channel: channel.id, account: channel.account, owner: THIS_PROCESS }
  return createLeasedChannel(
    channel,
    {
      acquire: () => acquireLease(store, { ...lease, now: now(), until: new Date(now().getTime() + ACCOUNT_LEASE_MS), isGone: isProcessGone }),
      release: () => releaseLease(store, lease),
    },
    log,
    now,
  )
}

function openPlatforms(config: Config, store: Store, log: Logger): Channel[] {
  const channels: Channel[] = []
  if (config.telegram) {
    const { token, apiRoot, webhook } = config.telegram
    const account = { channel: 'telegram', account: token.split(':')[0] ?? '' }
    const offsets = { read: () => readCursor(store, account), write: (offset: number) => writeCursor(store, account, offset, now()) }
    channels.push(createTelegramChannel({ token, offsets, log, now, ...(apiRoot && { apiRoot }), ...(webhook && { webhook }) }))
  }
  if (config.wechat) {
    const { puppet, ...wechat } = config.wechat
    channels.push(
      createWechatChannel({
        ...wechat,
        puppetName: puppet,
        stateDir: path.join(config.dataDirectory, 'wechat'),
        log,
        now,
        printQr: (drawing) => process.stderr.write(`${drawing}\n请用微信扫码登录。\n`),
      }),
    )
  }
  if (config.wecom) channels.push(createWecomChannel({ ...config.wecom, log, now }))
  if (config.wecomGroups.length > 0) channels.push(createWecomWebhookChannel({ groups: config.wecomGroups, log, now }))
  return channels
}

const toPushRoom = ({ name, areaCode }: WecomGroupSetting) => ({ channel: 'wecom_webhook', account: 'groups', externalId: name, title: name, areaCode })

/** Runs the bot until it is told to stop. */
async function run(): Promise<void> {
  const config = loadConfig()
  const log = createLog(config)
  makeDataDirectory(config)
  const services = await openServices(config, log)
  let isStopping = false
  const admin = createAdmin({
    store: services.store,
    get areas() {
      return services.knowledge.areas
    },
    documents: () => services.knowledge.documents,
    answererState: () => describeAnswerer(services),
    learning: createQuestionLearning(() => services.answerer.workings()),
    reloadKnowledge: () => services.reloadKnowledge(),
    talk: services.reader,
    pictures: services.pictures,
    channels: () => services.channels.map((channel) => ({ id: channel.id, account: channel.account, status: channel.status(), capabilities: channel.capabilities })),
    wakeOutbox: () => services.outbox.wake(),
    log,
    now,
  })
  const app = createWeb({
    store: services.store,
    assistant: services.assistant,
    mailbox: services.mailboxes.web,
    metrics: services.metrics,
    pictures: services.pictures,
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
    log,
    now,
    wakeOutbox: () => services.outbox.wake(),
    isStopping: () => isStopping,
    get areas() {
      return services.knowledge.areas
    },
    knowledge: {
      documentTitle: (id) => services.knowledge.documents.find((document) => document.id === id)?.title,
      state: () => ({ isReady: true, detail: services.answerer.state().mode }),
    },
    admin,
    webhooks: services.channels.flatMap((channel) => channel.webhook ?? []),
    ...(config.apiToken && { apiToken: config.apiToken }),
  })

  const background = new AbortController()
  const running: { server?: RunningServer } = {}
  const stop = async (signal: string) => {
    if (isStopping) return
    isStopping = true
    log.info({ signal }, 'stopping: the turns in hand are finished first')
    background.abort()
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref()
    await Promise.all(services.channels.map((channel) => channel.stop()))
    await Promise.all([services.assistant.stop(), running.server?.close()])
    await services.close()
    process.exit(0)
  }
  stopOnSignals(stop, log)

  await services.pictures.sweep()
  await services.reader.start()
  await services.outbox.start()
  await services.assistant.recover()
  running.server = await startServer(app, config)
  await greet(services.store, config, running.server.port)
  useEmbedding(services, config, log, background.signal).catch((error: unknown) => log.error({ fault: 'no-embedding-model', ...describeError(error) }, 'The embedding model could not be used: questions are answered by words alone, a little worse. Run `npm run -s linli -- doctor` to see why.'))
  for (const channel of services.channels) {
    await channel.start(
      async (message) => {
        const { turn } = await services.assistant.receive(message)
        // The turn goes on after the message is stored; the assistant itself reports and repeats one that fails.
        turn.catch(() => undefined)
      },
      createEventNoter(channel, { store: services.store, log, now }),
    )
  }
}

function stopOnSignals(stop: (signal: string) => Promise<void>, log: Logger): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        log.error({ fault: 'stop-failed', ...describeError(error) }, 'Stopping failed: the process ends at once, and what was under way is taken up at the next start. Nothing to do; if it comes again, report it with this line.')
        process.exit(1)
      })
    })
  }
}

function describeAnswerer({ answerer, knowledgeProblem }: Pick<Services, 'answerer' | 'knowledgeProblem'>): { isComplete: boolean; detail: string } {
  const problem = knowledgeProblem()
  if (problem !== null) return { isComplete: false, detail: `知识文件改过以后有错，现在还按改之前的内容回答：${problem.split('\n').slice(1, 4).join('；') || problem}` }
  return answerer.state().mode === 'hybrid'
    ? { isComplete: true, detail: '按意思和字词一起找条款。' }
    : { isComplete: false, detail: '语义模型还没有就绪，现在只按字词找条款，会差一点。可在命令行运行 npm run linli -- model 查看原因。' }
}

/** Says where to go, and on the first start how staff log in. Printed once, never logged. */
async function greet(store: Store, config: Config, port: number): Promise<void> {
  const address = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${port}`
  const lines = ['邻里已经启动。', `居民：${address}/`, `工作人员：${address}/admin`]
  const first = await ensureFirstStaff(store, { ...(config.admin ?? {}), now: now() })
  if (first?.oneTimePassword) lines.push(`第一次登录：用户名 ${first.user}，一次性密码 ${first.oneTimePassword}（登录后要改）`)
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Ends the process with the one sentence that tells what to mend. */
export function exitWith(error: unknown): never {
  const isExpected = error instanceof AppError
  process.stderr.write(isExpected ? `${error.message}\n` : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(error instanceof SetupError ? 2 : 1)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) run().catch(exitWith)
