import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config.ts'

const TELEGRAM = { TELEGRAM_BOT_TOKEN: '7000001:TEST-token' }

describe('the settings of Telegram', () => {
  it('poll where no webhook is named', () => {
    expect(loadConfig(TELEGRAM).telegram).toEqual({ token: '7000001:TEST-token' })
    expect(loadConfig({}).telegram).toBeUndefined()
  })

  it('name a webhook by its address and its secret together', () => {
    expect(loadConfig({ ...TELEGRAM, TELEGRAM_WEBHOOK_URL: 'https://linli.example/hooks/telegram', TELEGRAM_WEBHOOK_SECRET: 'aB3-_' }).telegram?.webhook).toEqual({ url: 'https://linli.example/hooks/telegram', secret: 'aB3-_' })
  })

  it.each([
    [{ ...TELEGRAM, TELEGRAM_WEBHOOK_URL: 'https://linli.example/hook' }, /TELEGRAM_WEBHOOK_SECRET is missing/],
    [{ ...TELEGRAM, TELEGRAM_WEBHOOK_URL: 'https://linli.example/hook', TELEGRAM_WEBHOOK_SECRET: '' }, /TELEGRAM_WEBHOOK_SECRET is missing/],
    [{ ...TELEGRAM, TELEGRAM_WEBHOOK_SECRET: 'abc' }, /TELEGRAM_WEBHOOK_URL is missing/],
    [{ TELEGRAM_WEBHOOK_URL: 'https://linli.example/hook', TELEGRAM_WEBHOOK_SECRET: 'abc' }, /TELEGRAM_BOT_TOKEN is missing/],
    [{ TELEGRAM_API_ROOT: 'http://127.0.0.1:8081' }, /TELEGRAM_BOT_TOKEN is missing/],
    [{ ...TELEGRAM, TELEGRAM_WEBHOOK_URL: 'https://linli.example/hook', TELEGRAM_WEBHOOK_SECRET: 'zwölf !' }, /TELEGRAM_WEBHOOK_SECRET: must be/],
    [{ ...TELEGRAM, TELEGRAM_WEBHOOK_URL: 'linli.example/hook', TELEGRAM_WEBHOOK_SECRET: 'abc' }, /TELEGRAM_WEBHOOK_URL/],
  ])('refuse to start with %j', (environment, message) => {
    expect(() => loadConfig(environment)).toThrow(message)
  })
})
