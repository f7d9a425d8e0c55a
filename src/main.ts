import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Logger } from 'pino'
import { createEventNoter } from './channels/events.ts'
import { createPullChannel } from './channels/pull/channel.ts'
import { loadConfig, type Config } from './config.ts'
import type { Assistant } from './dialog/assistant.ts'
import { createAssistant } from './dialog/route.ts'
import type { Channel, Mailbox } from './domain/channel.ts'
import { picturePath } from './domain/pictures.ts'
import { describeError } from './domain/faults.ts'
import { createAnswerer, type Answerer, type AnswererOptions } from './knowledge/answerer.ts'
import { loadKnowledge, type Knowledge } from './knowledge/load.ts'
import { answerFromFolder, liveKnowledge, watchKnowledge } from './knowledge/watch.ts'
import { createReaderService, type ReaderService } from './knowledge/learn/reader-service.ts'
import { createReadingProposer, type ReadingProposer } from './knowledge/learn/reading-proposer.ts'
import { createQuestionLearning } from './knowledge/question-learning.ts'
import { createQuestionRewriter } from './knowledge/question-rewriter.ts'
import { addStaffKnowledge } from './knowledge/staff-knowledge.ts'
import { createAnswerWriter } from './knowledge/written-answer.ts'
import { createReader } from './language/moves/reader.ts'
import { loadReaderWeights } from './language/reader/open-reader.ts'
import { createLanguageModel } from './model/chat.ts'
import { loadEmbeddingModel } from './model/embedding-source.ts'
import { loadPrompts } from './model/prompts.ts'
import { createSentenceVectors, type SentenceVectors } from './model/sentence-vectors.ts'
import type { PictureSource } from './outbox/pictures.ts'
import { createVolunteerSearch } from './outbox/volunteer-search.ts'
import { createOutbox, type Outbox } from './outbox/worker.ts'
import { THIS_PROCESS } from './store/lease-owner.ts'
import { countOutbox } from './store/health.ts'
import { openPictures, type Pictures } from './store/pictures.ts'
import { ensurePushRooms } from './store/push-rooms.ts'
import { ensureFirstStaff } from './store/staff.ts'
import { openStore, type Store } from './store/store.ts'
import { listKnownGaps, listTypicalQuestions } from './store/unanswered.ts'
import { countOpenMisread, listTalkExamples } from './store/talk/misread.ts'
import { createAdmin } from './web/admin/admin.tsx'
import { createMetrics, type Metrics } from './web/metrics.ts'
import { createReceiver, openPlatforms, toPushRoom } from './platforms.ts'
import { createLog, exitWith, makeDataDirectory, stopOnSignals } from './process.ts'
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
  vectors: SentenceVectors
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
  const { answering, propose } = await openLanguageModel(config, log, metrics)
  const indexed = createAnswerer({ ...(await withStaff(atStart)), cacheDirectory: config.cacheDirectory, log, now, ...answering })
  const folder = await watchKnowledge({ directory: config.knowledgeDirectory, knowledge: atStart, onChange: async (read) => indexed.replace(await withStaff(read)), log, now })
  const answerer = answerFromFolder(indexed, folder)
  const knowledge = liveKnowledge(folder)

  const web = createPullChannel('web', 'web')
  const terminal = createPullChannel('terminal', 'terminal')
  const channels: Channel[] = [web, createPullChannel('http', 'api'), terminal, ...openPlatforms(config, { store, log, now })]
  const quiet = config.quietHours && { quietHours: config.quietHours }
  const search = createVolunteerSearch({ store, channels, services: () => knowledge.services, areas: () => knowledge.areas, log, now, ...quiet })
  const outbox = createOutbox({ store, channels, log, now, processId: THIS_PROCESS, pictures: pictureSource(pictures, config), sweep: () => search.sweep(), ...quiet })
  const weights = await loadReaderWeights(config.knowledgeDirectory)
  const vectors = createSentenceVectors(weights.dense?.model)
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
      ...(propose && { propose }),
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

/** What a language model does for answers and for messages that are read unsurely; nothing where there is none. The prompts are checked all the same. */
async function openLanguageModel(config: Config, log: Logger, metrics: Metrics): Promise<{ answering: Pick<AnswererOptions, 'write' | 'rewrite' | 'onRewritten'>; propose?: ReadingProposer }> {
  const prompts = await loadPrompts(config.promptsDirectory)
  if (!config.chatModel) return { answering: {} }
  const { model: id } = config.chatModel
  const model = createLanguageModel({
    ...config.chatModel,
    onCall: (call) => metrics.observeModelCall({ model: id, outcome: call.outcome === 'ok' ? 'ok' : call.outcome === 'timeout' ? 'timeout' : 'failed', durationMs: call.ms, promptTokens: call.inputTokens, completionTokens: call.outputTokens }),
  })
  return {
    answering: {
      write: createAnswerWriter({ model, prompts, log, onCall: ({ outcome }) => metrics.countWriting(outcome) }),
      rewrite: createQuestionRewriter({ model, prompts, log }),
      onRewritten: (outcome) => metrics.countRewriting(outcome),
    },
    propose: createReadingProposer({ model, prompts, log, onProposed: (outcome) => metrics.countProposal(outcome) }),
  }
}

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
      createReceiver(channel, services.assistant),
      createEventNoter(channel, { store: services.store, log, now }),
    )
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

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) run().catch(exitWith)
