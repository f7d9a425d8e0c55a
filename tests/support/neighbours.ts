import path from 'node:path'
import type { RequestStatus } from '../../src/domain/requests/requests.ts'
import { changeRequest } from '../../src/desk/requests/change-request.ts'
import { loadKnowledge } from '../../src/knowledge/documents/load.ts'
import type { QuietHours } from '../../src/outbox/quiet-hours.ts'
import { createVolunteerSearch, type VolunteerSearch } from '../../src/outbox/sweeps/volunteer-search.ts'
import { claimRows } from '../../src/store/outbox/outbox-sending.ts'
import { noteResults } from '../../src/store/outbox/outbox-results.ts'
import { listPushed } from '../../src/store/outbox/outbox.ts'
import { captureLog } from './log.ts'
import { openTestAssistant, type TestAssistant } from './assistant.ts'
import { staffNamed } from './staff.ts'

export const HOUR = 60 * 60 * 1000

const PEOPLE = [
  { sender: 'zhang', name: '张建国', phone: '13900139001' },
  { sender: 'wang', name: '王秀英', phone: '13900139002' },
  { sender: 'zhao', name: '赵铁柱', phone: '13900139003' },
  { sender: 'sun', name: '孙丽华', phone: '13900139004' },
  { sender: 'qian', name: '钱志强', phone: '13900139005' },
]
/** Of the requester; none of it may stand in an offer. */
export const PERSONAL = /刘桂兰|13800138001|3号楼/

/** 10:00 on a Tuesday in Shanghai. */
export const TUESDAY_TEN = '2026-11-24T02:00:00Z'
export const NIGHT: QuietHours = { fromMinutes: 21 * 60 + 30, toMinutes: 7 * 60 + 30 }

const PULLED = { groups: true, mentions: true, buttons: true, pulls: true, proactiveWindowMs: null, canSendProactively: true, longestText: { limit: 4096, unit: 'utf16' as const }, rate: { perSecond: 100, burst: 100 } }

export interface VolunteerWords {
  name?: string
  phone?: string
  age?: number
  skills?: string
  availability?: string
  place?: string
}

/** A community that talks: residents, volunteers, the sweep that looks for them, and a clock. */
export interface Neighbours extends TestAssistant {
  search: VolunteerSearch
  /** Says something and lets the sweep do what is due. */
  hear(sender: string, text: string, options?: { group?: string; id?: string }): Promise<string>
  signUp(sender: string, words?: VolunteerWords): Promise<void>
  /** Several of them, in the order of their numbers. */
  signUpAll(...senders: string[]): Promise<void>
  /** Everything kept that may hold somebody's particulars, as text. */
  everything(): Promise<string>
  /** Asks for help; the new request's number. */
  askForHelp(sender?: string, text?: string): Promise<string>
  sweep(): Promise<void>
  pass(ms: number): Promise<void>
  pushedTo(sender: string): Promise<string[]>
  request(number: string): Promise<{ id: string; status: string; history: string[] }>
  staffSet(number: string, status: RequestStatus, note?: string): Promise<void>
  offers(number: string): Promise<Record<string, string>>
}

export const HELP = '帮我去药店买药，幸福小区3号楼2单元501，我叫刘桂兰，电话13800138001'

export async function openNeighbours(options: { start?: string; quietHours?: QuietHours } = {}): Promise<Neighbours> {
  const test = await openTestAssistant(options.start ?? TUESDAY_TEN)
  const knowledge = await loadKnowledge(path.resolve(import.meta.dirname, '../../knowledge'))
  const { log, lines } = captureLog()
  const searchOn = () =>
    createVolunteerSearch({ store: test.store, channels: [{ id: 'http', account: 'api', capabilities: PULLED }], services: () => knowledge.services, areas: () => knowledge.areas, log, now: () => test.clock.now, ...(options.quietHours && { quietHours: options.quietHours }) })
  /** As the outbox does it, its clock being the test's. */
  const deliver = async () => {
    const now = test.clock.now
    const account = { channel: 'http', account: 'api', pulls: true, total: 200, announcements: 0 }
    for (let hasMore = true; hasMore; ) {
      const claim = await claimRows(test.store, { owner: 'test', now, leaseUntil: new Date(now.getTime() + 20_000), accounts: [account], isQuiet: false, held: new Set() })
      await noteResults(test.store, { owner: 'test', now, rows: claim.rows.map(({ seq }) => ({ seq, status: 'sent', at: now, platformMessageId: null })), pauses: [] })
      hasMore = claim.hasMore || claim.rows.length > 0
    }
  }
  const world: Neighbours = Object.assign(test, {
    search: searchOn(),
    async hear(sender: string, text: string, more: { group?: string; id?: string } = {}) {
      const result = await test.say(text, { sender, ...more })
      await world.sweep()
      return result.text
    },
    async signUp(sender: string, words: VolunteerWords = {}) {
      const { name = '张建国', phone = '13900139001', age = 45, skills = '会跑腿', availability = '随时有空', place = '住幸福小区' } = words
      for (const said of [`我想当志愿者，我叫${name}，电话${phone}，${age}岁，${skills}，${availability}，${place}`, '同意', '确认']) await test.say(said, { sender })
    },
    async signUpAll(...senders: string[]) {
      for (const { sender, ...words } of PEOPLE.filter((person) => senders.includes(person.sender))) await world.signUp(sender, words)
    },
    async everything() {
      const { read } = world.store
      return JSON.stringify(await Promise.all([read.person.findMany(), read.serviceRequest.findMany(), read.inboundMessage.findMany(), read.outboxMessage.findMany(), read.activity.findMany(), read.volunteer.findMany(), read.volunteerSearch.findMany(), read.volunteerOffer.findMany(), read.dialogState.findMany()]))
    },
    async askForHelp(sender = 'liu', text = HELP) {
      let receipt = ''
      for (const said of [text, '同意', '确认']) receipt = (await test.say(said, { sender })).text
      await world.sweep()
      return /SR-\d{8}-\d{4}/.exec(receipt)?.[0] ?? receipt
    },
    async sweep() {
      await world.search.sweep()
      const faults = lines.filter((line) => JSON.stringify(line).includes('volunteer-search'))
      if (faults.length > 0) throw new Error(JSON.stringify(faults))
      await deliver()
    },
    async pass(ms: number) {
      test.clock.now = new Date(test.clock.now.getTime() + ms)
      await world.sweep()
    },
    pushedTo: async (sender: string) => (await listPushed(test.store, { channel: 'http', account: 'api', externalId: sender }, 0)).map((line) => line.text),
    async request(number: string) {
      const row = await test.store.read.serviceRequest.findUniqueOrThrow({ where: { number }, include: { activities: { orderBy: { at: 'asc' } } } })
      return { id: row.id, status: row.status, history: row.activities.map((activity) => `${activity.by} ${activity.status} ${activity.note}`) }
    },
    async staffSet(number: string, status: RequestStatus, note = '') {
      const { id } = await world.request(number)
      const result = await changeRequest({ store: test.store, now: () => test.clock.now, wakeOutbox: () => undefined }, staffNamed('wang'), { id, status, note })
      if (result.outcome !== 'changed') throw new Error(result.outcome)
      await world.sweep()
    },
    async offers(number: string) {
      const rows = await test.store.read.volunteerOffer.findMany({ where: { search: { request: { number } } }, include: { volunteer: true } })
      return Object.fromEntries(rows.map((row) => [row.volunteer?.name ?? '?', row.status]))
    },
  })
  const reopen = test.reopen.bind(test)
  world.reopen = async () => {
    await reopen()
    world.search = searchOn()
  }
  return world
}
