import type { Outcome } from '../../domain/outcome.ts'
import { STATUS_NAMES } from '../../domain/status-names.ts'
import { isRequestStatus } from '../../domain/requests.ts'
import type { PersonalData } from '../../store/people/people.ts'
import { blank } from '../flow/ask.ts'
import { button, text } from '../text.ts'
import { firstMove, hasMove, isInGroup, say, sayPrivately, type Step, type Turn } from '../turn.ts'

const CONFIRMS_DELETION = ['confirm', 'agree', 'delete_data', 'refuse', 'cancel'] as const

/** 确认删除: only right after it was asked; whoever says anything else has dropped the question. */
export const deletionStep: Step = {
  name: 'deletion confirmed',
  why: 'It was asked last, and nothing said to it may be taken for an answer to a form.',
  takes: CONFIRMS_DELETION,
  applies: (turn) => turn.state.waitingFor?.type === 'deletion' && hasMove(turn, ...CONFIRMS_DELETION),
  needs: [],
  decide: confirmDeletion,
}

function confirmDeletion(turn: Turn): Outcome | undefined {
  const { waitingFor: _over, ...state } = turn.state
  const isOfOther = turn.moves.some((move) => 'of' in move && move.of !== 'deletion')
  // The open form was asked again after it: a bare 确认 is said to that.
  const isOfForm = turn.draft !== null && !turn.moves.some((move) => 'of' in move || move.type === 'delete_data')
  if (isOfOther || isOfForm) return undefined
  if (hasMove(turn, 'confirm', 'agree', 'delete_data')) return { intent: 'other', replies: [say(turn, 'receipt', text.deleted)], draft: null, changes: [{ type: 'erase_person' }] }
  return { intent: 'cancel', replies: [say(turn, 'text', text.notDeleted)], state, changes: [] }
}

const OWN_DATA = ['my_data', 'delete_data', 'withdraw_consent', 'subscribe', 'unsubscribe', 'leave_volunteers', 'pause_volunteering'] as const

/** 我的数据, 删除我的数据, 撤回同意, 订阅, 退订, 退出志愿者. */
export const ownDataStep: Step = {
  name: 'own data',
  why: 'Rights over one’s data stand at any time, in the middle of a form too.',
  takes: OWN_DATA,
  applies: (turn) => hasMove(turn, ...OWN_DATA),
  needs: ['personal data', 'volunteer'],
  decide: serveOwnData,
}

function serveOwnData(turn: Turn): Outcome | undefined {
  const { state, context } = turn
  const move = firstMove(turn, OWN_DATA)
  switch (move?.type) {
    case undefined:
      return undefined
    case 'my_data':
      return { intent: 'other', replies: sayPrivately(turn, 'text', turn.facts.personalData ? describePersonalData(turn.facts.personalData) : text.noRequests, [], text.privateOnly), changes: [] }
    case 'delete_data': {
      if (isInGroup(turn)) return { intent: 'other', replies: [say(turn, 'text', text.deleteInPrivate)], changes: [] }
      const question = `deletion:${context.inboundId}`
      return { intent: 'other', replies: [{ ...say(turn, 'confirm', text.deleteSure, [button('确认删除'), button('不删了')]), question }], state: { ...state, waitingFor: { type: 'deletion', question, at: turn.now.toISOString() } }, changes: [] }
    }
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
    case 'leave_volunteers':
      if (!turn.facts.volunteer || turn.facts.volunteer.status === 'left') return { intent: 'volunteer_signup', replies: [say(turn, 'text', text.notVolunteer)], changes: [] }
      return { intent: 'volunteer_signup', replies: [say(turn, 'receipt', text.left)], changes: [{ type: 'leave_volunteers' }] }
    case 'pause_volunteering':
      if (turn.facts.volunteer?.status !== 'active') return { intent: 'volunteer_signup', replies: [say(turn, 'text', turn.facts.volunteer?.status === 'paused' ? text.paused : text.notVolunteer)], changes: [] }
      return { intent: 'volunteer_signup', replies: [say(turn, 'receipt', text.paused)], changes: [{ type: 'set_volunteering', isPaused: true }] }
    default:
      return move satisfies never
  }
}

const COMES_BACK = ['change_registration', 'offer_help'] as const

/** "忙完了，又能帮忙了": who had paused is asked for help again; what is said of new skills or times goes the way of the form. */
export const comeBackStep: Step = {
  name: 'volunteering again',
  why: 'Before the form, which would ask for all that is registered already.',
  takes: COMES_BACK,
  applies: (turn) => turn.draft === null && hasMove(turn, ...COMES_BACK),
  needs: ['volunteer'],
  decide: ({ facts: { volunteer }, ...turn }) => {
    const move = firstMove(turn, COMES_BACK)
    if (volunteer?.status !== 'paused' || move === undefined || Object.keys(move.slots).length > 0) return undefined
    return { intent: 'volunteer_signup', replies: [say(turn, 'receipt', text.backAgain(volunteer.number))], changes: [{ type: 'set_volunteering', isPaused: false }] }
  },
}

const ANSWERS_NOTICES = ['agree', 'confirm', 'refuse', 'cancel', 'skip'] as const

/** Whether notices may be sent, asked once after a receipt; 订阅 and 退订 say it themselves. */
export const noticesStep: Step = {
  name: 'answer about notices',
  why: 'It was asked last, with nothing else open.',
  takes: ANSWERS_NOTICES,
  applies: (turn) => turn.asked === 'subscription' && turn.draft === null && hasMove(turn, ...ANSWERS_NOTICES),
  needs: ['offers'],
  decide: (turn) => {
    const { waitingFor: asked, ...state } = turn.state
    // A neighbour was asked for since: 好的 is said to that.
    if (turn.facts.offers?.some(({ status, isOpen, offeredAt }) => status === 'offered' && isOpen && offeredAt.toISOString() >= (asked?.at ?? ''))) return undefined
    const isWanted = hasMove(turn, 'agree', 'confirm')
    return { intent: 'smalltalk', replies: [say(turn, isWanted ? 'receipt' : 'text', isWanted ? text.subscribed : text.noticesDeclined)], state, changes: isWanted ? [{ type: 'set_subscribed', isSubscribed: true }] : [] }
  },
}

export const acknowledgeStep: Step = {
  name: 'announcement received',
  why: 'The button of an announcement means that one whatever is open; 收到 typed in a form may answer the form.',
  takes: ['acknowledge'],
  applies: (turn) => hasMove(turn, 'acknowledge'),
  needs: ['button'],
  decide: acknowledge,
}

function acknowledge(turn: Turn): Outcome | undefined {
  const announcementId = turn.facts.button?.announcementId ?? undefined
  if (turn.draft && announcementId === undefined) return undefined
  return { intent: 'other', replies: [say(turn, 'text', text.acknowledged)], changes: [{ type: 'acknowledge', ...(announcementId !== undefined && { announcementId }) }] }
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
