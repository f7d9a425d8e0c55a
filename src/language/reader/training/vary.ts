import type { Span, SpanExample, SpanKind, Talk } from '../../../domain/messages/talk.ts'
import { COMPOUND_SURNAMES, SURNAMES } from '../../values/surnames.ts'
import { createRandom } from '../classifiers/hash.ts'

/*
 * Nobody can write down every name. For each message with marks there is one like it in which other people live elsewhere and the marks between
 * particulars are others or none, so that a name is learnt by where it stands, and an address by how it is built. Only for learning the marks.
 */

/** The seed of what is drawn. */
export const VARIED_BY = 23

type Marked = Pick<SpanExample, 'text' | 'spans'>

const PERSONS: ReadonlySet<SpanKind> = new Set<SpanKind>(['name', 'other_name', 'guardian_name'])
const PARTICULARS: ReadonlySet<SpanKind> = new Set<SpanKind>(['name', 'phone', 'address', 'community', 'age'])
const HAN = /^[\u3400-\u9fff]+$/
const NUMBERED = /^[\da-z一二三四五六七八九十]/i
/** How the names of estates, villages and roads end, as often as they stand here. */
const ESTATE_ENDS = '小区 小区 小区 家园 家园 花园 花园 苑 苑 园 园 里 里 新村 公寓 家属院 家属楼 宿舍 屯 村 湾 城 庄 坊 公馆 府 雅居 大院 佳苑 华庭 山庄 国际 北区 职工楼'.split(' ')
const ROAD_ENDS = '路 路 路 街 街 大街 巷 胡同 北路 南街 东路 西街 三路 二道街 里弄 大道'.split(' ')
const SHOPS = '粮油 五金 面馆 理发店 小卖部 超市 药店 包子铺 诊所 水果店 修车铺 饭店 旅店 烧烤 文具店 裁缝铺'.split(' ')
const BETWEEN = /^[,，。、；; ]$/
const MARKS = ['，', '，', '。', ' ', ' ', '、', '', '', '']
const TITLES = '大爷 大妈 大娘 婶 师傅 阿姨 奶奶 哥 姐 嫂子 叔 老师 先生 女士 大夫'.split(' ')
const FAMILIAR = '老 小 阿 大'.split(' ')

/** What new names are made of: what those of the examples are. */
interface Stock {
  pick: (from: readonly string[]) => string
  chance: () => number
  givenOne: string[]
  givenTwo: string[]
  long: string[]
  heads: string[]
  numbered: string[]
  placed: string[]
  phones: string[]
  troubles: string[]
}

function stockOf(examples: readonly Marked[], seed: number): Stock {
  const chance = createRandom(seed)
  const said = (kinds: readonly SpanKind[]): string[] => examples.flatMap(({ text, spans }) => spans.filter(({ kind }) => kinds.includes(kind)).map(({ start, end }) => text.slice(start, end)))
  const names = said(['name', 'other_name', 'guardian_name'])
  const whole = names.filter((name) => name.length === 3 && HAN.test(name) && SURNAMES.includes(name.charAt(0)) && !TITLES.includes(name.slice(1)))
  const addresses = said(['address'])
  return {
    chance,
    pick: (from) => from[Math.floor(chance() * from.length)]!,
    givenOne: whole.map((name) => name.charAt(1)),
    givenTwo: whole.map((name) => name.charAt(2)),
    long: names.filter((name) => name.length >= 4 && HAN.test(name)),
    heads: said(['community']).filter((name) => name.length >= 3 && HAN.test(name)).map((name) => name.slice(0, 2)),
    numbered: addresses.filter((address) => NUMBERED.test(address)),
    placed: addresses.filter((address) => !NUMBERED.test(address)),
    phones: said(['phone']),
    troubles: said(['problem']).filter(({ length }) => length >= 4),
  }
}

