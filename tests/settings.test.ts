import { describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config.ts'

const refusalOf = (environment: Record<string, string>): string => {
  try {
    loadConfig(environment)
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

describe('What an editor or another system leaves around a setting', () => {
  it.each([
    ['a line end of Windows', { QUIET_HOURS: '22:00-07:00\r' }],
    ['quotes', { QUIET_HOURS: '"22:00-07:00"' }],
    ['Chinese quotes', { QUIET_HOURS: '“22:00-07:00”' }],
    ['a mark of the byte order and a blank', { QUIET_HOURS: '\uFEFF22:00-07:00 ' }],
    ['a space of no width', { QUIET_HOURS: '22:00-07:00\u200B' }],
  ])('is left out with a word: %s', (_name, environment) => {
    const { quietHours, remarks } = loadConfig(environment)
    expect(quietHours).toEqual({ fromMinutes: 1320, toMinutes: 420 })
    expect(remarks).toEqual([expect.stringMatching(/^QUIET_HOURS: .*left out/)])
  })

  it('is refused where it may belong to it, or stands within, and nothing of it is repeated', () => {
    const password = refusalOf({ ADMIN_USER: 'a', ADMIN_PASSWORD: '"geheim-geheim"' })
    expect(password).toMatch(/ADMIN_PASSWORD: begins or ends with/)
    expect(password).not.toContain('geheim')
    const token = refusalOf({ TELEGRAM_BOT_TOKEN: '700:abc\u200Bdef' })
    expect(token).toMatch(/TELEGRAM_BOT_TOKEN: holds a character that can't be seen \(position 8\)/)
    expect(token).not.toContain('abc')
  })

  it('a setting of nothing but that is not set', () => {
    expect(loadConfig({ TELEGRAM_BOT_TOKEN: ' \r' }).telegram).toBeUndefined()
  })
})

describe('A name that is nearly a setting', () => {
  it.each(['TELEGRAM_BOT_TOKN', 'TELGRAM_BOT_TOKEN', 'telegram_bot_token', 'LINLI_TELEGRAM_BOT_TOKEN', 'TELEGRAM_BOTTOKEN', 'TELEGRAM_BOT_TOEKN'])('is refused with the name that was meant: %s', (name) => {
    expect(refusalOf({ [name]: '700:secret' })).toMatch(new RegExp(`${name} is not a setting; TELEGRAM_BOT_TOKEN is`))
    expect(refusalOf({ [name]: '700:secret' })).not.toContain('secret')
  })

  it.each(['KNOWLEGE_DIR', 'LINLI_API_TOKN', 'WECOM_BOT_SECRETS', 'QUIET_HOUR'])('%s too', (name) => {
    expect(refusalOf({ [name]: 'x' })).toContain(`${name} is not a setting`)
  })

  it('that other programs use as well is told, and stops nothing', () => {
    expect(loadConfig({ DATABASE_URI: 'x' }).remarks).toEqual([expect.stringMatching(/DATABASE_URI is not a setting; DATABASE_URL is/)])
    for (const name of ['LOGLEVEL', 'API_TOKEN']) expect(loadConfig({ [name]: 'x' }).remarks).toHaveLength(1)
  })

  it('and those of other programs are none of ours', () => {
    const others = { PATH: '/bin', HOSTNAME: 'h', HOME: '/', XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: '/d', LINLI_PORT: 'tcp://10.0.0.1', LINLI_SERVICE_HOST: '10.0.0.1', LINLI_PORT_8080_TCP: 'x', OPENAI_ORG_ID: 'o', npm_config_cache: '/n', WECHATY_LOG: 'silly', TELEGRAM_CHAT_ID: '1' }
    expect(loadConfig(others).remarks).toEqual([])
  })
})
