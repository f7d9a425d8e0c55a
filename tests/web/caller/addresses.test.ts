import { describe, expect, it } from 'vitest'
import { countedAs, createAddressCheck, LOOPBACK, readAddress } from '../../../src/web/caller/addresses.ts'

describe('an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    [' 192.0.2.7:4711 ', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['[::FFFF:192.0.2.7]:80', '192.0.2.7'],
    ['2001:DB8::1', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['unknown', null],
    ['', null],
    ['192.0.2.777', null],
    ['evil.example', null],
    ['_hidden', null],
    ['192.0.2.7, 192.0.2.8', null],
  ])('%j is read as %j', (text, address) => {
    expect(readAddress(text)).toBe(address)
  })

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
  ])('%s is counted as %s: a connection of IPv6 is given a whole /64', (address, counted) => {
    expect(countedAs(address)).toBe(counted)
  })
})

describe('the proxies that are trusted', () => {
  const isTrusted = createAddressCheck(['10.0.0.5', '172.16.0.0/12', 'fd00::/8'])

  it.each([['10.0.0.5', true], ['10.0.0.6', false], ['172.31.255.255', true], ['172.32.0.0', false], ['fd12::1', true], ['fe80::1', false], ['unknown', false]])('%s: %s', (address, is) => {
    expect(isTrusted(address)).toBe(is)
  })

  it('are those on this machine where nobody says otherwise, and nobody where the list is empty', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '192.0.2.7'].map(createAddressCheck(LOOPBACK))).toEqual([true, true, true, false])
    expect(createAddressCheck([])('127.0.0.1')).toBe(false)
    expect(createAddressCheck(['0.0.0.0/0'])('203.0.113.9')).toBe(true)
  })
})
