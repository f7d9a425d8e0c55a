import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Area } from '../../src/domain/services.ts'
import { createVolunteerSearch } from '../../src/outbox/sweeps/volunteer-search.ts'
import { type AdminFixture, type FormClient, openAdmin, residentTurn } from './admin-fixture.ts'
import { captureLog } from '../support/log.ts'

let fixture: AdminFixture
let client: FormClient
const AREAS: Area[] = [{ code: 'jgdq-dongshan-yingbin', name: '迎宾社区', level: 'community', parent: null, words: [] }]

beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
})
afterEach(() => fixture.close())

const sweep = () => createVolunteerSearch({ store: fixture.store, channels: fixture.channels, services: () => [], areas: () => AREAS, log: captureLog().log, now: () => fixture.clock.now }).sweep()
const pageOf = async (number: string) => (await client.get(`/admin/requests/${number}`)).text
const press = async (number: string, form: Record<string, string> = {}) => {
  const { id } = await fixture.store.read.serviceRequest.findUniqueOrThrow({ where: { number } })
  return client.post(`/admin/requests/${id}/volunteers`, form)
}
const accept = (sender: string) =>
  fixture.store.write(async (transaction) => {
    const offer = await transaction.volunteerOffer.findFirstOrThrow({ where: { volunteer: { name: sender } } })
    await transaction.volunteerOffer.updateMany({ where: { id: offer.id }, data: { status: 'accepted', answeredAt: fixture.clock.now } })
    await transaction.volunteerSearch.updateMany({ where: { requestId: offer.requestId }, data: { state: 'accepted' } })
  })

it('The page of a request for help shows who was asked and who will go, and the volunteer’s page what they do', async () => {
  const volunteer = await residentTurn(fixture, { sender: 'zhang', subscribes: true, volunteer: { status: 'active' } })
  const number = await residentTurn(fixture, { sender: 'liu', subscribes: true, request: { kind: 'help', category: '代办代购' } })
  expect(await pageOf(number)).toContain('正在问附近的志愿者')
  await sweep()
  expect(await pageOf(number)).toMatch(/张建国[\s\S]*等答复/)
  await accept('张建国')
  const page = await pageOf(number)
  expect(page).toMatch(/有志愿者答应去了[\s\S]*13900139002[\s\S]*答应去/)
  expect(page).not.toContain('>找志愿者<')
  const own = (await client.get(`/admin/volunteers/${volunteer}`)).text
  expect(own).toContain('0 次（问过 1 次）')
  expect(own).toMatch(new RegExp(`手上的事[\\s\\S]*/admin/requests/${number}`))
  expect((await press(number)).text).toContain('已经有志愿者答应去了')
})

it('A request for which nobody is left is marked', async () => {
  const number = await residentTurn(fixture, { sender: 'liu', subscribes: true, request: { kind: 'help' } })
  await sweep()
  const page = await pageOf(number)
  expect(page).toContain('没找到志愿者')
  expect(page).toContain('请工作人员安排')
  const today = (await client.get('/admin')).text
  expect(today).toMatch(new RegExp(`没找到志愿者，等您安排[\\s\\S]*${number}`))
  expect(today.split(`unhelped-${number}`).length + today.split(`fresh-${number}`).length).toBe(3)
  await fixture.store.write((transaction) => transaction.serviceRequest.updateMany({ data: { status: 'resolved' } }))
  expect(await pageOf(number)).not.toContain('没找到志愿者')
})

it('Staff look for volunteers for any open request; minors are asked only where they say so', async () => {
  await residentTurn(fixture, { sender: 'ming', subscribes: true, volunteer: { name: '王小明', age: 15, guardian: { name: '王大明', phone: '13900139003' }, status: 'active' } })
  const number = await residentTurn(fixture, { sender: 'liu', subscribes: true, request: {} })
  expect(await pageOf(number)).toContain('还没有找过志愿者')
  const begun = await press(number)
  expect(begun.text).toContain('开始找了')
  expect(fixture.calls.wakes).toBe(1)
  expect((await press(number)).text).toContain('正在找志愿者，不用再点')
  await sweep()
  expect(await pageOf(number)).toContain('没找到志愿者')
  await press(number, { minors: 'yes' })
  await sweep()
  expect(await pageOf(number)).toMatch(/王小明[\s\S]*等答复/)
  expect((await client.get('/admin/audit')).text).toContain('找志愿者')
})

it('Nobody is asked for a resident who has not agreed to be told of, nor for what is over', async () => {
  const number = await residentTurn(fixture, { sender: 'liu', request: {} })
  expect((await press(number)).text).toContain('没有同意给别人看')
  await fixture.store.write((transaction) => transaction.serviceRequest.updateMany({ data: { status: 'resolved' } }))
  expect((await press(number)).text).toContain('已经结束')
  expect(await fixture.store.read.volunteerSearch.count()).toBe(0)
  expect((await client.post('/admin/requests/no-such/volunteers', {})).status).toBe(404)
})
