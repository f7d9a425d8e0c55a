import type { ToTell } from './alerts.ts'
import { createButton, type Button } from '../messages/messages.ts'
import { toLocalIso } from '../time.ts'

/** What an alert tells staff. */
export interface AlertParticulars {
  number: string
  isDrill: boolean
  words: string
  saidAt: Date
  address: string | null
  name: string | null
  phone: string | null
}

/** Why somebody is told: as the person on duty, again, as the deputy, with all others, or since more was said. */
export type AlertReason = 'first' | 'again' | 'deputy' | 'all' | 'more'

export const answerWords = (number: string): string => `收到 ${number}`
/** Without its blank where a number is too long for every platform. */
export const answerButton = (number: string): Button => createButton('收到', answerWords(number).length > 20 ? `收到${number}` : answerWords(number))

const lines = (...said: string[]): string => said.filter((line) => line !== '').join('\n')
const clock = (at: Date): string => toLocalIso(at).slice(11, 16)
/** An alert is read at a glance: the whole of it stands in the request. */
const LONGEST_WORDS = 300
const shown = (words: string): string => (Array.from(words).length <= LONGEST_WORDS ? words : `${Array.from(words).slice(0, LONGEST_WORDS).join('')}…`)
/** `王丽`, `王丽、李强`, `王丽、李强等 5 人`. */
const few = (names: readonly string[]): string => (names.length <= 3 ? names.join('、') : `${names.slice(0, 2).join('、')}等 ${names.length} 人`)

const DRILL_SAYS = '这是警报演练，没有真的险情，也没有惊动居民。'

/** What staff read. A drill says so first and last. */
export const alertText = {
  alert(of: AlertParticulars, reason: AlertReason, duty: string | null): string {
    const head = {
      first: '请马上处理',
      again: '还没有人确认，再提醒一次',
      deputy: `${duty === null ? '值班的' : `值班的${duty}`}还没有回，请您马上处理`,
      all: '一直没有人确认，谁看到谁先回',
      more: '居民又说了',
    }[reason]
    return lines(
      `${of.isDrill ? '【演练】' : '【紧急】'}${head}（${of.number}）`,
      of.isDrill ? DRILL_SAYS : '',
      of.words === '' ? '' : `“${shown(of.words)}”（${clock(of.saidAt)}）`,
      of.address === null ? '' : `在哪里：${of.address}`,
      of.phone === null ? '' : `电话：${of.phone}${of.name === null ? '' : `（${of.name}）`}`,
      `看到了请马上回“${answerWords(of.number)}”，点下面的按钮也行。${of.isDrill ? '【演练】' : ''}`,
    )
  },
  /** To whoever has answered. */
  answered: (of: AlertParticulars) =>
    of.isDrill
      ? `【演练】记下了：您已收到 ${of.number}。演练到这里结束，谢谢您！`
      : lines(`记下了：您已收到 ${of.number}。`, of.address === null ? '' : `在哪里：${of.address}`, of.phone === null ? '居民没有留电话。' : `电话：${of.phone}${of.name === null ? '' : `（${of.name}）`}`, '请马上联系居民；有危险打 110、119、120。'),
  /** In a group nobody's particulars are said. */
  answeredInGroup: (number: string) => `记下了：您已收到 ${number}。`,
  answeredBefore: (number: string, name: string) => `${number} 已经由${name}确认收到了，谢谢您！`,
  nothingOpen: '现在没有等人确认的紧急情况。',
  stillOpen: (numbers: readonly string[]) => `还有没确认的：${numbers.join('、')}。`,
  /** To others who were told. */
  taken: (number: string, name: string, isDrill: boolean) => `${isDrill ? '【演练】' : ''}${number}：${name}已经确认收到。`,
  over: (number: string, words: string) => `${number}：居民说没事了：“${shown(words)}”。`,
  drillWords: '演练：3号楼2单元有人报火情，请值班人员确认。',
  drillBegun: (number: string, told: string) => `【演练】警报演练开始了（${number}）。${told}有人回“收到”就结束。`,
  drillRunning: (number: string) => `【演练】正在演练（${number}），等人回“收到”。`,
  drillTold: ({ role }: Pick<ToTell, 'role'>, names: readonly string[]) =>
    role === 'nobody' ? '没有一个人绑定了聊天账号，谁也通知不到：请先在“我的”里生成绑定码。' : role === 'duty' ? `已通知值班的${few(names)}。` : `没有能通知到的值班人员，已通知全体工作人员：${few(names)}。`,
} as const

/** What the resident reads: nothing that is not so. */
export const residentText = {
  told: ({ role }: Pick<ToTell, 'role'>, names: readonly string[], call: string): string =>
    role === 'nobody' ? `现在通知不到工作人员，还没有人确认，请马上打 ${call}！` : role === 'duty' ? `已通知值班的${few(names)}。` : `已通知社区工作人员${few(names)}，还没有人确认，请先打 ${call}。`,
  toldAgain: ({ role }: Pick<ToTell, 'role'>, names: readonly string[], call: string): string => (role === 'nobody' ? `还没有人确认，请马上打 ${call}！` : `又通知了${few(names)}。`),
  seen: (number: string, name: string): string => `${name}已看到您说的紧急情况（${number}）。`,
  /** `isSeeking`: there is somebody whom it was told to, or will be. */
  unconfirmed: (number: string, call: string, isSeeking: boolean): string => `您说的紧急情况（${number}）还没有人确认，请马上打 ${call}！${isSeeking ? '我们还在找人。' : ''}`,
} as const

/** Lines of a request's history. */
export const alertNotes = {
  told: (reason: AlertReason, names: readonly string[]): string => {
    const before = { first: '紧急通知', again: '再次紧急通知', deputy: '还没有人确认，紧急通知替班的', all: '还没有人确认，紧急通知全体工作人员：', more: '居民又说了，紧急通知' }[reason]
    return `${before}${names.join('、')}`
  },
  nobody: '没有一个工作人员绑定了聊天账号，紧急情况通知不到人，请看着页面',
  unconfirmed: '还没有人确认，已请居民马上打电话求助',
  seen: (name: string): string => `${name}确认收到`,
} as const
