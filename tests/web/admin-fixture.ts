import { DEFAULT_DEADLINES } from '../../src/domain/requests/deadlines.ts'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Hono } from 'hono'
import { pino } from 'pino'
import type { KnowledgeDocument } from '../../src/domain/answers.ts'
import type { Attachment } from '../../src/domain/messages/messages.ts'
import type { NewRequest, NewVolunteer } from '../../src/domain/messages/outcome.ts'
import type { Misread } from '../../src/domain/messages/talk.ts'
import type { Area } from '../../src/domain/services.ts'
import { createAnswerer, type Answerer } from '../../src/knowledge/answer/answerer.ts'
import { createQuestionLearning } from '../../src/knowledge/learn/question-learning.ts'
import { answerFromCommunity } from '../../src/knowledge/office/answer-from-community.ts'
import { tellAllAtOnce } from '../../src/forms/service-guide.ts'
import { addStaffKnowledge, toPair } from '../../src/knowledge/documents/staff-knowledge.ts'
import { receiveMessage } from '../../src/store/conversations/inbound.ts'
import { openPhotos, type Photos } from '../../src/store/pictures/photos.ts'
import { openPictures } from '../../src/store/pictures/pictures.ts'
import { ensureFirstStaff } from '../../src/store/staff/staff.ts'
import { openStore, type Store } from '../../src/store/engine/store.ts'
import { listKnownGaps, listTypedAnswers, listTypicalQuestions } from '../../src/store/knowledge/unanswered.ts'
import { commitTurn, loadTurn } from '../../src/store/conversations/turns.ts'
import { createAdmin } from '../../src/web/admin/admin.tsx'
import type { AdminOptions, ChannelView } from '../../src/web/admin/parts/options.ts'
import { loadAssets } from '../../src/web/assets.ts'
import { addSecurityHeaders } from '../../src/web/headers.ts'
import { servePictures } from '../../src/web/pictures.ts'
import { startServer } from '../../src/web/server.ts'
import { createTestDatabase } from '../support/database.ts'
import { createDesk } from '../support/desk.ts'
import { officeInMemory } from '../support/office.ts'

export const ADMIN = { user: 'wangfang', password: 'a quiet evening walk' }

const AREAS: Area[] = [
  { code: 'jgdq', name: '加格达奇区', level: 'county', parent: null, words: [] },
  { code: 'jgdq-dongshan', name: '东山街道', level: 'town', parent: 'jgdq', words: [] },
  { code: 'jgdq-dongshan-yingbin', name: '迎宾社区', level: 'community', parent: 'jgdq-dongshan', words: [] },
  { code: 'jgdq-weidong', name: '卫东街道', level: 'town', parent: 'jgdq', words: [] },
]

const DOCUMENT: KnowledgeDocument = {
  id: 'hexie',
  title: '关于建设和谐社区的意见',
  issuer: '民政局',
  issuedOn: '2012-04-05',
  passages: [
    { documentId: 'hexie', clause: '12', title: '邻里互助', text: '组织居民开展邻里互助活动。', typicalQuestions: ['邻居之间怎么互相帮忙', '邻里互助活动谁组织', '街坊有难处大家怎么搭把手'] },
    { documentId: 'hexie', clause: '13', title: '志愿者队伍', text: '社区志愿者人数要占居民总数的10%以上。', typicalQuestions: ['志愿者人数有什么要求', '社区志愿者占居民的比例是多少', '当义工的人要有多少'] },
  ],
}

const WEB_CHANNEL: ChannelView = {
  id: 'web',
  account: 'web',
  status: { state: 'online', detail: '', since: new Date('2026-11-23T00:00:00Z') },
  capabilities: { groups: false, mentions: false, buttons: true, pulls: true, proactiveWindowMs: null, canSendProactively: true, longestText: { limit: 4000, unit: 'utf16' }, rate: { perSecond: 100, burst: 100 } },
}

export interface AdminFixture {
  store: Store
  answerer: Answerer
  url: string
  clock: { now: Date }
  /** Where pictures are kept. */
  picturesDirectory: string
  photos: Photos
  channels: ChannelView[]
  /** How often the knowledge was asked to be loaded again, and the outbox to wake. */
  calls: { reloads: number; wakes: number }
  logLines: string[]
  close(): Promise<void>
}

