import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pino, { type Logger } from 'pino'
import type { Assistant } from '../../src/dialog/assistant.ts'
import { readOfficeQuestions } from '../../src/dialog/office-questions.ts'
import type { AssistantServices } from '../../src/dialog/assistant.ts'
import { createAssistant } from '../../src/dialog/route.ts'
import type { InboundMessage } from '../../src/domain/messages/messages.ts'
import type { TurnResult } from '../../src/domain/messages/outcome.ts'
import { tellAllAtOnce } from '../../src/forms/service-guide.ts'
import { createAnswerer } from '../../src/knowledge/answer/answerer.ts'
import { answerFromCommunity } from '../../src/knowledge/office/answer-from-community.ts'
import { loadKnowledge } from '../../src/knowledge/documents/load.ts'
import { createReader } from '../../src/language/moves/reader.ts'
import { MessageReader } from '../../src/language/reader/message-reader.ts'
import { loadReaderWeights } from '../../src/language/reader/open-reader.ts'
import { openPhotos, type Photos } from '../../src/store/pictures/photos.ts'
import { openStore, type Store } from '../../src/store/engine/store.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** The whole assistant on a real database in a folder of its own, with the real knowledge and a clock that the test moves. */
export interface TestAssistant {
  store: Store
  assistant: Assistant
  /** What it knows and reads by. */
  knowledge: Prepared['knowledge']
  reader: Prepared['reader']
  photos: Photos
  clock: { now: Date }
  /** Where the database lies. */
  directory: string
  database: TestDatabase
  /** What a resident says in a private conversation (by default their own), and the turn it leads to. */
  say(text: string, options?: Partial<Said>): Promise<TurnResult & { text: string }>
  /** Opens the same database anew, as after a crash: nothing is finished first. */
  reopen(): Promise<void>
  close(): Promise<void>
}

interface Said {
  id: string
  sender: string
  nickname: string
  conversation: string
  group: string
  isAddressed: boolean
  sentAt: Date
}

let weights: ReturnType<typeof loadReaderWeights> | undefined
/** What the reader has learnt, read once by a file. */
export const learnt = (): ReturnType<typeof loadReaderWeights> => (weights ??= loadReaderWeights(path.join(ROOT, 'knowledge')))

/** What takes longest to make and is the same for every assistant: the knowledge, and what is made of it. */
type Prepared = Awaited<ReturnType<typeof prepareKnowledge>>

let shared: Promise<Prepared> | undefined
/** Made once for all the assistants that a test file opens one after the other: they have its clock. By words alone nothing is kept in its folder. */
const sharedKnowledge = (): Promise<Prepared> => (shared ??= prepareKnowledge(path.join(os.tmpdir(), 'linli-no-vectors')))

/** For an assistant whose knowledge changes, or is heard in its log. `directory` is for what it keeps. */
export async function prepareKnowledge(directory: string, log: Logger = pino({ level: 'silent' })) {
  const clock = { now: new Date(0) }
  const knowledge = await loadKnowledge(path.join(ROOT, 'knowledge'))
  const documents = createAnswerer({ documents: knowledge.documents, gaps: knowledge.gaps, cacheDirectory: directory, log, now: () => clock.now })
  const answerer = answerFromCommunity(documents, knowledge, { tellService: tellAllAtOnce, log, now: () => clock.now })
  const messages = new MessageReader(await learnt(), knowledge)
  return { clock, knowledge, answerer, reader: readOfficeQuestions(createReader({ current: () => messages, areas: knowledge.areas }), (message, options) => answerer.asksCommunity(message, options)) }
}

/** `services` replaces what the assistant is given, for instance where the replies of its channel go out by the outbox; `prepared` its knowledge. */
export async function openTestAssistant(start = '2026-11-24T02:00:00Z', services: Partial<AssistantServices> = {}, prepared?: Prepared): Promise<TestAssistant> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-test-'))
  const log = services.log ?? pino({ level: 'silent' })
  const { clock, knowledge, answerer, reader } = prepared ?? (await (services.log === undefined ? sharedKnowledge() : prepareKnowledge(directory, log)))
  clock.now = new Date(start)

  const database = await createTestDatabase(directory)
  const open = async () => {
    const store = await openStore({ ...database, log })
    const photos = openPhotos({ directory: path.join(directory, 'photos'), store, now: () => clock.now })
    const assistant = createAssistant({ store, photos, answerer, reader, services: knowledge.services, areas: knowledge.areas, deadlines: knowledge.deadlines, pulls: () => true, wakeOutbox: () => undefined, log, now: () => clock.now, ...services })
    return { store, assistant, photos }
  }
  const test: TestAssistant = {
    ...(await open()),
    knowledge,
    reader,
    clock,
    directory,
    database,
    async say(text, options = {}) {
      const { turn } = await test.assistant.receive(toMessage(text, options, clock.now))
      const result = await turn
      return { ...result, text: result.replies.map((reply) => reply.text).join('\n') }
    },
    async reopen() {
      await test.store.close()
      Object.assign(test, await open())
    },
    async close() {
      await test.assistant.stop()
      await test.store.close()
      await database.drop()
      fs.rmSync(directory, { recursive: true, force: true })
    },
  }
  return test
}

export function toMessage(text: string, options: Partial<Said>, now: Date): InboundMessage {
  const sender = options.sender ?? 'resident-1'
  return {
    channel: 'http',
    account: 'api',
    externalId: options.id ?? randomUUID(),
    conversation: options.group === undefined ? { kind: 'private', externalId: options.conversation ?? sender } : { kind: 'group', externalId: options.group },
    sender: { externalId: sender, ...(options.nickname !== undefined && { nickname: options.nickname }) },
    isAddressed: options.isAddressed ?? true,
    text,
    attachments: [],
    sentAt: options.sentAt ?? now,
  }
}
