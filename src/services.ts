import path from 'node:path'
import type { Logger } from 'pino'
import { createPullChannel } from './channels/pull/channel.ts'
import { backupOptions, type Config } from './config.ts'
import type { CatalogueServices } from './desk/services.ts'
import type { Assistant } from './dialog/assistant.ts'
import { readOfficeQuestions } from './dialog/office-questions.ts'
import { createAssistant } from './dialog/route.ts'
import type { Channel, Mailbox } from './domain/messages/channel.ts'
import { describeError } from './domain/faults.ts'
import { picturePath } from './domain/pictures/pictures.ts'
import { dueAtOf } from './domain/requests/deadlines.ts'
import type { OfficeServices } from './desk/office/save-office.ts'
import { noteFolder } from './desk/knowledge/library.ts'
import { KNOWLEDGE_FOLDER, type Library } from './desk/knowledge/library-change.ts'
import { withStaffKnowledge } from './desk/knowledge/staff-knowledge.ts'
import { oneAtATime } from './knowledge/documents/one-at-a-time.ts'
import { keepOfficeIn } from './knowledge/documents/write-office.ts'
import { tellAllAtOnce } from './forms/service-guide.ts'
import { createAnswerer, type Answerer } from './knowledge/answer/answerer.ts'
import { contactLine } from './knowledge/office/office-text.ts'
import { toLocalDay } from './domain/time.ts'
import { answerFromCommunity } from './knowledge/office/answer-from-community.ts'
import type { HeldQuestion } from './knowledge/documents/load-questions.ts'
import { loadKnowledge, type Knowledge } from './knowledge/documents/load.ts'
import { answerFromFolder } from './knowledge/answer/answer-from-folder.ts'
import { createHealth, type Health } from './desk/health/health.ts'
import { liveKnowledge, watchKnowledge } from './knowledge/documents/watch.ts'
import type { AnsweringServices } from './desk/knowledge/answer-questions.ts'
import { createReaderService, type ReaderService, type TalkLearning } from './knowledge/learn/retrain/reader-service.ts'
import { createReader } from './language/moves/reader.ts'
import { loadReaderWeights } from './language/reader/open-reader.ts'
import { loadEmbeddingModel } from './model/embedding/embedding-source.ts'
import { createSentenceVectors, type SentenceVectors } from './model/embedding/sentence-vectors.ts'
import { createClock } from './clock.ts'
import type { PictureSource } from './outbox/pictures.ts'
import { createNightlyBackup, type NightlyBackup } from './outbox/sweeps/nightly-backup.ts'
import { createOutbox, type Outbox } from './outbox/worker.ts'
import { THIS_PROCESS } from './store/engine/lease-owner.ts'
import { makeBackupInThread } from './store/backups/make-in-thread.ts'
import { countOutbox } from './store/engine/health.ts'
import { openPhotos, type Photos } from './store/pictures/photos.ts'
import { openPictures, type Pictures } from './store/pictures/pictures.ts'
import { ensurePushRooms } from './store/channels/push-rooms.ts'
import { fillSearchTexts } from './store/requests/requests.ts'
import { aloneAmong } from './store/engine/others.ts'
import { settleWrittenAhead } from './store/engine/written-ahead.ts'
import { openStore, type Store } from './store/engine/store.ts'
import { subscribeWebhooks } from './store/webhooks/webhooks.ts'
import { countOpenMisread, listTalkExamples } from './store/knowledge/misread.ts'
import { createMetrics, type Metrics } from './web/metrics.ts'
import { openPlatforms, toPushRoom } from './platforms.ts'
import { openByItself } from './by-itself.ts'
import { listenTo, relayTo, takeUpWhatOthersLeft } from './several.ts'
import { openLanguageModel } from './language-model.ts'

/** What runs behind every channel and command: store, knowledge, answers, the route of a message, the outbox. */
export interface Services {
  store: Store
  /** What the operations of the desk stand on. */
  desk: CatalogueServices
  knowledge: Knowledge
  answerer: Answerer
  /** What reads messages, and learns from staff. Reads by the weights alone until it is started. */
  reader: ReaderService
  /** The same, as staff teach it: what they teach one process all have learnt. */
  talk: TalkLearning
  /** Gives the reader the sentences' vectors of the model, once it is there. */
  vectors: SentenceVectors
  assistant: Assistant
  outbox: Outbox
  channels: readonly Channel[]
  mailboxes: { web: Mailbox; terminal: Mailbox }
  metrics: Metrics
  pictures: Pictures
  photos: Photos
  office: OfficeServices
  answering: AnsweringServices
  library: Library
  /** How what it stands on is. */
  health: Health
  backups: NightlyBackup
  /** Why the knowledge files as they stand now are not used; null when they are. */
  knowledgeProblem(): string | null
  /** Makes what staff added to the knowledge count. */
  reloadKnowledge(): Promise<void>
  /** The time that everything goes by. */
  now: () => Date
  /** Finishes the turns in hand and closes the store. */
  close(): Promise<void>
}

