import { AFTER_EMERGENCY_MS, callsIn } from '../../domain/office/alerts.ts'
import type { Danger, MoveOf } from '../../domain/messages/moves.ts'
import { ALERT_PLACEHOLDER, type Outcome } from '../../domain/messages/outcome.ts'
import { isEmergency, isOpen, LONGEST_DESCRIPTION, LONGEST_NOTE } from '../../domain/requests/requests.ts'
import { cleanTyped } from '../../language/clean.ts'
import { requestForStaff } from '../staff-requests.ts'
import { button, text } from '../text.ts'
import { findMove, firstMove, hasMove, isInGroup, say, type ReadTurn, type Step, type Turn } from '../turn.ts'

/** Safety words by kind of danger: the number to call first, then what to do until help is there. */
const SAFETY_WORDS: Record<Danger, string> = {
  carbon_monoxide: '请马上开门开窗，把人扶到外面透气，打 120！不要点火、不要开关电器，自己也难受就先出去。',
  electric: '请离远些，不要碰电线和触电的人。先拉闸断电，再用干木棍把电线挑开，马上打 120；线断在外面的打 110 和供电电话 95598，别让人走近。',
  burn: '请用凉水冲烫伤的地方，不要抹药、不要挑泡，马上打 120！',
  gas: '请先开窗、关阀门，不要开关电器、不要点火，马上离开屋子，到外面打 119。',
  fire: '请马上打 119！不要坐电梯，用湿毛巾捂住口鼻，弯腰从楼梯离开；先走人，不要拿东西。',
  medical: '请马上打 120！守在旁边，不要随便搬动，保持呼吸通畅。',
  poisoning: '请马上打 120！守在旁边，留好药瓶和吃剩的东西给医生看，不要自己催吐。',
  water: '请马上打 110、119 和 120！自己不要下水，扔救生圈、绳子、长竹竿给他，大声喊人。',
  fall: '请马上打 120！不要随便搬动，不要扶起来，流血的用干净布按住。',
  suicide: '请马上打 110 和 120！如果是您自己难受，先和身边的人在一起，也可以打 12356 心理援助热线，有人愿意听您说。',
  violence: '请马上打 110！先到安全的地方，不要和对方争；有人受伤打 120。',
  intruder: '请马上打 110！先到安全的地方，锁好门，不要追、不要和对方争。',
  missing: '请马上打 110！告诉警察衣着和最后见到的地方，家里留个人等。',
  trapped: '请按电梯里的紧急按钮或打 119、110！不要扒门、不要自己爬出来，靠墙站稳等救援。',
  traffic: '请马上打 120 和 122！打开双闪，人到路边等，不要随便搬动受伤的人。',
  collapse: '请马上离远些，打 119、110！有人受伤或压在下面打 120，不要自己去扒。',
  animal: '请先离远些，打 110！咬破了用肥皂水冲一刻钟，马上去医院，重的打 120。',
  other: '有危险请马上打电话：火灾 119，报警 110，急救 120！先保证自己安全。',
}

/** The safety words for what was read, and nothing else; null when there is no danger. They need no store. */
export function wordsOfDanger(reading: Pick<ReadTurn, 'moves'>): string | null {
  const move = findMove(reading, 'emergency')
  return move === undefined ? null : SAFETY_WORDS[move.danger]
}

/** What may be a danger: the safety words in one line and the question whether it is one, before whatever else was understood. */
export function warnBeside(turn: Turn, { danger, text: said }: MoveOf<'emergency'>, outcome: Outcome): Outcome {
  const buttons = isInGroup(turn) ? [] : [button(text.isDanger), button(text.isNoDanger)]
  const warning = say(turn, 'emergency', text.mayBeDanger(SAFETY_WORDS[danger]), buttons)
  return { ...outcome, replies: [warning, ...outcome.replies], state: { ...(outcome.state ?? turn.state), doubt: { text: cleanTyped(said, { longest: LONGEST_DESCRIPTION }), danger } } }
}

