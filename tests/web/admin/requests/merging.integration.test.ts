import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AdminFixture, type FormClient, openAdmin, residentTurn } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient
const lift = { serviceCode: 'lift', category: '电梯故障', areaCode: null }

beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
})
afterEach(() => fixture.close())

const report = (sender: string, description: string, address: string) => residentTurn(fixture, { sender, request: { ...lift, description, address } })
const read = (number: string) => fixture.store.read.serviceRequest.findUniqueOrThrow({ where: { number }, include: { mergedInto: true, followers: true, activities: { orderBy: { at: 'asc' } } } })
const pageOf = async (number: string) => (await client.get(`/admin/requests/${number}`)).text

describe('what was reported twice', () => {
  it('stands beside the request, is compared side by side, merged, and taken back', async () => {
    const one = await report('liu', '电梯坏了', '幸福小区3号楼')
    const two = await report('chen', '电梯停了', '幸福小区3号楼2单元')
    const elsewhere = await report('sun', '电梯坏了', '幸福小区9号楼')
    const page = await pageOf(two)
    expect(page).toContain(`/admin/requests/${two}/merge?into=${one}`)
    expect(page).not.toContain(elsewhere)
    expect(page).not.toContain('合并到别的工单')

    const both = await client.get(`/admin/requests/${two}/merge?into=${one}`)
    expect(both.text).toMatch(new RegExp(`这一件，合并后结束.*${two}.*电梯停了.*并入这一件，接着办.*${one}.*电梯坏了`, 's'))
    expect((await read(two)).status).toBe('submitted')

    const { id, updatedAt } = await read(two)
    const seen = updatedAt.toISOString()
    await client.post(`/admin/requests/${id}/merge`, { into: one, seen })
    expect(await read(two)).toMatchObject({ status: 'merged', mergedInto: { number: one } })
    expect((await read(one)).followers.length).toBe(1)
    expect(await pageOf(one)).toContain('并到这件里的')
    expect(await pageOf(two)).toContain('撤销合并')
    expect(fixture.calls.wakes).toBeGreaterThan(0)

    await client.post(`/admin/requests/${id}/unmerge`, { seen: (await read(two)).updatedAt.toISOString() })
    expect(await read(two)).toMatchObject({ status: 'submitted', mergedInto: null })
    expect((await read(one)).followers).toEqual([])
    expect((await read(two)).activities.map(({ note }) => note)).toEqual(['', `并入 ${one}`, `从 ${one} 里分出来`])
  })

  it('is not merged into itself, back in a circle, or from a stale page: one sentence says why', async () => {
    const one = await report('liu', '电梯坏了', '幸福小区3号楼')
    const two = await report('chen', '电梯停了', '幸福小区3号楼')
    const [{ id: first, updatedAt }, { id: second }] = [await read(one), await read(two)]
    expect((await client.post(`/admin/requests/${first}/merge`, { into: one })).text).toContain('不能并入它自己')
    const stale = await client.post(`/admin/requests/${first}/merge`, { into: two, seen: new Date(updatedAt.getTime() - 1).toISOString() })
    expect([stale.status, stale.text.includes('刚才有变化')]).toEqual([409, true])
    await client.post(`/admin/requests/${second}/merge`, { into: one })
    expect((await client.post(`/admin/requests/${first}/merge`, { into: two })).text).toContain(`${two} 已经并入这一件了`)
    expect((await client.get(`/admin/requests/${one}/merge?into=SR-20200101-0001`)).status).toBe(404)
    expect((await client.post(`/admin/requests/${first}/status`, { status: 'merged', note: '' })).text).toContain('并入哪一件')
    expect((await read(one)).status).toBe('submitted')
  })
})
