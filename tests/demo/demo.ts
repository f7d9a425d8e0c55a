import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Chat, User } from 'grammy/types'
import pino from 'pino'
import { startService, type ServiceProcess } from '../../src/commands/bench/service-process.ts'
import { createRoomCode, createStaffCode } from '../../src/store/staff/codes.ts'
import { addStaff, ensureFirstStaff } from '../../src/store/staff/staff.ts'
import { openStore } from '../../src/store/engine/store.ts'
import { FakeBotApi } from '../fakes/telegram/bot-api.ts'
import { FakeGateway } from '../fakes/wechat/gateway.ts'
import { ANNOUNCEMENTS, REPORTS, RESIDENTS, SIGN_UPS, type Resident } from './neighbourhood.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const STAFF = { user: 'wang', password: 'demo-demo-demo' }
const COLLEAGUE = 'zhang'
const ROOM = { id: '1001@chatroom', topic: '迎宾小区邻里群' }
const GROUP: Chat.SupergroupChat = { id: -1001, type: 'supergroup', title: '林海家园邻里群' }
const ALICE: User = { id: 101, is_bot: false, first_name: '孙大妈' }
const HOME: Chat.PrivateChat = { id: 101, type: 'private', first_name: '孙大妈' }

const tell = (line: string): void => void process.stdout.write(`${line}\n`)

/** `npm run demo`: the whole program beside a fake Telegram and a mock WeChat, with a neighbourhood that has already used it. Ends with Ctrl-C; nothing is kept. */
async function run(): Promise<void> {
  const dataDirectory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-demo-'))
  const telegram = new FakeBotApi()
  const gateway = new FakeGateway('insecure_linli_demo')
  await Promise.all([telegram.start(), gateway.start()])
  const codes = await addTwoStaff(dataDirectory)
  tell('正在启动……')
  const service = await startService({
    dataDirectory,
    environment: {
      QUIET_HOURS: 'off',
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.apiRoot,
      WECHATY_PUPPET: 'wechaty-puppet-service',
      WECHATY_PUPPET_SERVICE_TOKEN: gateway.token,
      WECHATY_PUPPET_SERVICE_ENDPOINT: gateway.endpoint,
      WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT: 'true',
    },
  })
  const stop = async (): Promise<void> => {
    await service.stop()
    await Promise.allSettled([telegram.die(), gateway.die()])
    fs.rmSync(dataDirectory, { recursive: true, force: true })
  }
  try {
    await fill(service)
    await waitForMeaning(service)
    await talkOnTelegram(telegram)
    await talkOnWechat(gateway, codes)
    await announce(service)
    await watchAnnouncements(service)
  } catch (error) {
    await stop()
    throw error
  }
  if (process.argv.includes('--once')) {
    tell('\n演示完了，什么都没有留下。')
    return stop()
  }
  tell(`\n都好了，打开看看：\n  居民：${service.url}/\n  工作人员：${service.url}/admin   用户名 ${STAFF.user}   密码 ${STAFF.password}\n按 Ctrl-C 结束，什么都不会留下。`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().then(() => process.exit(0)))
}

interface Codes {
  staff: string
  room: string
}

/** The two members of staff, and the codes with which one of them binds a WeChat log-in and a room. */
async function addTwoStaff(dataDirectory: string): Promise<Codes> {
  const store = await openStore({ url: `file:${path.join(dataDirectory, 'linli.db')}`, migrationsDirectory: path.join(ROOT, 'prisma/migrations'), log: pino({ level: 'silent' }) })
  const now = new Date()
  await ensureFirstStaff(store, { ...STAFF, now })
  await addStaff(store, { user: COLLEAGUE, role: 'staff', by: STAFF.user, now })
  const codes = { staff: (await createStaffCode(store, { user: STAFF.user, now })) ?? '', room: await createRoomCode(store, { now }) }
  await store.close()
  return codes
}

interface Turn {
  replies: { text: string; buttons?: { text: string }[] }[]
}