/**
 * Wires everything together; `serves` where this process is the one that serves the database. Answers come from words alone until `useEmbedding` has brought the model.
 * @throws {SetupError | StoreError} with the remedy, when something it stands on is broken
 */
export async function openServices(config: Config, log: Logger, { serves = false }: { serves?: boolean } = {}): Promise<Services> {
  const clock = createClock(log)
  const { now, steadyNow } = clock
  const atStart = await loadKnowledge(config.knowledgeDirectory)
  const store = await openStore({ url: config.databaseUrl, migrationsDirectory: config.migrationsDirectory, keysDirectory: config.keysDirectory, log, serves })
  await settleWrittenAhead(store, now())
  await fillSearchTexts(store)
  // A command may have been given fewer settings than the service.
  if (serves) await subscribeWebhooks(store, config.webhooks !== undefined, now())
  const { others } = store
  await ensurePushRooms(store, config.wecomGroups.map(toPushRoom), now())
  const backups = createNightlyBackup({ ...config.backups, make: (at, signal) => makeBackupInThread(backupOptions(config, config.backups.directory, at), signal), log, now })
  const metrics = createMetrics(() => countOutbox(store), () => countOpenMisread(store), async () => (await backups.state()).last)
  const pictures = openPictures({ directory: config.picturesDirectory, store, now })
  const photos = openPhotos({ directory: config.photosDirectory, store, now })
  let held: readonly HeldQuestion[] = []
  const withStaff = async (read: Knowledge) => {
    const all = await withStaffKnowledge(store, read)
    held = all.held
    return all
  }
  const noted = async (read: Knowledge) => {
    // Each process reads the folder, one notes what it finds.
    await aloneAmong(others, 'folder-versions', () => noteFolder({ store, now }, read))
    return withStaff(read)
  }
  const { answering, propose } = await openLanguageModel(config, log, metrics)
  const started = await noted(atStart)
  const documents = createAnswerer({ ...started, cacheDirectory: config.cacheDirectory, log, now, ...answering })
  const indexed = answerFromCommunity(documents, started, { tellService: tellAllAtOnce, log, now })
  const folder = await watchKnowledge({ directory: config.knowledgeDirectory, knowledge: atStart, onChange: async (read) => indexed.replace(await noted(read)), log, now })
  const answerer = answerFromFolder(indexed, folder)
  const knowledge = liveKnowledge(folder)
  const reload = () => oneAtATime(config.knowledgeDirectory, async () => answerer.replace(await withStaff(folder.current())))
  const lookHere = async () => {
    const before = folder.current()
    await folder.look()
    // Nothing in the folder, but what staff added may hang on another clause.
    if (folder.current() === before && folder.problem() === null) await reload()
  }
  const reloadKnowledge = () => reload().then(() => others?.tell('knowledge'))
  const look = () => lookHere().then(() => others?.tell('knowledge'))
  const keepOffice = keepOfficeIn(config.knowledgeDirectory, folder)
  const office: OfficeServices = { store, now, office: () => knowledge.office, documents: () => knowledge.documents, keepOffice: (kept) => oneAtATime(config.knowledgeDirectory, () => aloneAmong(others, KNOWLEDGE_FOLDER, () => keepOffice(kept))).then(() => others?.tell('knowledge')) }
  const library: Library = { store, now, directory: config.knowledgeDirectory, knowledge: () => folder.current(), read: () => folder.look(), look, problem: () => folder.problem(), held: () => held }
  const wakeOutbox = () => {
    outbox.wake()
    others?.tell('outbox')
  }
  const typedAnswers: AnsweringServices = { store, now, wakeOutbox, documents: () => knowledge.documents, reloadKnowledge }
  const web = createPullChannel('web', 'web', now, relayTo(others))
  const terminal = createPullChannel('terminal', 'terminal', now, relayTo(others))
  const channels: Channel[] = [web, createPullChannel('http', 'api'), terminal, ...(await openPlatforms(config, { store, log, now }))]
  const byItself = openByItself({ store, channels, knowledge, photos, backups, config, log, now, serves })
  const outbox = createOutbox({ store, channels, log, now, processId: THIS_PROCESS, pictures: pictureSource(pictures, config), sweep: byItself.sweep, heldSince: byItself.heldSince, ...(config.quietHours && { quietHours: config.quietHours }) })
  const databaseFolder = config.databaseUrl.startsWith('file:') ? path.dirname(path.resolve(config.databaseUrl.slice('file:'.length))) : null
  const health = createHealth({
    store,
    dataFolders: [config.dataDirectory, ...(databaseFolder === null ? [] : [databaseFolder])],
    databaseFolder,
    pictureFolders: [config.picturesDirectory, config.photosDirectory],
    channels: () => channels,
    answersBy: () => answerer.state().mode,
    knowledgeProblem: () => folder.problem(),
    log,
    now,
  })
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
  const talk: TalkLearning = { tryOut: (added) => reader.tryOut(added), prepare: () => reader.prepare(), state: () => reader.state(), reload: () => reader.reload().then(() => others?.tell('talk')) }
  const textReader = createReader({
    current: () => reader.current(),
    get areas() {
      return knowledge.areas
    },
    vectorOf: vectors.of,
    ...(propose && { propose }),
  })
  const assistant = createAssistant({
    store,
    answerer,
    reader: readOfficeQuestions(textReader, (message, options) => answerer.asksCommunity(message, options)),
    get services() {
      return knowledge.services
    },
    get areas() {
      return knowledge.areas
    },
    get deadlines() {
      return knowledge.deadlines
    },
    pulls: (id) => channels.find((channel) => channel.id === id)?.capabilities.pulls ?? false,
    capabilities: (id) => channels.find((channel) => channel.id === id)?.capabilities,
    photos,
    retention: config.retention,
    fetchPhoto: async (id, account, reference, signal) =>
      (await channels.find((channel) => channel.id === id && channel.account === account)?.fetchPhoto?.(reference, signal)) ?? { outcome: 'failed', problem: 'lost' },
    privateLink: (id, account) => channels.find((channel) => channel.id === id && channel.account === account)?.privateLink?.('go') ?? null,
    wakeOutbox,
    officeLine: () => contactLine(knowledge.office, toLocalDay(now())),
    onTurn: ({ answer, ...turn }) => {
      metrics.observeTurn(turn)
      if (answer) metrics.countAnswer(answer)
    },
    log,
    now,
    steadyNow,
  })
  const endClock = clock.watch((byMs) => {
    outbox.clockMoved(byMs)
    settleWrittenAhead(store, now()).catch((error: unknown) => log.warn({ fault: 'clock-not-settled', ...describeError(error) }, 'What was written by a clock that was ahead could not be put right; it is tried again at the next start. Nothing to do.'))
  })
  const desk: CatalogueServices = {
    store,
    now,
    wakeOutbox,
    get catalogue() {
      return knowledge.services
    },
    get areas() {
      return knowledge.areas
    },
    categoryOf: (text) => textReader.category(text),
    dueAtOf: (request, at) => dueAtOf(request, knowledge.deadlines, at),
  }
  listenTo(others, { outbox: () => outbox.wake(), knowledge: lookHere, talk: () => reader.reload() }, log)
  const endTakingUp = takeUpWhatOthersLeft(others, assistant, now)
  return {
    store,
    desk,
    knowledge,
    answerer,
    reader,
    talk,
    vectors,
    assistant,
    outbox,
    channels,
    metrics,
    pictures,
    photos,
    office,
    answering: typedAnswers,
    library,
    health,
    backups,
    mailboxes: { web: web.mailbox, terminal: terminal.mailbox },
    knowledgeProblem: () => folder.problem(),
    reloadKnowledge,
    now,
    close: async () => {
      endTakingUp()
      endClock()
      folder.close()
      await reader.close()
      await assistant.stop()
      await outbox.stop()
      await byItself.stop()
      await backups.stop()
      await vectors.close()
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
  const loading = loadEmbeddingModel({ ...config.embedding, log, signal })
  const model = await vectors.use(loading.then((loaded) => (loaded.outcome === 'ready' ? loaded.model : null)))
  if (model !== null) return answerer.useEmbedding(model)
  const loaded = await loading
  log.warn({ fault: 'no-embedding-model', reasons: loaded.outcome === 'unavailable' && loaded.reasons }, 'There is no embedding model: questions are answered by words alone, a little worse. Run `npm run -s linli -- model` to fetch it and to see what is in the way.')
  return false
}
