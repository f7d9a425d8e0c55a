import { afterEach, beforeEach, expect, it } from 'vitest'
import { listDeliveryLog } from '../../../../src/store/outbox/delivery-log.ts'
import { type AdminFixture, type FormClient, openAdmin, residentTurn } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient
beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
})
afterEach(() => fixture.close())

const shown = async (location: string): Promise<string> => (await client.get(location)).text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

it('on the desk 居民 stands beside the name of whoever poses as an office, wherever staff read it', async () => {
  await residentTurn(fixture, { sender: 'a', nickname: '派出所小王' })
  await residentTurn(fixture, { sender: 'b', nickname: '李大妈', request: { requesterName: '街道办主任' } })
  const residents = await shown('/admin/residents')
  expect(residents).toContain('派出所小王（居民）')
  expect(residents).toContain('街道办主任（居民）')
  expect(residents).toMatch(/昵称 李大妈 /)
  const { number } = await fixture.store.read.serviceRequest.findFirstOrThrow()
  for (const location of ['/admin/requests', `/admin/requests/${number}`]) expect(await shown(location)).toContain('街道办主任（居民）')
  const { id: person } = await fixture.store.read.person.findFirstOrThrow({ where: { nickname: '派出所小王' } })
  expect(await shown(`/admin/residents/${person}/erase`)).toContain('派出所小王（居民）')
})

it('in the list of deliveries too, but not beside staff who are known by their login, nor beside a group', async () => {
  const { store } = fixture
  await residentTurn(fixture, { sender: 'a', nickname: '派出所小王' })
  await residentTurn(fixture, { sender: 'b', nickname: '网格员老李' })
  const staff = await store.read.staffMember.findFirstOrThrow()
  await store.write((transaction) => transaction.identity.updateMany({ where: { externalId: 'b' }, data: { staffId: staff.id } }))
  await store.write((transaction) => transaction.outboxMessage.updateMany({ data: { isPushed: true } }))
  const { items } = await listDeliveryLog(store, {}, 1)
  expect(items.map(({ recipient }) => recipient).sort()).toEqual(['派出所小王（居民）', '网格员老李'].sort())
  expect(await shown('/admin/residents')).toMatch(/网格员老李 (?!（)/)
})
