import { plain } from './normalize.ts'
import { parseNumber } from './values/numbers.ts'

export interface Rating {
  /** 1..5; absent when no grade can be read from the words. */
  score?: number
  comment?: string
}

const GRADES: [RegExp, number][] = [
  [/非常不满意|很不满意|极不满意|太不满意|特别不满意|超级不满意|差评|太差|很差|极差|差劲|垃圾服务|一点都?不满意/, 1],
  [/不太满意|不怎么满意|不满意|不是很满意|不行$|太慢|好慢|真慢|很慢|磨叽|磨蹭|拖拉|不及时|不怎么[样地的]|不咋[样地的]/, 2],
  [/基本满意|还可以|还行|一般般?|凑合|马马虎虎|勉强/, 3],
  [/非常满意|十分满意|很满意|特别满意|超级?满意|太满意|相当满意|满意极了|挺满意|特满意|非常好|特别好|好评|点赞|太好了|给力|满分|真不错|很好|(?:老|贼|嘎嘎|真|太|可)(?:好|满意|快|热情|负责|棒|利索|及时|专业|认真|靠谱|到位)|杠杠的|没得说|没的说/, 5],
  [/比较满意|满意|不错|挺(?:好|快|热情|负责|利索|及时)|还算好|人好/, 4],
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

const WORKERS = '(?:师傅|小伙子?|大姐|大哥|工作人员|志愿者|你们|活儿?干得|活儿?|服务态度|服务|态度|手艺|技术|速度|效率|修得|干得|办得|来得|处理得|弄得|修的|干的|办的|来的)'
const GRADE = '(?:好|满意|快|利索|热情|负责|及时|棒|慢|差|磨叽|磨蹭|专业|认真|靠谱|到位|不错|给力)'
const DEGREE = '(?:老|贼|嘎嘎|真|太|挺|非常|特别|很|相当|可|好)'
const AFTER_GRADE = '(?:了|的|极了|得很|啊|呀)*'
// A clause that grades in words of its own: somebody's work with any grade, or a strong word alone ("贼满意", but not "好了" nor "太好了").
const GRADING = new RegExp(`^(?:${WORKERS}(?:这?个?人|也|都|可|真是|还|就是|办事|干活|修)*${DEGREE}?${GRADE}${AFTER_GRADE}|(?:人|活儿?)${DEGREE}${GRADE}${AFTER_GRADE}|(?:老|贼|嘎嘎|杠杠)(?:的|好|满意|快|利索|热情|负责|及时|棒|慢|差)${AFTER_GRADE}|(?:太|真|好|很)(?:慢|磨叽|磨蹭)(?:了|的)?|(?:还)?凑合吧?|(?:就是|稍微|稍|有点儿?|略|但是?|不过)+(?:慢|晚|糙|贵|粗|马虎)(?:了)?(?:一?点儿?|些)?|马马虎虎|杠杠的|没[得的]说)$`)
const THANKS = /^(?:谢谢|感谢|多谢|辛苦)(?:你们|您|师傅|大家|志愿者|社区|了|啊)*$/

/** Whether every clause of a short text grades or thanks, and one grades. */
function isGrading(text: string): boolean {
  const clauses = text.split(/[,。;!~、\s]+/).filter((clause) => clause !== '')
  return text.length <= 30 && clauses.some((clause) => GRADING.test(clause)) && clauses.every((clause) => GRADING.test(clause) || GRADED.test(clause) || THANKS.test(clause))
}

const UNSOLVED =
  /^(?:但是?|可是?|不过|其实|根本就?|压根|你们|师傅|还是|还|一直|又|到现在|现在|也)*(?:没(?:有)?(?:给)?(?:解决|修好?|弄好?|处理|搞定|整好?|通|换|好)(?:呢|啊|呀|了|完|过|利索)*|没(?:有)?(?:人|师傅)(?:来|管|修|处理|联系|理)(?:我|过)*(?:呢|啊|呀)*|白(?:修|弄|来|跑|报)了)$|^(?:(?:这|那|我家|家里)?(?:的)?[\u3400-\u9fff]{0,5})?(?:(?:还是|还|仍然|依然|照样|依旧|又|还在)(?:不(?:亮|热|通|行|好使|转|动|出水|制冷|灵|着)|没(?:亮|热|通|好|水|电|修|修好|解决)|(?:漏|坏|堵|灭|停|掉|响|滴|渗|冒|臭|冷|黑|吵|脏)(?:着|水)?)(?:了|呢|啊|呀|的)*)$/

/** Whether a short answer says that what was reported is not mended after all: "没修好", "灯又灭了", "白修了", "没人来过啊". */
export function isUnsolved(text: string): boolean {
  if (text.length > 30) return false
  const said = plain(text)
  // Each clause by itself: "哪修好了？还是黑的，没解决" asks nothing.
  const clauses = said.match(/[^,。;!?~、\s]+[?]?/g) ?? []
  return !/[吗么]$/.test(said) && clauses.some((clause) => !clause.endsWith('?') && UNSOLVED.test(clause))
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
  if ((GRADED.test(text) || isGrading(text)) && !/物业|居委会|政策|低保/.test(text)) return withComment(gradeOf(text))
  return undefined
}