async function say(service: ServiceProcess, resident: Resident, text: string): Promise<Turn> {
  const { status, text: body } = await service.call('POST', '/api/v1/messages', { conversation: resident.id, sender: { id: resident.id, name: resident.name }, text })
  if (status !== 200) throw new Error(`the service answered ${status}: ${body}`)
  return JSON.parse(body) as Turn
}

const MOST_TURNS = 10

/** Answers what the form asks, until it is handed in. */
async function fillForm(service: ServiceProcess, resident: Resident, opening: string): Promise<void> {
  let turn = await say(service, resident, opening)
  for (let count = 0; count < MOST_TURNS; count += 1) {
    const asked = turn.replies.map((reply) => reply.text).join('\n')
    const offered = turn.replies.flatMap((reply) => reply.buttons ?? []).map((button) => button.text)
    const answer = offered.includes('同意') ? '同意' : offered.includes('确认') ? '确认' : answerField(asked, resident)
    if (answer === null) return
    turn = await say(service, resident, answer)
  }
  throw new Error(`“${opening}”没有办成。`)
}

function answerField(asked: string, resident: Resident): string | null {
  if (/编号 (?:SR|VL)-/.test(asked)) return null
  if (/怎么称呼|姓名|叫什么|贵姓/.test(asked)) return resident.name
  if (/电话|手机/.test(asked)) return resident.phone
  if (/哪里|地址|几号楼|在哪/.test(asked)) return resident.address
  if (/岁|年龄/.test(asked)) return '45岁'
  return '跳过'
}

async function fill(service: ServiceProcess): Promise<void> {
  const resident = (index: number): Resident => RESIDENTS[index] ?? RESIDENTS[0] ?? { id: '', name: '', phone: '', address: '' }
  for (const person of RESIDENTS) await say(service, person, '订阅')
  for (const { resident: index, text } of SIGN_UPS) await fillForm(service, resident(index), text)
  for (const { resident: index, text } of REPORTS) await fillForm(service, resident(index), `${text}，在${resident(index).address}`)
  const { requests } = JSON.parse((await service.call('GET', '/api/v1/requests?limit=100')).text) as { requests: { id: string; number: string }[] }
  for (const [place, request] of requests.reverse().entries()) {
    for (const status of REPORTS[place]?.statuses ?? []) await service.call('PATCH', `/api/v1/requests/${request.id}`, { status, note: status === 'resolved' ? '师傅已经修好了' : '已经安排人去看' })
  }
  const volunteers = JSON.parse((await service.call('GET', '/api/v1/volunteers?limit=100')).text) as { volunteers: unknown[] }
  tell(`三个社区，${RESIDENTS.length} 位居民，${volunteers.volunteers.length} 位志愿者，${requests.length} 件事。`)
}

/** The embedding model loads in the background; where there is none, answers by words will do. */
async function waitForMeaning(service: ServiceProcess): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await delay(200)) if ((await service.call('GET', '/readyz')).text.includes('hybrid')) return
}

async function talkOnTelegram(telegram: FakeBotApi): Promise<void> {
  telegram.openChat(HOME)
  telegram.openChat(GROUP)
  telegram.say(ALICE, HOME, '订阅')
  await answered(() => telegram.sent.length > 0, 'Telegram')
  const before = telegram.sent.length
  const question = `@${telegram.me.username} 志愿者要占居民多少？`
  telegram.say(ALICE, GROUP, question)
  await answered(() => telegram.sent.length > before, 'Telegram')
  show(`Telegram 群“${GROUP.title}”`, '孙大妈', question, telegram.sent.at(-1)?.text ?? '')
}

