import type { Move, MoveName } from '../domain/messages/moves.ts'
import { normalize } from './normalize.ts'
import { parseNumber } from './values/numbers.ts'

/** Words that are a command wherever they stand alone: what buttons say, and what people type instead. All else is learnt. */
const WORDS: Partial<Record<MoveName, readonly string[]>> = {
  agree: ['同意', '我同意', '同意了', '我同意了', '都同意', '好的', '好', '好吧', '行', '行吧', '可以', '可以的', '没意见', '没问题', '中', '成', 'ok', '嗯'],
  refuse: ['不同意', '我不同意'],
  confirm: ['确认', '确认提交', '提交'],
  correct: ['修改', '我要修改'],
  cancel: ['取消', '退出', '不报了', '/cancel', 'cancel'],
  back: ['返回', '上一步', '返回上一步'],
  restart: ['重来', '重填', '重新填', '从头来'],
  skip: ['跳过'],
  withdraw: ['撤回', '撤销', '撤单'],
  status: ['查进度', '进度', '查询进度', '我的工单'],
  report: ['我要报修', '报修', '报修办事'],
  offer_help: ['当志愿者', '我要当志愿者', '志愿者报名', '报名志愿者'],
  change_registration: ['更新资料', '修改资料', '更新志愿者资料'],
  leave_volunteers: ['退出志愿者'],
  person: ['转人工', '人工', '人工服务', '找工作人员'],
  pass_on: ['转给工作人员', '转交工作人员'],
  details: ['详细', '详情', '原文', '全文'],
  thank: ['没有危险', '谢谢', '谢谢你', '谢谢您', '谢谢了', '多谢'],
  greet: ['你好', '您好'],
  bye: ['再见', '拜拜'],
  help: ['帮助', '菜单', '功能', '/help', '/start', 'help'],
  acknowledge: ['收到', '已收到', '收到了'],
  my_data: ['我的数据', '查看我的数据', '导出我的数据'],
  delete_data: ['删除我的数据'],
  withdraw_consent: ['撤回同意'],
  subscribe: ['订阅', '要收通知'],
  unsubscribe: ['退订', 'td'],
  unsolved: ['没解决', '没有解决'],
  same_contact: ['同上'],
}

const COMMANDS: ReadonlyMap<string, MoveName> = new Map(Object.entries(WORDS).flatMap(([move, words]) => words.map((word) => [word, move as MoveName] as const)))

