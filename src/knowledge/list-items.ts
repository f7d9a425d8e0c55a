import { plain } from '../language/normalize.ts'

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

/**
 * The things of the enumeration that the question asks for, each in the quote's own words; [] where no enumeration is clearly meant,
 * or where it doesn't show its own ends.
 */
export function listItems(question: string, quote: string): string[] {
  const lists = [...quote.matchAll(ENUMERATION)].map((match) => readList(quote, match[0], match.index))
  const asked = pairs(plain(question))
  const rated = lists.map((list) => ({ ...list, shared: [...pairs(list.around)].filter((pair) => asked.has(pair)).length })).sort((left, right) => right.shared - left.shared)
  const [best, next] = rated
  return best === undefined || best.shared === next?.shared ? [] : best.items
}

function readList(quote: string, found: string, at: number): { items: string[]; around: string } {
  const parts = found.split('、')
  // 等 ends the list, whatever is listed behind it.
  const closing = parts.findIndex((part, place) => place > 0 && /.等(?!级|次|待)/.test(part))
  const all = closing === -1 ? parts : parts.slice(0, closing + 1)
  const between = all.slice(1, -1)
  const [whole = '', end = ''] = [all[0], all.at(-1)]
  const sizes = between.map((item) => item.length).sort((left, right) => left - right)
  const first = whole.length <= (sizes[sizes.length >> 1] ?? 0) ? whole : cutOpener(whole)
  const last = end.replace(CLOSERS, '')
  const longest = (sizes.at(-1) ?? 0) + LONGER
  const ends = [first, ...(last.length > longest ? last.split(/[和及]/) : [last])]
  const showsEnds = all.length > 2 && all.length <= MOST_ITEMS && ends.every((item) => item.length >= 2 && item.length <= longest && isBalanced(item))
  const before = quote.slice(Math.max(0, at - WORDS_AROUND), at) + whole.slice(0, whole.length - first.length)
  const after = quote.slice(at + all.join('、').length - end.length + last.length).slice(0, WORDS_AROUND)
  return { items: showsEnds ? [first, ...between, ...ends.slice(1)] : [], around: `${before},${after}` }
}

/** Cut only where something is left. */
function cutOpener(item: string): string {
  const rest = item.replace(OPENERS, '')
  return rest.length >= 2 ? rest : item
}

const isBalanced = (text: string): boolean => (text.match(/[(（]/g)?.length ?? 0) === (text.match(/[)）]/g)?.length ?? 0)

const pairs = (text: string): Set<string> => new Set([...text.matchAll(/[\u4e00-\u9fff]+/g)].flatMap(([run]) => Array.from(run.slice(1), (character, place) => run.charAt(place) + character)))