/** The admin pages on a real database and a real port, with one administrator. */
export async function startAdmin(overrides: Partial<AdminOptions> = {}): Promise<AdminFixture> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-admin-'))
  const logLines: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void logLines.push(line) })
  const database = await createTestDatabase(directory)
  const store = await openStore({ ...database, log })
  const clock = { now: new Date('2026-11-24T02:00:00Z') }
  const channels = [WEB_CHANNEL]
  const calls = { reloads: 0, wakes: 0 }
  await ensureFirstStaff(store, { ...ADMIN, now: clock.now })
  const knowledge = { documents: [DOCUMENT], gaps: [] }
  const answerer = answerFromCommunity(createAnswerer({ ...knowledge, cacheDirectory: directory, log, now: () => clock.now }), knowledge, { tellService: tellAllAtOnce, log, now: () => clock.now })
  const reloadKnowledge = async () => {
    calls.reloads += 1
    await answerer.replace(addStaffKnowledge(knowledge, await listTypicalQuestions(store), await listKnownGaps(store), (await listTypedAnswers(store)).map(toPair)))
  }
  const wakeOutbox = () => void (calls.wakes += 1)
  const assets = loadAssets()
  const app = new Hono()
  app.use('*', addSecurityHeaders)
  app.get('/assets/:name', (c) => assets.serve(c))
  const pictures = openPictures({ directory: path.join(directory, 'pictures'), store, now: () => clock.now })
  servePictures(app, pictures)
  const photos = openPhotos({ directory: path.join(directory, 'photos'), store, now: () => clock.now })
  const admin = createAdmin({
    store,
    banners: () => [],
    desk: createDesk({ store, areas: AREAS, now: () => clock.now, wakeOutbox: () => void (calls.wakes += 1) }),
    areas: AREAS,
    deadlines: DEFAULT_DEADLINES,
    documents: () => [DOCUMENT],
    answererState: () => ({ isComplete: true, detail: '答问题用字词和语义一起找。' }),
    ask: (question) => answerer.answer(question),
    learning: createQuestionLearning(() => answerer.workings()),
    reloadKnowledge,
    answering: { store, now: () => clock.now, wakeOutbox, documents: () => [DOCUMENT], reloadKnowledge },
    library: { store, now: () => clock.now, directory, knowledge: () => ({ ...knowledge, services: [], areas: AREAS, deadlines: DEFAULT_DEADLINES, office: null, held: [], files: new Map() }), read: () => Promise.resolve(), look: reloadKnowledge, problem: () => null, held: () => [] },
    talk: null,
    office: officeInMemory({ store, now: () => clock.now, documents: [DOCUMENT] }),
    pictures,
    photos,
    backups: () => Promise.resolve({ last: { file: '/backups/linli.tar.gz', madeAt: new Date(clock.now.getTime() - 60 * 60_000), bytes: 5_000_000 }, isNightly: true, problem: null }),
    channels: () => channels,
    wakeOutbox,
    log,
    now: () => clock.now,
    ...overrides,
  })
  app.route('/admin', admin)
  app.onError((error, c) => c.text(error.stack ?? error.message, 500))
  const server = await startServer(app, { host: '127.0.0.1', port: 0 })
  return {
    store,
    answerer,
    url: `http://127.0.0.1:${server.port}`,
    clock,
    picturesDirectory: path.join(directory, 'pictures'),
    photos,
    channels,
    calls,
    logLines,
    close: async () => {
      await server.close()
      await store.close()
      await database.drop()
      fs.rmSync(directory, { recursive: true, force: true })
    },
  }
}

let messageCount = 0

