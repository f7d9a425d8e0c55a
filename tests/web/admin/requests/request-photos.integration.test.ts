import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { erasePerson } from '../../../../src/store/people/erasure.ts'
import { JPEG, makePng, withExif } from '../../../support/picture-files.ts'
import { type AdminFixture, type FormClient, openAdmin, residentTurn } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient
let number: string

beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
  const photos = await fixture.photos.takeAll([async () => withExif(JPEG), async () => makePng(8, 8)])
  number = await residentTurn(fixture, { request: {}, photos })
})
afterEach(() => fixture.close())

const shown = async (): Promise<string[]> => Array.from((await client.get(`/admin/requests/${number}`)).text.matchAll(/<a href="([^"]+)"[^>]*><img src="\1"/g), (match) => match[1] ?? '')

describe('the photos of a request on the desk', () => {
  it('are shown small and open whole, for whoever is logged in, and kept by nobody but their browser', async () => {
    const addresses = await shown()
    expect(addresses).toHaveLength(2)
    const [address = ''] = addresses
    const served = await client.get(address)
    expect([served.status, served.headers.get('content-type'), served.headers.get('x-content-type-options')]).toEqual([200, 'image/jpeg', 'nosniff'])
    expect(served.headers.get('cache-control')).toMatch(/^private/)
    expect(served.text).not.toContain('GPS')
    const stranger = await fetch(fixture.url + address, { redirect: 'manual' })
    expect([stranger.status, stranger.headers.get('location')]).toEqual([303, expect.stringContaining('/admin/login')])
  })

  it('are those of that request and no other', async () => {
    const other = await residentTurn(fixture, { sender: 'wang', request: {} })
    const [address = ''] = await shown()
    expect((await client.get(address.replace(number, other))).status).toBe(404)
    expect((await client.get(address.replace(/[^/]+$/, '..%2F..%2Flinli.db'))).status).toBe(404)
  })

  it('whose resident has deleted everything are gone', async () => {
    const [address = ''] = await shown()
    const { id } = await fixture.store.read.person.findFirstOrThrow()
    await fixture.store.write((transaction) => erasePerson(transaction, { personId: id, digestOf: fixture.store.digestOf, now: fixture.clock.now }))
    expect(await shown()).toEqual([])
    expect((await client.get(address)).status).toBe(404)
  })
})