const MARKS = /^[\s,.。!?;:~…·"'“”]+|[\s,.。!?;:~…·"'“”]+$/g
const LONGEST_COMMAND = 16

/** The words of a short text without marks and politeness around them. */
const coreOf = (text: string): string => normalize(text).replace(MARKS, '').replace(/^(?:请|麻烦|帮我)(?=.{2})/, '').replace(/(?<=.{2})(?:谢谢|吧|啊|呀|哈)$/, '').replace(MARKS, '')

const REQUEST_NUMBER = /(?<![a-z])sr[-—–\s]?(\d{8})[-—–\s]?(\d{1,6})(?!\d)/i

/** The request number in a text, as it is written in full (`SR-20261123-0007`); undefined when there is none. */
export function findRequestNumber(text: string): string | undefined {
  const [, day, number] = REQUEST_NUMBER.exec(normalize(text)) ?? []
  return day === undefined || number === undefined ? undefined : `SR-${day}-${number.padStart(4, '0')}`
}

/** A text without the request number in it. */
export const withoutRequestNumber = (text: string): string => normalize(text).replace(REQUEST_NUMBER, '').trim()

const BIND = /^[\s/]*(?:绑定|綁定|bind)\s*[:：]?\s*([a-z0-9][a-z0-9-]{3,63})\s*$/i
/** A code as it is handed out for a request: five signs and five, none that is read for another. */
const BARE_CODE = /^\s*(?=.*[a-z])(?=.*[-2-9])([a-hjkmnp-z2-9]{5}[-—–]?[a-hjkmnp-z2-9]{5})\s*$/i
const VOTE = /^(有用|没用)(?:\s*#([0-9a-f]{6}))?$/i
const ANNOUNCE = /^[\s/]*(?:请|麻烦|帮我)?发(?:布|个|一[条个则])?(?:公告|通知|通告)(?:给大家)?\s*(?:[:：,，。\n\s]+|$)([\s\S]*)$/
const OFFER = /^(我去|去不了了?|办好了)\s*[,，:：]?\s*(?=sr|$)/i
const OFFER_MOVES = { 我去: 'accept_offer', 去不了: 'decline_offer', 去不了了: 'decline_offer', 办好了: 'offer_done' } as const
const SCORE = /^([1-5]|[一二三四五])\s*(?:分|颗?星)(?:[,，。.!！\s]+(.{0,80}))?$/
const SKIN = /[\u{1f3fb}-\u{1f3ff}]/gu
const barePicture = (text: string): string => text.trim().replace(SKIN, '').replaceAll('\ufe0f', '')
const LOW_SCORE = 3
/** 收到 with the number of an alert: of a request, or of a drill. */
const ACKNOWLEDGES = /^(?:已|我)?收到(?:了)?\s*[:：]?\s*(sr|yl)[-—–\s]?(\d{8})[-—–\s]?(\d{1,6})[!。.]*$/i
/** "收到，我马上过去": whoever answers an alert is in a hurry, and may have a form open. */
const ACKNOWLEDGES_AND_GOES = /^(?:已|我)?收到(?:了)?[,，!。\s]*我?(?:们)?(?:马上|这就|现在|立刻|立即)就?(?:到|来|去|过来|过去|出发|处理|联系)[了吧!。]*$/
const DRILLS = /^[\s/]*(?:警报|报警|紧急)?演练[!。.]*$/
const CONFIRMS_ANNOUNCEMENT = /^确认(?:发布|发送)[!。.]*$/
const DROPS_ANNOUNCEMENT = /^(?:先)?不发了?[!。.]*$/
const IS_DANGER = /^是[,，]?快来人[!！。.]*$/
const CONFIRMS_DELETION = /^确认删除[!。.]*$/
const DROPS_DELETION = /^(?:先)?不删了?[!。.]*$/

function readSpecial(text: string): Move | undefined {
  const said = normalize(text).trim()
  const [, digit = '', comment = ''] = SCORE.exec(withoutRequestNumber(said)) ?? []
  const score = parseNumber(digit)
  const named = findRequestNumber(text)
  if (score !== undefined) return { type: score <= LOW_SCORE ? 'complain' : 'praise', text, score, ...(comment.trim() !== '' && { comment: comment.trim() }), ...(named !== undefined && { number: named }) }
  const picture = barePicture(text)
  if (picture === '👍' || picture === '👎') return { type: picture === '👍' ? 'useful' : 'useless', text }
  const code = BIND.exec(text.normalize('NFKC'))?.[1]
  if (code !== undefined) return { type: 'bind', text, code }
  const bare = BARE_CODE.exec(text.normalize('NFKC'))?.[1]
  if (bare !== undefined) return { type: 'bind', text, code: bare, isBare: true }
  const announced = ANNOUNCE.exec(normalize(text))?.[1]
  if (announced !== undefined) return { type: 'announce', text, announcement: announced === '' ? '' : text.slice(text.length - announced.length).trim() }
  const [, vote, answer] = VOTE.exec(said) ?? []
  if (vote !== undefined) return { type: vote === '有用' ? 'useful' : 'useless', text, ...(answer !== undefined && { code: answer.toLowerCase() }) }
  const [, prefix, day, count] = ACKNOWLEDGES.exec(said) ?? []
  if (prefix !== undefined && day !== undefined && count !== undefined) return { type: 'acknowledge', text, number: `${prefix.toUpperCase()}-${day}-${count.padStart(4, '0')}` }
  if (ACKNOWLEDGES_AND_GOES.test(said)) return { type: 'acknowledge', text }
  if (DRILLS.test(said)) return { type: 'drill', text }
  if (IS_DANGER.test(said)) return { type: 'emergency', text, danger: 'other', isSure: true, slots: {} }
  const offer = OFFER.exec(said)?.[1]
  if (offer !== undefined) return { type: OFFER_MOVES[offer as keyof typeof OFFER_MOVES], text, ...(named !== undefined && { number: named }) }
  if (CONFIRMS_ANNOUNCEMENT.test(said)) return { type: 'confirm', text, of: 'announcement' }
  if (DROPS_ANNOUNCEMENT.test(said)) return { type: 'cancel', text, of: 'announcement' }
  if (CONFIRMS_DELETION.test(said)) return { type: 'confirm', text, of: 'deletion' }
  return DROPS_DELETION.test(said) ? { type: 'refuse', text, of: 'deletion' } : undefined
}

/** The command that a message is; undefined when it is a sentence. */
export function findCommand(text: string): Move | undefined {
  const special = readSpecial(text)
  if (special !== undefined) return special
  if (text.length > LONGEST_COMMAND * 2) return undefined
  const number = findRequestNumber(text)
  const core = coreOf(number === undefined ? text : withoutRequestNumber(text))
  if (number !== undefined && core === '') return { type: 'status', text, number }
  const type = core.length > LONGEST_COMMAND ? undefined : COMMANDS.get(core)
  if (type === undefined) return undefined
  const named = number === undefined ? {} : { number }
  if (type === 'cancel' && number !== undefined) return { type: 'withdraw', text, number }
  if (type === 'change_registration' || type === 'offer_help') return { type, text, slots: {}, adds: false }
  if (type === 'correct') return { type, text, field: '', slots: {} }
  if (type === 'report' || type === 'same_contact') return { type, text, slots: {} }
  return { type, text, ...((type === 'status' || type === 'unsolved' || type === 'withdraw') && named) } as Move
}