/** Surnames that many bear more often than those that few do: the table begins with the former. */
const surname = ({ chance, pick }: Stock): string => (chance() < 0.06 ? pick(COMPOUND_SURNAMES) : SURNAMES.charAt(Math.floor(chance() ** 1.3 * SURNAMES.length)))

function newName(stock: Stock): string {
  const { chance, pick } = stock
  const draw = chance()
  if (draw < 0.66) return surname(stock) + pick(stock.givenOne) + pick(stock.givenTwo)
  if (draw < 0.8) return surname(stock) + pick(stock.givenTwo)
  if (draw < 0.88) return pick(FAMILIAR) + (chance() < 0.7 ? surname(stock).charAt(0) : pick(stock.givenTwo))
  if (draw < 0.96 || stock.long.length === 0) return surname(stock) + pick(TITLES)
  return pick(stock.long)
}

const stem = ({ chance, pick, heads }: Stock): string => {
  const [one, other] = [pick(heads), pick(heads)]
  const mixed = one.charAt(0) + other.charAt(1)
  return chance() < 0.3 ? mixed + pick(heads).charAt(0) : mixed
}

/** Where the name in an address ends and its numbers begin. */
const firstNumber = (address: string): number => address.search(/[\da-z]|[一二三四五六七八九十]+(?:号|栋|幢|楼|单元|组|委|排|期)/i)

function newAddress(old: string, stock: Stock): string {
  const { chance, pick, numbered, placed } = stock
  if (NUMBERED.test(old)) return pick(numbered)
  const at = firstNumber(old)
  if (at < 2) return chance() < 0.5 ? old : pick(placed)
  const road = stem(stock) + pick(chance() < 0.6 ? ROAD_ENDS : ESTATE_ENDS)
  const number = chance() < 0.5 ? old.slice(at) : pick(numbered)
  return road + number + (chance() < 0.06 ? stem(stock) + pick(SHOPS) : '')
}

const newCommunity = (stock: Stock): string => stem(stock) + stock.pick(ESTATE_ENDS)

/** What is marked is said once only: 满福, 姓满就是满意的满, tells of just that name. */
const isSaidOnce = (text: string, { start, end }: Span): boolean => Array.from(text.slice(start, end)).every((character) => text.indexOf(character) >= start && text.lastIndexOf(character) < end)

function replacement(text: string, span: Span, stock: Stock): string {
  const said = text.slice(span.start, span.end)
  if (PERSONS.has(span.kind)) return HAN.test(said) && said.length > 1 && isSaidOnce(text, span) ? newName(stock) : said
  if (span.kind === 'community') return HAN.test(said) && stock.heads.length > 0 ? newCommunity(stock) : said
  return span.kind === 'address' && stock.heads.length > 0 && stock.numbered.length > 0 && stock.placed.length > 0 ? newAddress(said, stock) : said
}

/** What stands between two particulars: a mark, sometimes another one or none. A number never runs into another. */
function newBetween(marks: readonly string[], before: string, after: string, stock: Stock): string {
  const mark = stock.pick(marks)
  return mark === '' && /[\da-z]$/i.test(before) && /^[\da-z]/i.test(after) ? ' ' : mark
}

function vary({ text, spans }: Marked, stock: Stock): Marked {
  const inOrder = [...spans].sort((one, other) => one.start - other.start)
  const varied: Span[] = []
  let said = ''
  let at = 0
  for (const [index, span] of inOrder.entries()) {
    const words = replacement(text, span, stock)
    const between = text.slice(at, span.start)
    const isBetween = index > 0 && PARTICULARS.has(span.kind) && PARTICULARS.has(inOrder[index - 1]!.kind)
    said += isBetween && BETWEEN.test(between) ? newBetween(MARKS, said, words, stock) : between
    varied.push({ ...span, start: said.length, end: said.length + words.length })
    said += words
    at = span.end
  }
  return { text: said + text.slice(at), spans: varied }
}

/** A piece of a message that is put together: what leads in, and what is marked. */
interface Piece {
  lead: string
  marked: { words: string; kind: SpanKind }[]
}

