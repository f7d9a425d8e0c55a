import type { Trouble } from '../state.ts'

export const UNREACHABLE: Trouble = {
  name: 'network',
  detail: '企业微信连不上，正在自动重试。请检查网络。',
  says: 'WeCom cannot be reached: it is tried every few seconds and goes on by itself when the network is back; nothing that waits is lost. Check the network if it lasts.',
}
export const SECRET_REFUSED: Trouble = {
  name: 'token-refused',
  detail: '企业微信不认这个机器人的密钥。请在企业微信管理后台重新取 Bot ID 和 Secret，写入 WECOM_BOT_ID、WECOM_BOT_SECRET 后重启。',
  says: 'WeCom does not accept the secret of this bot: nothing is received or sent. Get the bot id and secret anew in WeCom\'s admin console, set WECOM_BOT_ID and WECOM_BOT_SECRET, and restart.',
}
export const TAKEN: Trouble = {
  name: 'account-taken',
  detail: '有另一个程序正在用同一个企业微信机器人。请停掉其中一个；一分钟后再试着连接。',
  says: 'Another program uses the same WeCom bot. Stop one of them; this one tries again in a minute, by itself.',
}
