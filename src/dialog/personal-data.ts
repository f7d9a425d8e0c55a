import type { Outcome } from '../domain/outcome.ts'
import { STATUS_NAMES } from '../domain/status-names.ts'
import { isRequestStatus } from '../domain/requests.ts'
import type { PersonalData } from '../store/people.ts'
import { blank } from './draft.ts'
import { button, text } from './text.ts'
import { isInGroup, say, sayPrivately, type Turn } from './turn.ts'

/** 我的数据, 删除我的数据, 撤回同意, 订阅, 退订, 收到, 退出志愿者. */
export function handlePersonalData(turn: Turn): Outcome | undefined {
  const { command, state, context } = turn
  if (state.pending === 'delete_data') return confirmDeletion(turn)
  switch (command?.type) {
    case 'my_data':
      return { intent: 'other', replies: sayPrivately(turn, 'text', turn.facts.personalData ? describePersonalData(turn.facts.personalData) : text.noRequests, [], text.privateOnly), changes: [] }
    case 'delete_data':
      if (isInGroup(turn)) return { intent: 'other', replies: [say(turn, 'text', '请私下跟我说“删除我的数据”。')], changes: [] }
      return { intent: 'other', replies: [say(turn, 'confirm', text.deleteSure, [button('确认删除'), button('不删了')])], state: { ...state, pending: 'delete_data', shownIn: turn.context.inboundId }, changes: [] }
    case 'withdraw_consent':
      if (context.person.consentVersion === null && !turn.draft) return { intent: 'other', replies: sayPrivately(turn, 'text', text.noConsent, [], text.privateOnly), changes: [] }
      return {
        intent: 'other',
        replies: sayPrivately(turn, 'receipt', text.consentWithdrawn, [button('删除我的数据')], text.privateOnly),
        draft: null,
        changes: [{ type: 'withdraw_consent' }, ...(turn.draft ? [blank(turn.draft)] : [])],
      }
    case 'subscribe':
      return { intent: 'other', replies: [say(turn, 'receipt', text.subscribed)], changes: [{ type: 'set_subscribed', isSubscribed: true }] }
    case 'unsubscribe':
      return { intent: 'other', replies: [say(turn, 'receipt', text.unsubscribed)], changes: [{ type: 'set_subscribed', isSubscribed: false }] }
    case 'acknowledge':
      return acknowledge(turn)
    case 'leave_volunteers':
      if (!turn.facts.volunteer || turn.facts.volunteer.status === 'left') return { intent: 'volunteer_signup', replies: [say(turn, 'text', text.notVolunteer)], changes: [] }
      return { intent: 'volunteer_signup', replies: [say(turn, 'receipt', text.left)], changes: [{ type: 'leave_volunteers' }] }
    default:
      return undefined
  }
}

/** 收到 typed in a form may answer it; the button of an announcement means that announcement, however many came after it. */
function acknowledge(turn: Turn): Outcome | undefined {
  const announcementId = turn.facts.button?.announcementId ?? undefined
  if (turn.draft && announcementId === undefined) return undefined
  return { intent: 'other', replies: [say(turn, 'text', text.acknowledged)], changes: [{ type: 'acknowledge', ...(announcementId !== undefined && { announcementId }) }] }
}

function confirmDeletion(turn: Turn): Outcome | undefined {
  const { pending: _over, ...state } = turn.state
  const isConfirmed = turn.command?.type === 'confirm' || turn.command?.type === 'delete_data' || turn.command?.type === 'agree' || /^确认删除[。！!]*$/.test(turn.message.text.trim())
  if (isConfirmed) return { intent: 'other', replies: [say(turn, 'receipt', text.deleted)], draft: null, changes: [{ type: 'erase_person' }] }
  if (turn.command?.type === 'refuse' || turn.command?.type === 'cancel' || /^不删/.test(turn.message.text.trim())) return { intent: 'cancel', replies: [say(turn, 'text', text.notDeleted)], state, changes: [] }
  // Anything else: the question is dropped, and the message goes its way.
  return undefined
}

function describePersonalData(data: PersonalData): string {
  const statusName = (status: string) => (isRequestStatus(status) ? STATUS_NAMES[status] : status)
  const consent = data.consents.findLast((candidate) => candidate.withdrawnAt === null)
  const { volunteer } = data
  return [
    '这里存着您的这些资料：',
    `昵称：${data.nickname || '（没有）'}`,
    `同意使用个人信息：${consent ? `是（${consent.grantedAt.slice(0, 10)}）` : '否'}；收社区通知：${data.isSubscribed ? '是' : '否'}`,
    data.requests.length === 0 ? '提交的事情：没有' : '提交的事情：',
    ...data.requests.map((request) => `${request.number} ${request.category}（${statusName(request.status)}）${request.description}${request.address ? `，${request.address}` : ''}${request.name ? `，${request.name}` : ''}${request.phone ? `，${request.phone}` : ''}`),
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