const NAME_LEADS = ['', '', '', '', '', '我叫', '我是', '联系人：', '找', '姓名：', '我是退休职工', '老师', '租户', '业主', '志愿者']
const PHONE_LEADS = ['', '', '', '', '电话', '手机', '联系电话', '电话是']
const PLACE_LEADS = ['', '', '', '', '在', '住', '地址', '我家在']
/** Trouble, place, name, telephone, as people tell them. */
const ORDERS = ['tpnf', 'tpnf', 'tpnf', 'ptnf', 'nfpt', 'npt', 'tpn', 'pnft', 'tnfp', 'npft', 'pn', 'ntp']
const BETWEEN_PIECES = ['，', '，', '，', '。', ' ', ' ', '', '']
/** Nobody runs a name into what is the matter. */
const BESIDE_TROUBLE = ['，', '，', '。', ' ']

function newPlace(stock: Stock): Piece['marked'] {
  const { chance, pick } = stock
  if (chance() < 0.4) return [{ words: stem(stock) + pick(ROAD_ENDS) + pick(stock.numbered) + (chance() < 0.08 ? stem(stock) + pick(SHOPS) : ''), kind: 'address' }]
  if (chance() < 0.2) return [{ words: pick(stock.placed), kind: 'address' }]
  return [{ words: newCommunity(stock), kind: 'community' }, ...(chance() < 0.85 ? [{ words: pick(stock.numbered), kind: 'address' as const }] : [])]
}

function newPiece(sort: string, stock: Stock): Piece {
  const { pick } = stock
  if (sort === 't') return { lead: '', marked: [{ words: pick(stock.troubles), kind: 'problem' }] }
  if (sort === 'p') return { lead: pick(PLACE_LEADS), marked: newPlace(stock) }
  if (sort === 'n') return { lead: pick(NAME_LEADS), marked: [{ words: newName(stock), kind: 'name' }] }
  return { lead: pick(PHONE_LEADS), marked: [{ words: pick(stock.phones), kind: 'phone' }] }
}

/** A report put together of a trouble, a place, a name and a number, in some order and with some marks between. */
function compose(stock: Stock): SpanExample {
  const spans: Span[] = []
  let text = ''
  let before = ''
  for (const sort of stock.pick(ORDERS)) {
    const { lead, marked } = newPiece(sort, stock)
    if (text !== '') text += newBetween([before, sort].sort().join('') === 'nt' ? BESIDE_TROUBLE : BETWEEN_PIECES, text, lead + marked[0]!.words, stock)
    before = sort
    text += lead
    for (const { words, kind } of marked) {
      spans.push({ start: text.length, end: text.length + words.length, kind })
      text += words
    }
  }
  return { text, spans, form: 'service_request', intent: 'service_request', register: 'plain' }
}

const hasParticulars = ({ spans }: Marked): boolean => spans.some(({ kind }) => PERSONS.has(kind) || kind === 'community' || kind === 'address')
/** For so many messages with marks one is put together. */
const COMPOSED_SHARE = 0.12

/** For each of the examples that names somebody or some place one that names others, and some put together. Deterministic by seed. */
export function variedOf(talk: Pick<Talk, 'spans' | 'moves'>, seed: number): Pick<Talk, 'spans' | 'moves'> {
  const stock = stockOf([...talk.spans, ...talk.moves], seed)
  const varied = <T extends Marked>(examples: readonly T[]): T[] => examples.filter(hasParticulars).map((example) => ({ ...example, ...vary(example, stock) }))
  const isRich = [stock.givenOne, stock.heads, stock.numbered, stock.placed, stock.phones, stock.troubles].every(({ length }) => length > 0)
  const composed = isRich ? Array.from({ length: Math.round(talk.spans.length * COMPOSED_SHARE) }, () => compose(stock)) : []
  return { spans: [...varied(talk.spans), ...composed], moves: varied(talk.moves) }
}
