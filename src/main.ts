import fs from 'node:fs'
import { pathToFileURL } from 'node:url'
import { createEventNoter } from './channels/events.ts'
import { loadConfig } from './config.ts'
import { describeError } from './domain/faults.ts'
import { createQuestionLearning } from './knowledge/learn/question-learning.ts'
import { createAdmin } from './web/admin/admin.tsx'
import { createReceiver } from './platforms.ts'
import { createLog, exitWith, greet, makeDataDirectory, stopOnSignals, sweepHourly } from './process.ts'
import { createWeb, startServer, type RunningServer } from './web/server.ts'
import { byOne } from './several.ts'
import { openServices, useEmbedding, type Services } from './services.ts'

/** What the process grants itself between SIGTERM and its end. */
const LONGEST_STOP_MS = 9_500

/** Runs the bot until it is told to stop. */
async function run(): Promise<void> {
  const config = loadConfig()
  const log = createLog(config)
  for (const remark of config.remarks) log.warn({ fault: 'setting' }, remark)
  makeDataDirectory(config)
  const services = await openServices(config, log, { serves: true })
  let isStopping = false
  const { desk, now } = services
  const admin = createAdmin({
    store: services.store,
    banners: () => services.health.banners(),
    desk,
    get areas() {
      return services.knowledge.areas
    },
    get deadlines() {
      return services.knowledge.deadlines
    },
    documents: () => services.knowledge.documents,
    answererState: () => describeAnswerer(services),
    ask: (question) => services.answerer.answer(question),
    learning: createQuestionLearning(() => services.answerer.workings()),
    reloadKnowledge: () => services.reloadKnowledge(),
    talk: services.talk,
    pictures: services.pictures,
    photos: services.photos,
    office: services.office,
    answering: services.answering,
    library: services.library,
    backups: () => services.backups.state(),
    channels: () => services.channels.map((channel) => ({ id: channel.id, account: channel.account, status: channel.status(), capabilities: channel.capabilities })),
    wakeOutbox: desk.wakeOutbox,
    log,
    now,
  })
  const app = createWeb({
    store: services.store,
    desk,
    assistant: services.assistant,
    mailbox: services.mailboxes.web,
    metrics: services.metrics,
    pictures: services.pictures,
    photos: services.photos,
    office: services.office,
    health: services.health,
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
    trustedProxies: config.trustedProxies,
    ...(config.metricsToken !== undefined && { metricsToken: config.metricsToken }),
    log,
    now,
    wakeOutbox: desk.wakeOutbox,
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
  const endSweeping = sweepHourly({ sweep: byOne(services.store.others, () => services.photos.sweep().then(() => null), now) }, log)
  const endWatching = services.health.watch()
  const running: { server?: RunningServer } = {}
  const stop = async (signal: string) => {
    if (isStopping) return
    isStopping = true
    log.info({ signal }, 'stopping: the turns in hand are finished first')
    background.abort()
    endSweeping()
    endWatching()
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
  await services.photos.sweep()
  running.server = await startServer(app, config)
  await greet(services.store, config, { port: running.server.port, now: now() })
  useEmbedding(services, config, log, background.signal).catch((error: unknown) => background.signal.aborted || log.error({ fault: 'no-embedding-model', ...describeError(error) }, 'The embedding model could not be used: questions are answered by words alone, a little worse. Run `npm run -s linli -- doctor` to see why.'))
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

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) run().catch(exitWith)
