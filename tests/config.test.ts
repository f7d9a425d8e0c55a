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
    expect(() => loadConfig({ WECOM_BOT_ID: 'b' })).toThrow(/WECOM_BOT_SECRET is missing/)
    expect(() => loadConfig({ WECOM_BOT_NAME: 'b' })).toThrow(/WECOM_BOT_ID is missing/)
    expect(() => loadConfig({ WECOM_GROUP_WEBHOOKS: '幸福社区群 key-123' })).toThrow(/an entry is not/)
    expect(() => loadConfig({ WECOM_GROUP_WEBHOOKS: '幸福社区群 key-123' })).not.toThrow(/key-123/)
  })
})
