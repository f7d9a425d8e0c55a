import type { Outcome } from '../domain/outcome.ts'
import { findAddress } from '../language/values/addresses.ts'
import { cleanTyped } from '../language/clean.ts'
import { findPhones } from '../language/values/phones.ts'
import { requestForStaff } from './staff-requests.ts'
import { say, type Turn } from './turn.ts'

interface Danger {
  pattern: RegExp
  words: string
}

/** Safety words by kind of danger: the number to call first, then what to do until help is there. */
const DANGERS: readonly Danger[] = [
  { pattern: /煤烟|一氧化碳|(?:煤气|燃气|炭|炉).{0,8}中毒/, words: '请马上开门开窗，把人扶到外面透气，打 120！不要点火、不要开关电器，自己也难受就先出去。' },
  { pattern: /触电|过电|电[着倒]/, words: '请先拉闸断电，没断电不要用手碰人，用干木棍把电线挑开，马上打 120！' },
  { pattern: /(?:高压|电)(?:线|缆|杆).*(?:断|掉|落|垂|耷拉|倒)/, words: '请离远些，不要碰电线，也别让别人走近，马上打 110 和供电电话 95598！' },
  { pattern: /烫(?:着|到|伤)|烧伤/, words: '请用凉水冲烫伤的地方，不要抹药、不要挑泡，马上打 120！' },
  { pattern: /煤气|燃气|天然气|瓦斯|液化气/, words: '请先开窗、关阀门，不要开关电器、不要点火，马上离开屋子，到外面打 119。' },
  { pattern: /火|烟|烧|爆炸|119/, words: '请马上打 119！不要坐电梯，用湿毛巾捂住口鼻，弯腰从楼梯离开；先走人，不要拿东西。' },
  { pattern: /晕|昏|倒地|倒了|没气|喘不|心脏|心梗|中风|抽搐|流血|出血|骨折|中毒|急救|受伤|摔|噎|溺|落水|掉.*(河|江|冰|水|井)|(?:喝|吃|吞).*药|药.*(?:吃|喝|吞)|120/, words: '请马上打 120！守在旁边，不要随便搬动，保持呼吸通畅；落水的先打 110、119，自己不要下水。' },
  { pattern: /跳楼|往下跳|要跳|窗台|寻短见|自杀|不想活|轻生|割腕/, words: '请马上打 110 和 120！如果是您自己难受，先和身边的人在一起，也可以打 12356 心理援助热线，有人愿意听您说。' },
  { pattern: /打人|打架|砍|刀|抢|偷|贼|撬|绑|强奸|家暴|打我|威胁|跟踪|走丢|走失|失踪|找不[到着]|没回来|没回家|联系不上|拐|110/, words: '请马上打 110！先到安全的地方，不要和对方争；人走丢的，告诉警察衣着和最后见到的地方。' },
  { pattern: /电梯/, words: '请按电梯里的紧急按钮或打 119、110！不要扒门、不要自己爬出来，靠墙站稳等救援。' },
]
const ANY_DANGER = '有危险请马上打电话：火灾 119，报警 110，急救 120！先保证自己安全。'

/** What is said so long after an emergency may be about it. */
export const FOLLOW_UP_MS = 30 * 60 * 1000
const IS_OVER = /没事了|不要紧了|灭了|扑灭|救下来|找到了|找着了|醒了|误报|虚惊|搞错了|已经来了|到了/
const HELP_IS_COMING = /(?:打|叫|报|拨).{0,4}(?:119|110|120|了|救护车|警)|消防|救护车|警察/

const openEmergency = (turn: Turn) => turn.facts.requests?.find((request) => request.kind === 'emergency' && ['submitted', 'accepted', 'dispatched', 'in_progress'].includes(request.status))

/** Where it is, a telephone, that it is over: what is said right after an emergency belongs to it, even while a form is open. */
export function addToEmergency(turn: Turn): Outcome | undefined {
  const { state, message } = turn
  if (state.emergencyAt === undefined || turn.now.getTime() - new Date(state.emergencyAt).getTime() > FOLLOW_UP_MS) return undefined
  const request = openEmergency(turn)
  if (!request || turn.command !== undefined || /[?？吗呢么]|什么|怎么|多少/.test(message.text)) return undefined
  const address = findAddress(message.text)
  const [phone] = findPhones(message.text).map((found) => found.phone)
  const isOver = IS_OVER.test(message.text) && message.text.length <= 30
  const tellsPlace = address !== undefined && request.address === null
  const tellsPhone = phone !== undefined && !turn.draft
  if (!isOver && !tellsPlace && !tellsPhone && !(HELP_IS_COMING.test(message.text) && message.text.length <= 30)) return undefined
  const { emergencyAt: _over, ...rest } = state
  return {
    intent: 'emergency',
    replies: [say(turn, 'receipt', isOver ? `知道了，已经告诉值班人员（${request.number}）。平安就好。` : `已经加到 ${request.number} 里了，值班人员看得到。还有危险就打 119、110、120。`)],
    state: isOver ? rest : state,
    changes: [{ type: 'complete_request', requestId: request.id, address: tellsPlace ? address : null, phone: phone ?? null, note: cleanTyped(message.text, { longest: 500 }) }],
  }
}

/** A present danger goes before everything: safety words at once, and a request for the staff on duty. An open form stays as it is. */
export function handleEmergency(turn: Turn): Outcome | undefined {
  if (turn.understanding.intent !== 'emergency') return undefined
  const danger = DANGERS.find(({ pattern }) => pattern.test(turn.message.text))
  const words = danger?.words ?? ANY_DANGER
  const ask = turn.understanding.slots.address === undefined ? '请再告诉我在哪里（几号楼、几单元）。' : ''
  const open = openEmergency(turn)
  const isSame = open !== undefined && turn.now.getTime() - open.createdAt.getTime() < FOLLOW_UP_MS
  return {
    intent: 'emergency',
    replies: [say(turn, 'emergency', `${words}\n已经报给社区值班人员${isSame ? `（${open.number}），刚才的话也加上了` : '，编号 {request}'}。${ask}`)],
    state: { ...turn.state, emergencyAt: turn.now.toISOString() },
    changes: [
      isSame
        ? { type: 'note_on_request', requestId: open.id, note: cleanTyped(turn.message.text, { longest: 500 }) }
        : { type: 'create_request', request: requestForStaff(turn, 'emergency', turn.message.text) },
    ],
  }
}
