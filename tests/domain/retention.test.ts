import { expect, it } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { coversNotice, expiryAt, noticeVersion, USUAL_RETENTION } from '../../src/domain/retention.ts'
import { text } from '../../src/dialog/text.ts'

it('the notice that residents agree to says the periods of the settings', () => {
  const retention = loadConfig({ RETENTION_DRAFT_HOURS: '12', RETENTION_MESSAGE_DAYS: '90', RETENTION_REQUEST_YEARS: '3' }).retention
  expect(retention).toEqual({ draftHours: 12, messageDays: 90, requestYears: 3 })
  expect(text.wholeNotice(retention)).toMatch(/90 天.*3 年.*12 小时/)
  expect(text.consentWhy(retention)).toContain('3 年')
  expect(text.wholeNotice(loadConfig({}).retention)).toMatch(/180 天.*2 年.*24 小时/)
})

it.each([['RETENTION_DRAFT_HOURS', '0'], ['RETENTION_DRAFT_HOURS', '169'], ['RETENTION_MESSAGE_DAYS', '29'], ['RETENTION_MESSAGE_DAYS', '366'], ['RETENTION_REQUEST_YEARS', '0'], ['RETENTION_REQUEST_YEARS', '11'], ['RETENTION_MESSAGE_DAYS', '1.5'], ['RETENTION_MESSAGE_DAYS', 'long']])('%s=%s is refused with its bounds', (name, value) => {
  expect(() => loadConfig({ [name]: value })).toThrow(/from \d+ to \d+/)
})

it('who agreed to the same or to longer periods is not asked again, who agreed to shorter ones is', () => {
  const agreed = noticeVersion(USUAL_RETENTION)
  expect(coversNotice(agreed, USUAL_RETENTION)).toBe(true)
  expect(coversNotice(agreed, { ...USUAL_RETENTION, messageDays: 90, requestYears: 1 })).toBe(true)
  expect(coversNotice(agreed, { ...USUAL_RETENTION, requestYears: 3 })).toBe(false)
  expect(coversNotice(agreed, { ...USUAL_RETENTION, draftHours: 48 })).toBe(false)
  // Before there were periods it was agreed to for as long as nobody deletes.
  expect(coversNotice('2026-12', USUAL_RETENTION)).toBe(true)
  expect(coversNotice('2025-01', USUAL_RETENTION)).toBe(false)
  expect(coversNotice(null, USUAL_RETENTION)).toBe(false)
})

it('two years before the last of February is in February or the first of March, never an error', () => {
  expect(expiryAt(new Date('2028-02-29T00:00:00Z'), USUAL_RETENTION).requests.toISOString()).toBe('2026-03-01T00:00:00.000Z')
})
