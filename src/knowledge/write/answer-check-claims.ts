import { hideSpans } from '../../language/values/times/look-back.ts'
import { createWordTable, findWords } from '../../language/word-table.ts'
import { findFigures } from './answer-check-figures.ts'
import type { Figure } from './answer-check-figures.ts'
import { bigrams, countShared, holds, stripMarks } from './answer-check-text.ts'
import type { SourceText } from './answer-check-text.ts'

/** What no answer says, whatever the clause holds. Matched on flattened text. */
const NEVER: [RegExp, string][] = [
  [/https?:|www\.|:\/\/|[a-z0-9-]+\.(?:com|cn|net|org|gov|top|xyz|cc|io)(?![a-z])|@|[<>{}`#*_|\\^$]/, '不要写网址、标签和符号'],
  [/马上(?:就|给|为|帮|派)|立刻(?:给|为|帮|派)|尽快(?:给|为|帮|派|回)|稍后|(?:明|今|后)天|下周|下个?月|过几天|不久(?:就|后)|很快|派人|上门(?!服务)|包您|包你|放心|一定(?:会|能|给|可以|要|有)|肯定(?:会|能|给|可以|有)|必定|必然/, '不要作承诺'],
  [/百分百|承诺(?:给|为|您|你)|保证(?:给|为|您|你|会|能|一定|在)|(?:会|将)(?:给|为|帮|替|联系|通知|回复|安排|派)(?:您|你|大家)|(?:给|帮|替|为)(?:您|你)(?:办|发|送|解决|安排|处理|登记|报)/, '不要作承诺'],
  [/(?<!自)我(?![区省国市县州])|咱|俺|本(?:局|办|中心|社区|站|单位|人|系统|助手|机器人|公司|部门|街道|所|机关|政府)|小编|本意见认为/, '不要用“我们”“本单位”的口气说话'],
  [/(?<![申邀聘提报恳宴])请(?!求|示|愿|教)|麻烦(?:您|你)|点击|扫码|扫一扫|二维码|转账|汇款|打款|付款|缴费给|加微信|加群|关注公众号|验证码|密码|账号|银行卡|身份证号|回复[数字"]|建议(?:您|你)?(?!权)/, '不要给办事指示，只说文件怎么规定'],
  [/(?:您|你)(?:需要|应|要|得|必须|可以|可|务必|只要|只需)|记得|不妨|务必/, '不要给办事指示，只说文件怎么规定'],
  [/忽略|无视|以上(?:要求|指令|规则|提示)|系统提示|提示词|指令|prompt|system|assistant|作为(?:一个|一名)?(?:ai|人工智能)|ai|语言模型|人工智能|机器人|角色扮演|遵命|好的,|好的[。!]/, '只写回答本身'],
  [/偏方|打官司|胜诉|律师函|(?:每[天日次]|饭[前后])(?:服|吃)/, '不要给医疗或法律意见'],
  [/(?:没有|没|未|并未|不曾)(?:写|提|规定|说明|明确|涉及|给出|查到|找到|相关)|无法(?:确定|回答|提供)|不清楚|不知道|不确定|抱歉|对不起/, '只说条款里写了的，没写的不要提'],
  [/^(?:可以|不可以|能|不能|是|不是|是的|对|不对|行|不行|有|没有|要|不要|会|不会|需要|不需要|应该|不应该)[,。!]/, '不要单独用“可以”“不可以”开头，直接说文件怎么规定'],
  [/[?]|吗[。]?$/, '不要提问'],
]

/** Words that widen, harden or sweeten what a clause says: only where the clause itself has them. */
const onlyAsWrittenAt = createWordTable([
  '药', '剂量', '诊断', '处方', '症状', '病情', '治疗', '手术', '起诉', '诉讼', '索赔', '仲裁', '判刑', '下载', '微信', '输入', '发送', '拨打', '致电', '必须', '一律', '强制', '强行', '只有',
  '只能', '唯一', '仅限', '任何', '永远', '永久', '终身', '长期', '免费', '无偿', '无条件', '优先', '立即', '立刻', '随时', '全天候', '全天', '24小时', '全部', '全额', '所有', '每个人', '人人', '绝对',
  '严禁', '禁止', '处罚', '罚款', '违法', '犯罪', '奖励', '补贴', '津贴', '补助', '奖金', '现金', '工资', '红包', '报销', '退款', '赔偿', '补偿', '收费', '保证', '确保', '承诺', '马上', '低保',
  '养老金', '退休金', '贷款', '拆迁', '学位', '落户', '身份证', '户口', '证明', '电话', '短信', '邮箱', '地址', '开发商', '业主', '住户', '租户', '房东', '个人', '商家', '老板', '自费', '花钱', '付钱',
])

/** What denies; of two that begin alike the longer stands first. */
const NEGATIONS: readonly string[] = [
  '不得|不能|不会|不可以?|不应|不准|不许|不宜|不需要?|不用|不必|不再',
  '不予|不给|不让|不是|不属于|不以|不转|不纳|不缴|不交|不收|不设|不留',
  '没有?|未(?!成年|来)|无(?!障碍|假日|邪教|纸化|私|线|论|形|偿|条件|党派|职业)',
  '免征|免缴|免交|免收|免(?=营业税|税)',
  '严禁|禁止|取消|停止|避免|防止|勿|非(?!公|法|企业|常|营利)|拒绝|杜绝|反对|不',
]
const NEGATOR = new RegExp(NEGATIONS.join('|'), 'g')
const NEGATED_WITHIN = 5

const MODAL = /^(?:得|能|会|可以|应当?|需要?|用|必|要|被|把|再|予|给|让)+/

/** Words that carry no claim of their own: an answer may use them freely. */
const fillerAt = createWordTable([
  '根据', '按照', '依照', '文件', '意见', '规定', '原文', '条款', '这一条', '这条', '要求', '提出', '指出', '明确', '写着', '写明', '内容', '具体', '主要', '目前', '现在', '当地', '各地', '有关',
  '相关', '方面', '部分', '情况', '等等', '以及', '并且', '而且', '还有', '还要', '也要', '都要', '应当', '应该', '可以', '需要', '就是', '的是', '由', '为', '在', '从', '到', '用',
  '把', '被', '让', '对', '给', '向', '跟', '和', '与', '及', '或', '等', '的', '了', '着', '过', '地', '得', '是', '有', '要', '会', '能', '应',
  '须', '将', '也', '都', '还', '就', '才', '再', '又', '并', '但', '而', '以', '其', '该', '这', '那', '个', '们', '您', '你', '里', '上', '下',
  '中', '内', '时', '后', '前', '所', '者', '做', '办', '管', '负责', '包括', '比如', '例如', '通过', '之前', '之后', '来', '叫', '叫做', '看到', '不', '力争', '争取',
  '目标', '标准', '大家', '居民', '社区', '小区', '村', '人',
])

/** Plain words for a clause's formal ones: as good as written where one of those stands in the same sentence. */
const PLAIN_WORDS: [RegExp, RegExp][] = [
  [/参加/g, /参与/],
  [/自己|自家/g, /自身|自我|自助/],
  [/改变|改作|改做|挪作/g, /转变/],
  [/设立|设置|成立|建立|建起|建好|建成|组建|建了?/g, /建|设|开展/],
  [/开展|举办|搞|组织|进行/g, /开展|组织|举办|实施/],
  [/实行|推行|落实/g, /建立|实施|实行|落实|推行|采取/],
  [/没有?/g, /未|不|无/],
  [/归/g, /为|属/],
  [/之间/g, /间/],
  [/人数/g, /率|人口/],
  [/老人|老年人/g, /老年|养老/],
  [/孩子|小孩|儿童|学生|放学后?|放学/g, /未成年|儿童|学生|青少年/],
  [/钱|经费|资金/g, /资金|经费|财政|投入|收益/],
  [/交|缴/g, /缴纳|纳税/],
  [/社保/g, /社会保险/],
  [/房子|房屋|用房/g, /用房|房屋|设施/],
  [/楼房|楼里|楼/g, /楼/],
  [/安排|拿出|列出|投入/g, /列支|投入|安排/],
  [/负责|管理|管/g, /负责|管理|牵头/],
  [/补助|补贴/g, /补贴|津贴/],
  [/修理|维修|修/g, /维修|修缮/],
  [/帮忙|帮助|帮/g, /帮|互助|协助|服务/],
  [/关心|关怀|照顾/g, /关怀|关注|照料|照顾/],
  [/卖掉|卖/g, /转卖/],
  [/派出所民警|片警/g, /民警/],
  [/发挥|利用|使用|用来|用于/g, /利用|发挥|用于/],
  [/取得|拿到|得到|领到/g, /取得|给予|确保/],
  [/申请|申报/g, /申报|申请/],
  [/招聘|招考|选聘|聘用|被聘/g, /招聘|招考|选聘|聘/],
  [/每一?百户/g, /每百户/],
  [/新建小区|小区/g, /居民区|小区/],
]

export function objectToForbidden(sentence: string): string | undefined {
  return NEVER.find(([pattern]) => pattern.test(sentence))?.[1]
}

/** What is wrong with the claims of one stretch of an answer: words that only the clause may use, turned negations, things it does not say. */
export function objectToClaims(segment: string, source: SourceText): string | undefined {
  for (const { word } of findWords(segment, onlyAsWrittenAt)) {
    if (!source.text.includes(word)) return `“${word}”不在所引的条款里`
  }
  for (const match of segment.matchAll(/[a-z][a-z0-9.+-]*/g)) {
    if (!source.text.includes(match[0])) return `“${match[0]}”不在所引的条款里，用中文照原文写`
  }
  return objectToNegation(segment, source) ?? objectToNewWords(segment, source)
}

const pieces = (text: string): string[] => text.split(/[,。;:!?]/).filter((piece) => stripMarks(piece).length >= 2)
const isNegated = (piece: string): boolean => piece.search(NEGATOR) >= 0

/** "不得转卖" must not become "可以转卖", nor the other way round. */
function objectToNegation(segment: string, source: SourceText): string | undefined {
  const plain = dropBounds(segment)
  const text = dropBounds(source.text)
  for (const key of negatedKeys(text)) {
    if (standsPlain(text, key)) continue
    if (standsPlain(plain, key)) return `原文对“${key}”是否定的说法，意思说反了`
  }
  for (const key of negatedKeys(plain)) {
    if (text.includes(key) && !standsNegated(text, key)) return `原文对“${key}”没有否定，意思说反了`
  }
  const sourcePieces = pieces(text).map((piece) => ({ isNegated: isNegated(piece), grams: bigrams(piece) }))
  for (const piece of pieces(plain)) {
    const grams = bigrams(piece)
    const shares = sourcePieces.map((candidate) => countShared(grams, candidate.grams) / Math.max(1, grams.size))
    const best = Math.max(0, ...shares)
    const isDenial = isNegated(piece)
    if (best < 0.4 && isDenial) return `“${piece}”这个否定的说法，原文没有`
    // A plain piece may repeat only the plain half of a clause's sentence; only a whole restatement tells.
    const matching = sourcePieces.filter((candidate, index) => best >= 0.4 && (shares[index] ?? 0) >= best && (isDenial || countShared(grams, candidate.grams) >= 0.6 * candidate.grams.size))
    if (matching.length > 0 && matching.every((candidate) => candidate.isNegated !== isDenial)) return `“${piece}”与原文肯定、否定相反`
  }
  return undefined
}

/** 不少于 and 不超过 are bounds, checked with the figures; 不断 and the like negate nothing. */
const dropBounds = (text: string): string => text.replaceAll(/不得?(?:少于|低于|小于|下于|超过|高于|多于|大于)|不(?=断|仅|但|同|足|良|论|管|一|过|久)|无(?=论)|没收/g, '')

/** What each negation denies: the first two and three characters after it. */
function negatedKeys(text: string): string[] {
  return Array.from(text.matchAll(NEGATOR)).flatMap((match) => {
    const tail = text.slice(match.index + match[0].length, match.index + match[0].length + 10).replace(MODAL, '')
    const denied = /^[\p{Script=Han}0-9]+/u.exec(tail)?.[0] ?? ''
    return [2, 3].filter((length) => denied.length >= length).map((length) => denied.slice(0, length))
  })
}

const occurrences = (text: string, key: string): number[] => Array.from({ length: text.split(key).length - 1 }).reduce<number[]>((found) => [...found, text.indexOf(key, (found.at(-1) ?? -1) + 1)], [])
const isNegatedAt = (text: string, index: number): boolean => isNegated((text.slice(Math.max(0, index - NEGATED_WITHIN - 3), index).split(/[,。;:!?]/).at(-1) ?? ''))
const standsPlain = (text: string, key: string): boolean => occurrences(text, key).some((index) => !isNegatedAt(text, index))
const standsNegated = (text: string, key: string): boolean => occurrences(text, key).some((index) => isNegatedAt(text, index))

/**
 * Each part of a sentence must be said in the words of one sentence of the clause (or the plain words for them): what is put together
 * from several sentences says something that none of them says. With a figure in it, all parts must come from the same sentence.
 */
function objectToNewWords(segment: string, source: SourceText): string | undefined {
  const figures = findFigures(segment)
  const masked = maskVerified(segment, figures)
  const sentences = source.text.split(/[。!?]/).filter((sentence) => sentence !== '').map(readSentence)
  const parts = pieces(masked)
  const newWords = parts.map((part) => sentences.map((sentence) => findNewWord(part, sentence)))
  for (const words of newWords) {
    if (words.every((word) => word !== undefined)) return `“${words.reduce<string>((shortest, word) => (shortest === '' || (word ?? '').length < shortest.length ? (word ?? '') : shortest), '')}”所引的那句话里没有，用原文的词，不要把几句话拼在一起`
  }
  const holdsAll = (sentence: SourceSentence) => figures.every((figure) => findFigures(sentence.text).some((other) => other.key === figure.key))
  if (figures.length > 0 && !sentences.some((sentence, index) => newWords.every((words) => words[index] === undefined) && holdsAll(sentence))) return '带数字的话不要和原文另一句话拼在一起，分成两句写，各写出处'
  return /[\p{Script=Han}]{2}/u.test(withoutFillers(masked)) || figures.length > 0 || holds(source, segment) ? undefined : '没有说出条款的内容'
}

const withoutFillers = (text: string): string => hideSpans(text, findWords(text, fillerAt).map(({ word, index }) => ({ start: index, end: index + word.length })), '')

/** Figures and quotations are checked on their own, character by character. */
function maskVerified(segment: string, figures: readonly Figure[]): string {
  const withoutFigures = figures.reduce((text, figure) => `${text.slice(0, figure.start)}${'□'.repeat(figure.end - figure.start)}${text.slice(figure.end)}`, segment)
  return withoutFigures.replaceAll(/"[^"]*"|《[^》]*》/g, (run) => '□'.repeat(run.length))
}

interface SourceSentence {
  text: string
  grams: ReadonlySet<string>
}

const readSentence = (text: string): SourceSentence => ({ text, grams: new Set([...bigrams(text), ...bigrams(text.replaceAll(/\([^()]*\)/g, ''))]) })

/** The first word of a piece that the sentence has not, nor a formal word for it. */
function findNewWord(piece: string, sentence: SourceSentence): string | undefined {
  const characters = piece.split('')
  const isKnown = new Set<number>()
  const know = (start: number, length: number) => {
    for (let index = start; index < start + length; index += 1) isKnown.add(index)
  }
  for (let index = 0; index + 1 < characters.length; index += 1) if (sentence.grams.has(piece.slice(index, index + 2))) know(index, 2)
  for (const [plain, formal] of PLAIN_WORDS) if (sentence.text.search(formal) >= 0) for (const match of piece.matchAll(plain)) know(match.index, match[0].length)
  for (const { word, index } of findWords(piece, fillerAt)) know(index, word.length)
  // One character between known words may be a word of the sentence itself ("每", "乡"); two that never follow each other there are a word of their own.
  const isNew = (run: string) => run.length > 1 || (run.length === 1 && !sentence.text.includes(run))
  let run = ''
  for (const [index, character] of characters.entries()) {
    if (!isKnown.has(index) && /[\p{Script=Han}a-z0-9]/u.test(character)) {
      run += character
      continue
    }
    if (isNew(run)) return run
    run = ''
  }
  return isNew(run) ? run : undefined
}
