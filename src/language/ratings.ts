import { parseNumber } from './numbers.ts'

export interface Rating {
  /** 1..5; absent when no grade can be read from the words. */
  score?: number
  comment?: string
}

const GRADES: [RegExp, number][] = [
  [/非常不满意|很不满意|极不满意|太不满意|特别不满意|超级不满意|差评|太差|很差|极差|差劲|垃圾服务|一点都?不满意/, 1],
  [/不太满意|不怎么满意|不满意|不是很满意|不行$|不怎么[样地的]|不咋[样地的]/, 2],
  [/基本满意|还可以|还行|一般般?|凑合|马马虎虎|勉强/, 3],
  [/非常满意|十分满意|很满意|特别满意|超级?满意|太满意|相当满意|满意极了|挺满意|特满意|非常好|特别好|好评|点赞|太好了|给力|满分|真不错|很好/, 5],
  [/比较满意|满意|不错|挺好/, 4],
]

const SCORE = /(?:^|[^\d.点])([1-5]|[一二三四五两])\s*(?:分|颗?星|个星)(?!之|钟|数|的|期|级|会议|馆|[\d一二三四五])/
const OUT_OF_RANGE = /(?:^|[^\d])(?:100|一百|10|十)\s*分/
const ASKS = /[?吗]|(?<!不)怎么(?!样都)|如何|多少|几分|哪里|什么|满不满意|是否/
const WORK_DONE = /师傅|维修|修得|修的|修好|修完|上门|工作人员|志愿者|服务|态度|处理|解决|办得|办的|来得|活儿?干|打扫得|你们|小伙|大姐|速度|效率/
const GRADED = /^(?:我?(?:对)?(?:这次|本次|这回|上次|今天)?(?:的)?(?:服务|维修|处理|办理|结果|师傅|工作)?(?:的)?(?:很|非常|十分|特别|超级?|太|挺|比较|基本|不太|不怎么|不|不是很|还算|极|相当|特|很不|非常不|一点都?不|太不)?满意(?:极了|得很)?|好评|差评|五星好评|点赞|给力|一般|一般般|还行|还可以|很好|挺好|不错|真不错|非常好|太差了?|很差|差劲|不怎么[样地的]$)/

const gradeOf = (text: string): number | undefined => GRADES.find(([words]) => words.test(text))?.[1]

function scoreOf(text: string): number | undefined {
  const said = SCORE.exec(text)?.[1]
  return said === undefined ? (OUT_OF_RANGE.test(text) ? 5 : undefined) : parseNumber(said)
}

/** A rating in a short message: "5分", "五星，师傅很热情", "评价：满意", "修得不错"; undefined when it is none. */
export function readRating(text: string): Rating | undefined {
  if (text.length > 120 || ASKS.test(text)) return undefined
  const score = scoreOf(text)
  const cue = /^(?:我?(?:要|想|来)?(?:给个?)?(?:评价|打分|评分|评个分|打个分|反馈))(?:一下)?[:,\s]*/.exec(text)
  const withComment = (value: number | undefined): Rating => {
    const comment = text.slice(cue?.[0].length ?? 0).replace(/(?:我?(?:给|打|评)(?:你们|个)?)?(?:[1-5]|[一二三四五])\s*(?:分|颗?星|个星)/, '').replace(/^[,。!\s]+|[,。!\s]+$/g, '')
    return { ...(value !== undefined && { score: value }), ...(comment !== '' && { comment }) }
  }
  if (cue !== null) return withComment(score ?? gradeOf(text))
  const isScored = score !== undefined && /^(?:我?(?:给|打|评|给打|给个|打个|评个)?(?:师傅|你们|这次|服务|他们|他)?(?:打|给|个)?)?(?:[1-5]|[一二三四五]|100|10|十|一百)\s*(?:分|颗?星|个星)/.test(text)
  const isShort = score !== undefined && text.length <= 20 && !/岁|考|坏|漏|堵|楼/.test(text)
  if (isScored || isShort || (score !== undefined && text.length <= 40 && WORK_DONE.test(text))) return withComment(score)
  if (GRADED.test(text) && !/物业|居委会|政策|低保/.test(text)) return withComment(gradeOf(text))
  return undefined
}
