import { createButton, type Button } from './messages/messages.ts'
import { formatLocal, fromLocalIso } from './time.ts'

/** What a volunteer needs to go there; only the one who has accepted reads it, in private. */
export interface HelpParticulars {
  number: string
  category: string
  description: string
  wantedTime: string | null
  address: string | null
  name: string | null
  phone: string | null
}

const WANTED = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?$/

/** The instant by which help is wished: a day's end where no hour was said; null = not said clearly. */
export function wantedInstant(wantedTime: string | null): Date | null {
  if (wantedTime === null || !WANTED.test(wantedTime)) return null
  return fromLocalIso(wantedTime.length === 10 ? `${wantedTime}T23:59` : wantedTime)
}

/** `11月25日 15:00`; '' when it was not said, or in words that might tell who it is. */
function showWanted(wantedTime: string | null): string {
  if (wantedTime === null || !WANTED.test(wantedTime)) return ''
  const shown = formatLocal(fromLocalIso(wantedTime))
  return wantedTime.length === 10 ? (shown.split(' ')[0] ?? shown) : shown
}

export const acceptWords = (number: string): string => `我去 ${number}`
export const declineWords = (number: string): string => `去不了 ${number}`
export const doneWords = (number: string): string => `办好了 ${number}`

/** A button that says `words`, without its blank where that is too long for every platform. */
const numbered = (label: string, words: string): Button => createButton(label, words.length > 20 ? words.replace(' ', '') : words)

export const offerButtons = (number: string): Button[] => [numbered('我去', acceptWords(number)), numbered('去不了', declineWords(number))]
export const carryingButtons = (number: string): Button[] => [numbered('办好了', doneWords(number)), numbered('去不了了', declineWords(number))]

const lines = (...said: string[]): string => said.filter((line) => line !== '').join('\n')

/** What volunteers and requesters read while help is looked for. */
export const helpText = {
  /** `what` and `place` without anybody's particulars. */
  offer: ({ number, what, place, wantedTime }: { number: string; what: string; place: string; wantedTime: string | null }) => {
    const when = showWanted(wantedTime)
    return lines(
      '有位邻居想请人帮忙，您方便去吗？',
      `什么事：${what}`,
      place === '' ? '' : `在哪里：${place}`,
      `什么时候：${when === '' ? '您答应以后和邻居商量' : when}`,
      `能去就回“${acceptWords(number)}”，去不了就回“${declineWords(number)}”。`,
      '谁先答应谁去。您答应了，我们把您的姓名和电话告诉这位邻居。',
    )
  },
  accepted: (of: HelpParticulars) => lines('谢谢您，这件事就拜托您了！', particulars(of), '去之前请先打个电话。这些资料只用来帮这次忙，请不要告诉别人。', `办好了就回“${doneWords(of.number)}”，去不了了就回“${declineWords(of.number)}”。`),
  acceptedAlready: (of: HelpParticulars) => lines('这件事您已经答应了，邻居在等您。', particulars(of), `办好了就回“${doneWords(of.number)}”，去不了了就回“${declineWords(of.number)}”。`),
  tooLate: '谢谢您！已经有别的志愿者先答应去了，这次不用麻烦您。下次再请您帮忙。',
  notNeeded: '谢谢您！这件事现在不用帮忙了。下次再请您帮忙。',
  carriesEnough: '您手上已经有两件事没办完，这件我们先请别人去。办完了回“办好了”，下次再请您。谢谢您！',
  mustBeActive: '您的志愿者登记现在没有生效，这件事我们先请别人去。有疑问说“转人工”。',
  declined: '好的，没关系，我们再问别人。谢谢您！',
  gaveUp: '好的，知道了，我们马上请别人去，也会告诉这位邻居。谢谢您说一声。',
  thanksDone: (times: number) => `辛苦您了，谢谢！${times > 1 ? `您已经帮了邻居 ${times} 次。` : '邻居会记得您的好。'}`,
  doneAlready: '这件事已经记下办好了，谢谢您！',
  notAsked: '没有查到请您帮忙的这件事。请核对一下编号。',
  which: '请您帮忙的不止一件，您说的是哪一件？',
  whichLine: ({ number, what }: { number: string; what: string }) => `${number} ${what}`,
  isItOffer: (number: string) => `您是说去帮这位邻居吗？能去就回“${acceptWords(number)}”，去不了就回“${declineWords(number)}”。`,

  coming: ({ number, category, name, phone }: { number: string; category: string; name: string; phone: string }) =>
    lines(`您的“${category}”（${number}）有志愿者来帮忙了：${name}，电话 ${phone}。`, '志愿者会先给您打电话。来人请先问清姓名，对得上再开门。', `不用了就说“撤回 ${number}”。`),
  offAgain: ({ number, category }: { number: string; category: string }) => `对不起，原来答应帮您办“${category}”（${number}）的志愿者来不了了。我们正在请别的志愿者，有人答应就告诉您。`,
  /** `wasPromised`: somebody had accepted, and they have not heard yet that nobody comes. */
  withStaff: ({ number, category }: { number: string; category: string }, wasPromised: boolean) => `${wasPromised ? '对不起，原来答应帮您的志愿者来不了了。' : ''}您的“${category}”（${number}）暂时没有找到能去的志愿者，已经请社区工作人员来安排，会有人和您联系。`,
  taken: ({ number, category }: { number: string; category: string }) => `“${category}”（${number}）已经有别的志愿者答应去了，这次不用麻烦您。谢谢您！`,
  over: ({ number, category }: { number: string; category: string }) => `“${category}”（${number}）现在不用帮忙了，您不用去了。谢谢您！`,
  settledByStaff: ({ number, category }: { number: string; category: string }) => `“${category}”（${number}）工作人员已经记为办好了。辛苦您了，谢谢！`,
} as const

function particulars(of: HelpParticulars): string {
  const when = showWanted(of.wantedTime)
  return lines(
    `${of.category}（${of.number}）：${of.description}`,
    `邻居：${of.name ?? '（没有留名字）'}，电话 ${of.phone ?? '（没有留）'}`,
    of.address === null ? '' : `地址：${of.address}`,
    when === '' ? '' : `时间：${when}`,
  )
}

/** Lines of a request's history; volunteers stand in them by their number alone, so that an erased name is nowhere. */
export const helpNotes = {
  asked: (count: number) => `问了 ${count} 位志愿者谁能去`,
  nobodyThere: '附近没有合适的志愿者，请工作人员安排',
  nobodyLeft: '附近的志愿者都问过了，没有人能去，请工作人员安排',
  timeIsOver: '到了希望的时间还没有志愿者答应，请工作人员安排',
  timeIsQuiet: '希望的时间在夜里，没有去打扰志愿者，请工作人员安排',
  mayNotTell: '居民没有同意（或没有留）姓名电话，没法请志愿者，请工作人员安排',
  accepted: (number: string) => `志愿者 ${number} 答应去`,
  gaveUp: (number: string) => `志愿者 ${number} 去不了了，再问别人`,
  volunteerLeft: '答应去的志愿者退出了，再问别人',
  done: (number: string) => `志愿者 ${number} 说办好了`,
  untold: '这位居民没有私下的会话，系统告诉不到他，请打电话',
  begun: '请附近的志愿者来帮忙',
} as const
