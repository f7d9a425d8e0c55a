import { createButton, type Button } from '../../domain/messages/messages.ts'
import { LEVEL_NAMES } from '../../domain/requests/climbing.ts'
import type { RequestLevel, RequestStatus } from '../../domain/requests/requests.ts'
import { STATUS_NAMES } from '../../domain/requests/status-names.ts'
import { cleanTyped } from '../../language/clean.ts'
import type { Notice, NoticeReader } from '../../store/requests/move-request.ts'

const scoreButtons = (): Button[] => [createButton('5 分', '5分'), createButton('3 分', '3分'), createButton('1 分', '1分'), createButton('没解决')]

/** What requester and followers read when staff change a request or say something about it. */
export function statusNotice(request: { number: string; category: string; status: string }, note: string, reader: NoticeReader): Notice {
  const status = request.status as RequestStatus
  const isRequester = reader === 'requester'
  const lines = [`${isRequester ? '您的' : '您也报过的'}“${request.category}”（${request.number}）：${STATUS_NAMES[status]}。`]
  if (note !== '') lines.push(`工作人员说：${note}`)
  if (isRequester && status === 'waiting_resident') lines.push('请直接在这里回复。')
  if (isRequester && status === 'resolved') lines.push('办得怎么样？请打个分，1 到 5 分，5 分最满意；还没解决就说“没解决”。')
  return { text: lines.join('\n'), extras: { buttons: isRequester && status === 'resolved' ? scoreButtons() : [], citations: [] } }
}

interface Told {
  number: string
  category: string
  description: string
}

const LONGEST_SUMMARY = 60
const nameOf = (request: Told): string => `“${request.category}”（${request.number}）`
const why = (reason: string): string => (reason === '' ? '' : `\n原因：${reason}`)

const whose = (reader: NoticeReader): string => (reader === 'requester' ? '您的' : '您也报过的')

/** What staff read, in histories and in their own chats. */
export const deskText = {
  nobody: '没人负责',
  nothing: '没有',
  assignment: (from: { name: string } | null, to: { name: string } | null, reason: string) => `负责人：${from?.name ?? deskText.nobody} -> ${to?.name ?? deskText.nobody}${reason === '' ? '' : `；原因：${reason}`}`,
  given: (by: string, request: Told, reason: string) => `${by} 把${nameOf(request)}交给您负责：${cleanTyped(request.description, { longest: LONGEST_SUMMARY })}${why(reason)}`,
  taken: (by: string, request: Told, to: string | null, reason: string) => `您负责的${nameOf(request)}，${by} ${to === null ? '改成没人负责了' : by === to ? '接过去了' : `交给 ${to} 了`}。${why(reason)}`,
  toResident: (by: string, request: { number: string; category: string }, said: string) => `关于您的“${request.category}”（${request.number}），社区的${by}说：\n${said}`,
  pleaseReply: '请直接在这里回复。',
  tookOver: (by: string) => `社区的${by}来和您说话了，我先不插话；有危险我还是马上回您。半小时没有人说话，我再接着回您。`,
  tookOverLine: '接过了和居民的对话，自动回复停了',
  handedBack: (by: string) => `${by}说完了，有别的事可以接着问我。`,
  handedBackLine: '交还了和居民的对话，自动回复恢复',
  idle: '半小时没有人说话了，我接着回您，有事直接问我。',
  idleLine: '半小时没有人说话，自动回复恢复',
  bulkUndone: '撤销了刚才的批量办理',
  mentioned: (by: string, request: Told, note: string) => `${by} 在${nameOf(request)}的内部备注里提到您：${note}`,
  raised: (level: RequestLevel, area: string | null, names: readonly string[]) => `上报到${area ?? LEVEL_NAMES[level]}，${names.length === 0 ? '那里还没有人负责' : `由${names.join('、')}负责`}`,
  raisedTo: (by: string, request: Told, area: string, reason: string) => `${by} 把${nameOf(request)}上报给您（${area}）：${cleanTyped(request.description, { longest: LONGEST_SUMMARY })}${why(reason)}`,
  correction: (label: string, from: string, to: string) => `${label}：${from === '' ? deskText.nothing : from} -> ${to === '' ? deskText.nothing : to}`,
  mergedInto: (number: string, note: string) => `并入 ${number}${note === '' ? '' : `：${note}`}`,
  mergedHere: (number: string) => `${number} 并到这件里了`,
  unmergedFrom: (number: string) => `从 ${number} 里分出来`,
  unmergedHere: (number: string) => `${number} 分出去了`,
  mergedNotice: (request: Omit<Told, 'description'>, into: string, note: string, reader: NoticeReader) =>
    `${whose(reader)}“${request.category}”（${request.number}）和 ${into} 是同一件事，合在一起办，以后按 ${into} 告诉您。${note === '' ? '' : `工作人员说：${note}`}`,
  unmergedNotice: (request: Omit<Told, 'description'>, from: string, reader: NoticeReader) => `${whose(reader)}“${request.category}”（${request.number}）和 ${from} 不是同一件事，还是单独办，有进展再告诉您。`,
  handedOver: (name: string) => `${name} 停用了`,
} as const