/** A resident writes, and the turn leaves these records; as the route does it. @returns the number in the reply */
export async function residentTurn(
  fixture: Pick<AdminFixture, 'store' | 'clock'>,
  turn: { sender?: string; nickname?: string; text?: string; request?: Partial<NewRequest>; volunteer?: Partial<NewVolunteer>; question?: string; photos?: Attachment[]; nearest?: { document: string; clause: string; score: number }; subscribes?: boolean; misread?: Misread },
): Promise<string> {
  const { store, clock } = fixture
  messageCount += 1
  const sender = turn.sender ?? 'liu'
  const message = {
    channel: 'web',
    account: 'web',
    externalId: `m${messageCount}`,
    conversation: { kind: 'private' as const, externalId: sender },
    sender: { externalId: sender, nickname: turn.nickname ?? '刘桂兰' },
    isAddressed: true,
    text: turn.text ?? '3号楼2单元楼道灯坏了',
    attachments: turn.photos ?? [],
    sentAt: clock.now,
  }
  const receipt = await receiveMessage(store, message, clock.now)
  const { context } = await loadTurn(store, receipt.inboundId, clock.now)
  const result = await commitTurn(store, {
    message,
    context,
    pulls: true,
    now: clock.now,
    outcome: {
      intent: 'service_request',
      replies: [{ to: 'private', kind: 'receipt', text: turn.request ? '{request}' : turn.volunteer ? '{volunteer}' : '知道了。' }],
      changes: [
        ...(turn.subscribes ? [{ type: 'grant_consent' as const, noticeVersion: '2026-11', subscribes: true }] : []),
        ...(turn.question ? [{ type: 'note_unanswered' as const, question: turn.question, answer: { ranked: turn.nearest ? [turn.nearest] : [] } }] : []),
        ...(turn.misread ? [{ type: 'note_misread' as const, misread: turn.misread }] : []),
        ...(turn.request
          ? [
              {
                type: 'create_request' as const,
                request: {
                  kind: 'service' as const,
                  serviceCode: 'street_light',
                  category: '公共照明',
                  description: '楼道灯坏了，晚上看不见',
                  address: '3号楼2单元',
                  areaCode: 'jgdq-dongshan-yingbin',
                  requesterName: '刘桂兰',
                  requesterPhone: '13800138001',
                  wantedTime: null,
                  dueAt: null,
                  ...turn.request,
                },
              },
            ]
          : []),
        ...(turn.photos ? [{ type: 'add_photos' as const, request: 'new' as const, messageIds: [receipt.inboundId] }] : []),
        ...(turn.volunteer
          ? [
              {
                type: 'save_volunteer' as const,
                volunteer: { name: '张建国', phone: '13900139002', age: 45, guardian: null, areaCode: 'jgdq-dongshan-yingbin', skills: ['修水管', '陪聊'], availability: '周末', status: 'pending' as const, ...turn.volunteer },
              },
            ]
          : []),
      ],
    },
  })
  if (result.status !== 'committed') throw new Error('the turn was decided before')
  return result.replies[0]?.text ?? ''
}

export interface PageResult {
  status: number
  text: string
  headers: Headers
}

/** A browser without scripts: keeps cookies, follows redirects, sends the token of the page that it saw last. */
export class FormClient {
  readonly #url: string
  readonly cookies = new Map<string, string>()
  csrf = ''

  constructor(url: string) {
    this.#url = url
  }

  get(location: string, headers: Record<string, string> = {}): Promise<PageResult> {
    return this.#request('GET', location, undefined, headers)
  }

  /** Posts a form. `csrf: null` leaves the token out. */
  post(location: string, form: Record<string, string | string[]>, options: { headers?: Record<string, string>; csrf?: string | null; follow?: boolean } = {}): Promise<PageResult> {
    const body = new URLSearchParams()
    if (options.csrf !== null) body.set('_csrf', options.csrf ?? this.csrf)
    for (const [name, value] of Object.entries(form)) for (const one of [value].flat()) body.append(name, one)
    return this.#request('POST', location, body, options.headers ?? {}, options.follow ?? true)
  }

  /** Posts a form with a file, as a browser does; without a file its field comes empty. */
  postFile(location: string, fields: Record<string, string>, file?: { field: string; name: string; bytes: Uint8Array }): Promise<PageResult> {
    const body = new FormData()
    body.set('_csrf', this.csrf)
    for (const [name, value] of Object.entries(fields)) body.append(name, value)
    body.append(file?.field ?? 'file', new Blob(file ? [Uint8Array.from(file.bytes)] : []), file?.name ?? '')
    return this.#request('POST', location, body, {})
  }

  async logIn(user = ADMIN.user, password = ADMIN.password): Promise<PageResult> {
    await this.get('/admin/login')
    return this.post('/admin/login', { user, password })
  }

  async #request(method: string, location: string, body: URLSearchParams | FormData | undefined, headers: Record<string, string>, follow = true): Promise<PageResult> {
    const response = await fetch(new URL(location, this.#url), {
      method,
      redirect: 'manual',
      headers: { Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...headers },
      ...(body && { body }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0/i.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const text = await response.text()
    this.csrf = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? this.csrf
    const next = response.headers.get('location')
    if (follow && next !== null) return this.get(next)
    return { status: response.status, text, headers: response.headers }
  }
}

/** The admin pages, and a browser in which their administrator has logged in. */
export async function openAdmin(): Promise<{ fixture: AdminFixture; client: FormClient }> {
  const fixture = await startAdmin()
  const client = new FormClient(fixture.url)
  await client.logIn()
  return { fixture, client }
}
