import type { Area } from '../../../domain/services.ts'
import { normalize } from '../../normalize.ts'
import { MARKS_AT_END, trimEndOf } from '../times/look-back.ts'
import { leadLength } from './place-names.ts'

interface AreaWord {
  word: string
  /** The community's own name, for which a text may use this word. */
  community: string
  isName: boolean
}

const areaIndexes = new WeakMap<readonly Area[], AreaWord[]>()

/** Every word for a community or a grid in it, longest first, a community's own name before streets; built once for each tree. */
function areaIndexOf(areas: readonly Area[]): AreaWord[] {
  const known = areaIndexes.get(areas)
  if (known !== undefined) return known
  const parents = new Map(areas.map((area) => [area.code, area.name]))
  const words = areas
    .filter((area) => area.level === 'community' || area.level === 'grid')
    .flatMap((area) => [area.name, ...area.words].map((word) => ({
      word: normalize(word),
      community: area.level === 'grid' ? (parents.get(area.parent ?? '') ?? area.name) : area.name,
      isName: word === area.name,
    })))
    .filter(({ word }) => word.length >= 2)
    .sort((one, other) => Number(other.isName) - Number(one.isName) || other.word.length - one.word.length)
  areaIndexes.set(areas, words)
  return words
}

const knownIn = (plain: string, areas: readonly Area[]): AreaWord | undefined => areaIndexOf(areas).find(({ word }) => plain.includes(word))

/** The community or village that a text names: as the area tree calls it where it is known there, else as said; undefined when none is named. */
export function findCommunity(text: string, areas: readonly Area[]): string | undefined {
  const plain = normalize(text)
  const known = knownIn(plain, areas)
  return known?.isName === true ? known.community : (communityAsSaid(plain) ?? (known === undefined ? undefined : asCalled(known)))
}

/** Who says 光明小区 named it; who says 光明街 named a street of 光明社区. */
const asCalled = ({ word, community }: AreaWord): string => (/(?:小区|家园|[村屯苑])$/.test(word) ? word : community)

/** No longer span is the name of a community that the area tree doesn't know. */
const LONGEST_SPAN = 40
const LEAD = /^(?:(?:我|俺|咱)们?家?|家)?(?:就|现在)?(?:住在|住|在|是)+(?=\S{2})/

/** A community as a span gives it: as the area tree calls it where its name or one of its streets stands in it, else as typed without what leads in. */
export function readCommunity(span: string, areas: readonly Area[]): string | undefined {
  const plain = normalize(span)
  const known = knownIn(plain, areas)
  if (known !== undefined) return asCalled(known)
  if (span.length > LONGEST_SPAN) return undefined
  const said = trimEndOf(span.slice(LEAD.exec(plain)?.[0].length ?? 0), MARKS_AT_END).trim()
  return /\p{L}/u.test(said) ? said : undefined
}

const GENERAL = new Set(['和谐', '本', '各', '我们', '咱们', '老', '新', '全', '整个', '这个', '哪个', '你们', '城乡', '农村', '城市', '示范', '精品', '达标', '智慧', '平安', '文明', '试点', '先进', '每个', '所有', '一个', '农', '乡', '山', '几个', '两个', '一二个', '三个', ''])
const isGeneral = (name: string): boolean => GENERAL.has(name.replace(/(?:社区|村)$/, ''))

const COMMUNITY_GOES_ON = /^(?:志愿|工作|服务|医院|卫生|活动|食堂|里|有|干部|的(?![,。;!?\s]|$|居民|住户))/
const VILLAGE_GOES_ON = /^(?:里|民|干|长|口|头|医|支|委会的|的|子|庄)/
const VILLAGE_ENDS = /^(?:$|[,。;!?\s东西南北]|[\d一二三四五六七八九十]{1,3}[组队号])/
const WIDER = /^.*(?:省|市|县|区(?!$)|镇|乡|街道)(?=[\u3400-\u9fff]{2,})/
const LONGEST_NAME = 10

/** A community that the area tree doesn't know, as it was said; one look at each place where a name may end. */
function communityAsSaid(plain: string): string | undefined {
  let floor = 0
  for (const { 0: ending, index } of plain.matchAll(/社区|村/g)) {
    const end = index + ending.length
    const after = plain.slice(end, end + 6)
    if (ending === '社区' ? COMMUNITY_GOES_ON.test(after) : VILLAGE_GOES_ON.test(after) || !VILLAGE_ENDS.test(after)) continue
    let from = index
    while (from > floor && index - from < LONGEST_NAME && /[\u3400-\u9fff]/.test(plain.charAt(from - 1))) from -= 1
    const name = plain.slice(from + leadLength(plain.slice(from, index)), end).replace(WIDER, '')
    floor = end
    if (name.length >= (ending === '村' ? 3 : 4) && name.length <= 8 && !isGeneral(name)) return name
  }
  return undefined
}
