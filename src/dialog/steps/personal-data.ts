import type { Reply } from '../../domain/messages/messages.ts'
import type { Outcome } from '../../domain/messages/outcome.ts'
import { blank } from '../flow/ask.ts'
import { describeOwnWords, describePersonalData } from '../own-data.ts'
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
      return { intent: 'other', replies: tellOwnData(turn), changes: [] }
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

/** What is kept, and the words themselves: as a file where whoever writes can fetch one, else in further replies. Both are for their eyes alone. */
function tellOwnData(turn: Turn): Reply[] {
  const { personalData, ownWords = [] } = turn.facts
  if (personalData === undefined) return sayPrivately(turn, 'text', text.noRequests, [], text.privateOnly)
  const told = describePersonalData(personalData)
  if (turn.hasOwnDataFile) return sayPrivately(turn, 'text', `${told}\n${text.ownDataFile}`, [], text.privateOnly)
  const words = describeOwnWords(ownWords, personalData.messages).map((part): Reply => ({ to: 'private', kind: 'text', text: part }))
  return [...sayPrivately(turn, 'text', told, [], text.privateOnly), ...words]
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
