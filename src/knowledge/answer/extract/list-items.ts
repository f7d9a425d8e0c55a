import { plain } from '../../../language/normalize.ts'

const MOST_ITEMS = 12
/** Three or more things between 、. */
const ENUMERATION = /[^、,，。;；:：“”"「」\s]+(?:、[^、,，。;；:：“”"「」\s]+){2,}/g
/** Words after which the first thing of a list begins. */
const OPENERS = /^.*(?:开展|建立|设立|成立|包括|提供|组织(?!和)|发展|依托|实现|落实|面向|深化|推进|利用|培育|通过|围绕|缴纳|整合|构建|建设|完善|加强|针对|压缩|办理|满足|举办|准备|携带|提交|配备|从事|按照|实行|发挥|引导|探索|采取|负责|服务于|对于)|^(?:对|将|把|由)/
/** Words that sum a list up: the last thing ends before them. */
const CLOSERS = /(?:等(?!级|次|待)|为一体|为主|的(?=[\u4e00-\u9fff]{2,}$)).*$/
/** The first and the last thing may be so much longer than the longest between them; beyond that they don't show where they begin or end. */
const LONGER = 5
const WORDS_AROUND = 12
/** What is asked for by name: 哪些媒体, 什么制度. */
const NAMED = /(?:哪些|哪几[个种项样类]?|什么)(?:样的)?([\u4e00-\u9fff]{2})/
/** Names that any list answers to. */
const ANY = /内容|方面|东西|事情|规定|要求/
/** "包括什么" wants the list itself; "群团组织做什么" names its things and wants something else. */
const OPEN = /(?:包括|都有|有|分|含|指的?|是)(?:哪些|哪几|什么|谁)/
/** Without a name so many pairs of characters beside the list must stand in the question. */
const LEAST_SHARED = 2

interface FoundList {
  items: string[]
  /** The words of the same part of the sentence on both sides. */
  before: string
  after: string
}

/**
 * The things of the enumeration that the question asks for, each in the quote's own words; [] where no enumeration is clearly meant,
 * or where it doesn't show its own ends.
 */
export function listItems(question: string, quote: string): string[] {
  const asked = plain(question)
  const lists = [...quote.matchAll(ENUMERATION)].map((match) => readList(quote, match[0], match.index))
  const name = NAMED.exec(asked)?.[1]
  const meant = name !== undefined && !ANY.test(name) ? lists.filter((list) => isNamed(list, name)) : OPEN.test(asked) ? mostShared(asked, lists) : []
  const [only] = meant
  return only === undefined || meant.length > 1 ? [] : only.items
}

/** "等新闻媒体" behind a list says what its things are, and so do things that mostly end alike: 养老保险、医疗保险. */
const isNamed = ({ items, after }: FoundList, name: string): boolean => after.includes(name) || items.filter((item) => item.endsWith(name)).length * 2 >= Math.max(2, items.length)

function mostShared(asked: string, lists: readonly FoundList[]): FoundList[] {
  const own = pairs(asked)
  const rated = lists.map((list) => ({ list, shared: [...pairs(`${list.before},${list.after}`)].filter((pair) => own.has(pair)).length }))
  const most = Math.max(LEAST_SHARED, ...rated.map(({ shared }) => shared))
  return rated.flatMap(({ list, shared }) => (shared === most ? [list] : []))
}

function readList(quote: string, found: string, at: number): FoundList {
  const parts = found.split('、')
  // 等 ends the list, whatever is listed behind it.
  const closing = parts.findIndex((part, place) => place > 0 && /.等(?!级|次|待)/.test(part))
  const all = closing === -1 ? parts : parts.slice(0, closing + 1)
  const between = all.slice(1, -1)
  const [whole = '', end = ''] = [all[0], all.at(-1)]
  const sizes = between.map((item) => item.length).sort((left, right) => left - right)
  const cut = whole.length <= (sizes[sizes.length >> 1] ?? 0) ? whole : cutOpener(whole)
  const first = /为(?:一体|主)/.test(end) ? cut.replace(/^以/, '') : cut
  const last = end.replace(CLOSERS, '')
  const longest = (sizes.at(-1) ?? 0) + LONGER
  const ends = [first, ...(last.length > longest ? last.split(/[和及]/) : [last])]
  const showsEnds = all.length > 2 && all.length <= MOST_ITEMS && ends.every((item) => item.length >= 2 && item.length <= longest && isBalanced(item))
  const before = /[^,，。;；:：]*$/.exec(quote.slice(Math.max(0, at - WORDS_AROUND), at))?.[0] ?? ''
  const after = /^[^,，。;；:：、]*/.exec(quote.slice(at + all.join('、').length - end.length + last.length))?.[0] ?? ''
  return { items: showsEnds ? [first, ...between, ...ends.slice(1)] : [], before: before + whole.slice(0, whole.length - cut.length), after }
}

/** Cut only where something is left. */
function cutOpener(item: string): string {
  const rest = item.replace(OPENERS, '')
  return rest.length >= 2 ? rest : item
}

const isBalanced = (text: string): boolean => (text.match(/[(（]/g)?.length ?? 0) === (text.match(/[)）]/g)?.length ?? 0)

const pairs = (text: string): Set<string> => new Set([...text.matchAll(/[\u4e00-\u9fff]+/g)].flatMap(([run]) => Array.from(run.slice(1), (character, place) => run.charAt(place) + character)))
