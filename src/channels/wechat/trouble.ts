import type { Trouble } from '../state.ts'

const SCAN_SAYS = 'WeChat is not logged in: nothing is received or sent, and what waits goes out after the login. Scan the QR code in the terminal or on the admin page, and confirm on the phone.'
const needsLogin = (detail: string, qrCode?: string): Trouble => ({ name: 'needs-login', state: 'needs_login', detail, says: SCAN_SAYS, ...(qrCode === undefined ? {} : { qrCode }) })

export const SCANNED_NOT_CONFIRMED = needsLogin('已经扫码，请在手机上点“登录”。')
export const toBeScanned = (qrCode: string): Trouble => needsLogin('请用手机微信扫描二维码登录。', qrCode)
export const LOGGED_OUT = needsLogin('微信已退出登录，请重新扫码。')

export const BANNED: Trouble = {
  name: 'banned',
  state: 'banned',
  detail: '微信账号被限制登录。请先在手机微信上解除限制，再重启服务。',
  says: 'WeChat has restricted this account: nothing is received or sent. Lift the restriction in WeChat on the phone, then restart; send fewer announcements afterwards.',
}

const TAKEN: Trouble = {
  name: 'gateway-taken',
  detail: '有另一个程序正在用同一个微信网关。请停掉其中一个。',
  says: 'Another program uses the same WeChat gateway. Stop one of them; this one connects by itself within a quarter of a minute then.',
}
const TOKEN_REFUSED: Trouble = {
  name: 'token-refused',
  detail: '微信网关不认这个令牌。请检查 WECHATY_PUPPET_SERVICE_TOKEN。',
  says: 'The WeChat gateway does not accept the token: nothing is received or sent. Check WECHATY_PUPPET_SERVICE_TOKEN and restart.',
}
const NOT_INSTALLED: Trouble = {
  name: 'puppet-missing',
  detail: '没有安装所选的微信组件。请检查 WECHATY_PUPPET，并用 npm 安装它。',
  says: 'The WeChat puppet that WECHATY_PUPPET names is not installed. Install it with npm or set WECHATY_PUPPET to another, then restart.',
}
const GATEWAY_DOWN: Trouble = {
  name: 'gateway-down',
  detail: '微信网关连不上，正在自动重连。请检查网关是否在运行，以及 WECHATY_PUPPET_SERVICE_ENDPOINT。',
  says: 'The WeChat gateway cannot be reached: it is tried every few seconds, and WeChat is back within 30 s of its return; nothing that waits is lost. Check that the gateway runs, and WECHATY_PUPPET_SERVICE_ENDPOINT.',
}

/** A gateway serves one client; pushing in would start a war of reconnects. */
export const isTaken = (reason: string): boolean => /ALREADY_EXISTS|can not call twice/.test(reason)

/** What the end of a connection means, by the words of the error that ended it. */
export function explainLoss(reason: string): Trouble {
  if (isTaken(reason)) return TAKEN
  if (/UNAUTHENTICATED|Invalid Wechaty TOKEN|TOKEN not found/i.test(reason)) return TOKEN_REFUSED
  if (/Cannot find (?:package|module)|ERR_MODULE_NOT_FOUND/.test(reason)) return NOT_INSTALLED
  return GATEWAY_DOWN
}
