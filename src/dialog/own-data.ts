import { isRequestStatus } from '../domain/requests/requests.ts'
import { STATUS_NAMES } from '../domain/requests/status-names.ts'
import { formatLocalLong } from '../domain/time.ts'
import type { OwnWords } from '../store/people/own-words.ts'
import type { PersonalData } from '../store/people/people.ts'

/** What is kept of a person, without their words. */
export function describePersonalData(data: PersonalData): string {
  const statusName = (status: string) => (isRequestStatus(status) ? STATUS_NAMES[status] : status)
  const consent = data.consents.findLast((candidate) => candidate.withdrawnAt === null)
  const { volunteer } = data
  return [
    '这里存着您的这些资料：',
    `昵称：${data.nickname || '（没有）'}`,
    `同意使用个人信息：${consent ? `是（${consent.grantedAt.slice(0, 10)}）` : '否'}；收社区通知：${data.isSubscribed ? '是' : '否'}`,
    data.requests.length === 0 ? '提交的事情：没有' : '提交的事情：',
    ...data.requests.map((request) => `${request.number} ${request.category}（${statusName(request.status)}）${request.description}${request.address ? `，${request.address}` : ''}${request.name ? `，${request.name}` : ''}${request.phone ? `，${request.phone}` : ''}${request.photos > 0 ? `，照片 ${request.photos} 张` : ''}`),
    ...(data.waitingPhotos === 0 ? [] : [`先替您留着的照片：${data.waitingPhotos} 张`]),
    volunteer
      ? `志愿者 ${volunteer.number}：${volunteer.name}，${volunteer.phone}${volunteer.age === null ? '' : `，${volunteer.age} 岁`}${volunteer.guardianName ? `，监护人 ${volunteer.guardianName} ${volunteer.guardianPhone ?? ''}` : ''}，会${volunteer.skills.join('、')}，${volunteer.availability}`
      : '志愿者：没有登记',
    ...(data.help.asked === 0 ? [] : [`请您帮邻居：问过 ${data.help.asked} 次，您帮了 ${data.help.done} 次`]),
    ...(data.tags.length === 0 ? [] : [`社区给您记的标签：${data.tags.join('、')}`]),
    `保存的聊天：${data.messages} 条`,
    ...(data.votes.useful + data.votes.useless === 0 ? [] : [`您评过的回答：有用 ${data.votes.useful} 个，没用 ${data.votes.useless} 个`]),
    '要全部删掉，说“删除我的数据”。',
  ].join('\n')
}

/** Longest reply with words, in UTF-16 units: what a platform takes less of it parts between lines. */
const LONGEST_PART = 1_800
/** Most replies with words: all of them stand in the file, where there is one. */
const MOST_PARTS = 8
/** Most messages that are read for that. */
export const MOST_WORDS = 400

const lineOf = ({ at, text }: OwnWords): string => `${formatLocalLong(at)} ${text}`

/** What somebody has said, the latest first, in replies that are each of a length that can be read; the last says how many more there are of `total`. */
export function describeOwnWords(words: readonly OwnWords[], total: number): string[] {
  const parts: string[] = []
  let shown = 0
  for (const said of words) {
    const line = lineOf(said)
    const last = parts.at(-1)
    if (last !== undefined && last.length + line.length < LONGEST_PART) parts[parts.length - 1] = `${last}\n${line}`
    else if (parts.length < MOST_PARTS) parts.push(last === undefined ? `您说过的话（新的在前）：\n${line}` : line)
    else break
    shown += 1
  }
  if (shown < total && parts.length > 0) parts.push(`更早的还有 ${total - shown} 条，要全部的请说“转人工”。`)
  return parts
}

/** All that is kept of a person as one plain text: to be saved as a file. */
export const writeOwnData = (data: PersonalData, words: readonly OwnWords[], now: Date): string =>
  [`我的数据（${formatLocalLong(now)} 生成）`, '', describePersonalData(data), '', words.length === 0 ? '您说过的话：没有' : `您说过的话（新的在前，共 ${words.length} 条）：`, ...words.map(lineOf), ''].join('\n')
