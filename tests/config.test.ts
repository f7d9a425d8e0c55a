import { describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config.ts'

describe('The settings of Work WeChat', () => {
  it('name groups with their areas and keep the addresses apart', () => {
    const { wecomGroups } = loadConfig({ WECOM_GROUP_WEBHOOKS: '幸福社区群@xf=https://qyapi.example/send?key=a; 全镇群=https://qyapi.example/send?key=b' })
    expect(wecomGroups).toEqual([
      { name: '幸福社区群', areaCode: 'xf', webhookUrl: 'https://qyapi.example/send?key=a' },
      { name: '全镇群', areaCode: null, webhookUrl: 'https://qyapi.example/send?key=b' },
    ])
  })

  it('are refused when half set, without repeating a secret', () => {
    expect(() => loadConfig({ WEBHOOKS_URL: 'https://elsewhere.example/changes' })).toThrow(/WEBHOOKS_SECRET is missing/)
    expect(() => loadConfig({ WEBHOOKS_SECRET: 'whsec_c2l4dGVlbiBieXRlcyE=' })).toThrow(/^(?!.*c2l4)[\s\S]*WEBHOOKS_URL is missing/)
    expect(() => loadConfig({ WECOM_BOT_ID: 'b' })).toThrow(/WECOM_BOT_SECRET is missing/)
    expect(() => loadConfig({ WECOM_BOT_NAME: 'b' })).toThrow(/WECOM_BOT_ID is missing/)
    expect(() => loadConfig({ WECOM_GROUP_WEBHOOKS: '幸福社区群 key-123' })).toThrow(/an entry is not/)
    expect(() => loadConfig({ WECOM_GROUP_WEBHOOKS: '幸福社区群 key-123' })).not.toThrow(/key-123/)
  })
})

describe('The settings of who is believed', () => {
  it('trust proxies on this machine; others are named by address or network, and none may be', () => {
    expect(loadConfig({}).trustedProxies).toEqual(['127.0.0.0/8', '::1'])
    expect(loadConfig({ TRUSTED_PROXIES: '10.0.0.5, 172.16.0.0/12;fd00::/8 ::1' }).trustedProxies).toEqual(['10.0.0.5', '172.16.0.0/12', 'fd00::/8', '::1'])
    expect(loadConfig({ TRUSTED_PROXIES: 'none' }).trustedProxies).toEqual([])
  })

  it.each(['proxy', '10.0.0.0/33', '10.0.0', 'true', '10.0.0.1,caddy'])('%s is no address of a proxy', (value) => {
    expect(() => loadConfig({ TRUSTED_PROXIES: value })).toThrow(/TRUSTED_PROXIES.*must be addresses or networks/)
  })

  it('close the figures with a token of some length, and show residents no name and password', () => {
    expect(loadConfig({}).metricsToken).toBeUndefined()
    expect(loadConfig({ METRICS_TOKEN: '0123456789abcdef' }).metricsToken).toBe('0123456789abcdef')
    expect(() => loadConfig({ METRICS_TOKEN: 'short' })).toThrow(/METRICS_TOKEN: must have at least 16/)
    expect(loadConfig({ PUBLIC_URL: 'https://linli.example/' }).publicUrl).toBe('https://linli.example')
    expect(() => loadConfig({ PUBLIC_URL: 'https://wang:geheim@linli.example/' })).toThrow(/PUBLIC_URL: must hold no name or password/)
  })
})

describe('The settings of WeChat', () => {
  const puppet = { WECHATY_PUPPET: 'wechaty-puppet-wechat4u' }

  it('leave it off until a puppet is named, and half-set ones are refused with the missing name', () => {
    expect(loadConfig({}).wechat).toBeUndefined()
    expect(loadConfig(puppet).wechat).toEqual({ puppet: 'wechaty-puppet-wechat4u', noTls: false })
    expect(() => loadConfig({ WECHATY_PUPPET: 'wechaty-puppet-service' })).toThrow(/WECHATY_PUPPET_SERVICE_TOKEN/)
    expect(() => loadConfig({ WECHATY_PUPPET_SERVICE_TOKEN: 'insecure_x' })).toThrow(/WECHATY_PUPPET/)
  })

  it('change the limits that keep the account from being banned, and name other bots', () => {
    const { wechat } = loadConfig({ ...puppet, WECHAT_ANNOUNCEMENTS_PER_HOUR: '40', WECHAT_ANNOUNCEMENTS_PER_DAY: '90', WECHAT_IGNORED_SENDERS: ' wxid_a, wxid_b,' })
    expect(wechat).toMatchObject({ announcementsPerHour: 40, announcementsPerDay: 90, ignoredSenderIds: ['wxid_a', 'wxid_b'] })
    expect(() => loadConfig({ ...puppet, WECHAT_ANNOUNCEMENTS_PER_HOUR: '0' })).toThrow(/WECHAT_ANNOUNCEMENTS_PER_HOUR/)
  })
})