export const isAfterEmergency = ({ state, now }: Pick<ReadTurn, 'state' | 'now'>): boolean => state.emergencyAt !== undefined && now.getTime() - new Date(state.emergencyAt).getTime() <= AFTER_EMERGENCY_MS

const openEmergency = (turn: Turn) => turn.facts.requests?.find((request) => isEmergency(request) && isOpen(request))

/** Whether an emergency was told of just now that is not over. */
export const isStillThatEmergency = (turn: Turn): boolean => isAfterEmergency(turn) && openEmergency(turn) !== undefined && turn.moves.some((move) => move.type === 'add' && move.about === 'emergency')

/** Safety words at once, and a request of which staff are alerted: who was told of it is known when it is written. An open form stays as it is. */
export const emergencyStep: Step = {
  name: 'emergency',
  why: 'A present danger goes before everything, an open form included.',
  takes: 'all',
  applies: (turn) => hasMove(turn, 'emergency'),
  needs: ['requests'],
  decide: meetEmergency,
}

export function meetEmergency(turn: Turn): Outcome | undefined {
  const move = findMove(turn, 'emergency')
  if (move === undefined) return undefined
  // 是，快来人: what was said before it.
  const { doubt, ...state } = turn.state
  const isConfirmed = doubt !== undefined && move.text === text.isDanger
  const danger = isConfirmed ? doubt.danger : move.danger
  const said = isConfirmed ? doubt.text : turn.message.text
  const call = callsIn(SAFETY_WORDS[danger])
  const ask = move.slots.address === undefined ? '请再告诉我在哪里（几号楼、几单元）。' : ''
  const open = openEmergency(turn)
  const isSame = open !== undefined && turn.now.getTime() - open.createdAt.getTime() < AFTER_EMERGENCY_MS
  return {
    intent: 'emergency',
    replies: [say(turn, 'emergency', `${SAFETY_WORDS[danger]}\n${ALERT_PLACEHOLDER}${isSame ? `刚才的话加到 ${open.number} 里了` : '编号 {request}'}。${ask}`)],
    state: { ...state, emergencyAt: turn.now.toISOString() },
    changes: [
      isSame
        ? { type: 'note_on_request', requestId: open.id, note: cleanTyped(said, { longest: LONGEST_NOTE }), call }
        : { type: 'create_request', request: requestForStaff(turn, 'emergency', said), call },
    ],
  }
}

/** Where it is, a telephone, that it is over. */
export const afterEmergencyStep: Step = {
  name: 'after an emergency',
  why: 'What is said right after an emergency belongs to it, even while a form is open: minutes count.',
  takes: ['safe', 'add', 'give'],
  applies: (turn) => isAfterEmergency(turn) && hasMove(turn, 'safe', 'add', 'give'),
  needs: ['requests'],
  decide: addToEmergency,
}

export function addToEmergency(turn: Turn): Outcome | undefined {
  const { state, message } = turn
  const request = openEmergency(turn)
  const move = firstMove(turn, ['safe', 'add', 'give'])
  if (!isAfterEmergency(turn) || request === undefined || move === undefined) return undefined
  const isOver = move.type === 'safe'
  const { address, phone } = isOver ? {} : move.slots
  const tellsPlace = address !== undefined && request.address === null
  const isTold = isOver || tellsPlace || (phone !== undefined && !turn.draft) || (move.type === 'add' && move.about === 'emergency')
  if (!isTold) return undefined
  const { emergencyAt: _over, ...rest } = state
  return {
    intent: 'emergency',
    replies: [say(turn, 'receipt', isOver ? `知道了，已经记到 ${request.number} 里。平安就好。` : `已经加到 ${request.number} 里了。${ALERT_PLACEHOLDER}还有危险就打 119、110、120。`)],
    state: isOver ? rest : state,
    changes: [{ type: 'complete_request', requestId: request.id, address: tellsPlace ? address : null, phone: phone ?? null, note: cleanTyped(message.text, { longest: LONGEST_NOTE }), ...(isOver && { isSafe: true }) }],
  }
}