/** In a room that is not bound nobody is answered; staff bind themselves and the room, and the question is asked again. A report goes on in private. */
async function talkOnWechat({ wechat }: FakeGateway, codes: Codes): Promise<void> {
  wechat.addContact({ id: 'wxid_liu', name: '刘大爷' })
  wechat.addContact({ id: 'wxid_wang', name: '社区小王' })
  wechat.addRoom({ ...ROOM, memberIdList: [wechat.selfId, 'wxid_liu', 'wxid_wang'] })
  await answered(() => wechat.puppet.listenerCount('message') > 0, '微信')
  wechat.login()
  await delay(500)
  const said = async (who: string, where: { roomId: string } | 'private', text: string): Promise<void> => {
    const before = wechat.sent.length
    wechat.say(who, where, text)
    await answered(() => wechat.sent.length > before, '微信')
  }
  const question = `@${wechat.name}\u2005社区用房每百户要多大？`
  wechat.say('wxid_liu', { roomId: ROOM.id }, question)
  const binding = `@${wechat.name}\u2005绑定 ${codes.room}`
  await said('wxid_wang', 'private', `绑定 ${codes.staff}`)
  if (wechat.sent.some(({ conversationId }) => conversationId === ROOM.id)) throw new Error('没有绑定的群里不该说话。')
  show(`微信群“${ROOM.topic}”，还没有绑定`, '刘大爷', question, '（不说话）')
  await said('wxid_wang', { roomId: ROOM.id }, binding)
  show(`微信群“${ROOM.topic}”`, '社区小王', binding, wechat.sent.at(-1)?.text ?? '')
  await said('wxid_liu', { roomId: ROOM.id }, question)
  show(`微信群“${ROOM.topic}”`, '刘大爷', question, wechat.sent.at(-1)?.text ?? '')
  await reportFromGroup(wechat, said)
}

async function reportFromGroup(wechat: FakeGateway['wechat'], said: (who: string, where: { roomId: string } | 'private', text: string) => Promise<void>): Promise<void> {
  const report = `@${wechat.name}\u20053号楼2单元的楼道灯坏了`
  const before = wechat.sent.length
  await said('wxid_liu', { roomId: ROOM.id }, report)
  await answered(() => wechat.sent.length >= before + 2, '微信')
  const [inRoom, inPrivate] = [true, false].map((isRoom) => wechat.sent.slice(before).find(({ conversationId }) => (conversationId === ROOM.id) === isRoom)?.text ?? '')
  show(`微信群“${ROOM.topic}”`, '刘大爷', report, inRoom ?? '')
  tell(`（私信）${(inPrivate ?? '').replaceAll('\n', '\n      ')}`)
  for (const answer of ['同意', '我叫刘长林', '13804571234', '迎宾小区3号楼2单元', '确认']) {
    await said('wxid_liu', 'private', answer)
    const reply = wechat.sent.at(-1)?.text ?? ''
    show('微信私信', '刘大爷', answer, reply)
    if (/编号 SR-/.test(reply)) return
  }
}

async function answered(isDone: () => boolean, where: string): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await delay(50)) if (isDone()) return
  throw new Error(`${where} 里没有等到回答。`)
}

function show(where: string, who: string, said: string, reply: string): void {
  tell(`\n— ${where} —\n${who}：${said}\n邻里：${reply.replaceAll('\n', '\n      ')}`)
}

async function announce(service: ServiceProcess): Promise<void> {
  for (const announcement of ANNOUNCEMENTS) {
    const created = await service.call('POST', '/api/v1/announcements', { by: STAFF.user, ...announcement, audience: {} })
    const { id } = JSON.parse(created.text) as { id: string }
    await service.call('POST', `/api/v1/announcements/${id}/approve`, { by: COLLEAGUE })
  }
}

async function watchAnnouncements(service: ServiceProcess): Promise<void> {
  for (let open = 1; open > 0; await delay(300)) {
    const { announcements } = JSON.parse((await service.call('GET', '/api/v1/announcements')).text) as { announcements: { title: string; total: number; open: number; sent: number }[] }
    open = announcements.reduce((sum, announcement) => sum + announcement.open, 0)
    if (open === 0) for (const { title, sent, total } of announcements) tell(`\n公告“${title}”：${total} 个里送到 ${sent} 个。`)
  }
}

await run()
