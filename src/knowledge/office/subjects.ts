import type { Office } from '../../domain/office/office.ts'
import type { Service } from '../../domain/services.ts'
import { plain } from '../../language/normalize.ts'
import { dayOf, formatDay } from '../../language/values/times/calendar.ts'
import { readDates } from '../../language/values/times/dates.ts'
import { STAND_INS, type SubjectClass } from './wordings.ts'

/** What a question names: the office, or one of its places, people, buildings, or services of the catalogue, by position. */
export interface Mention {
  subject: SubjectClass
  /** Positions in office.places, office.people or the catalogue; for a building those who look after it. Several where the words fit several. */
  which: readonly number[]
  /** As it was said, in the plain form. */
  said: string
}

/** A question with stand-ins for what it names. */
export interface NamedQuestion {
  /** In the plain form, with stand-ins. */
  text: string
  mentions: readonly Mention[]
  /** The day that it names, 2026-12-01; null = none. */
  day: string | null
  /** Whether it asks how it is at this moment (现在, 开着没, 下班了吗). */
  isNow: boolean
}

/** What the community is called by those who ask it. */
const OFFICE_WORDS = [
  '社区', '居委会', '社区居委会', '村委会', '村部', '社区服务站', '服务站', '社区服务中心', '社区便民服务站', '便民服务站', '便民服务大厅', '办事大厅', '服务大厅', '便民大厅', '社区大厅', '社区办事大厅', '社区服务大厅', '社区办公室', '办公室', '党群服务中心', '便民服务中心', '便民大厅',
  '你们', '你们社区', '你们那', '你们那里', '你们那儿', '你们这', '你们这里', '你们这儿', '你们单位', '咱社区', '咱们社区', '我们社区', '这个社区', '咱居委会', '居委', '社区居委', '社区委员会', '你家社区', '你们居委会',
  '你们办公室', '您那', '您那儿', '您那里', '您这', '您这儿', '您这里', '咱这社区', '咱们居委会', '这社区',
] as const
/** Words that hold one of these and mean something else. */
const NOT_THE_OFFICE = [
  '社区办主任', '社区办的', '社区办在', '地区社区办', '社区办电话', '社区工作者', '社区工作人员', '社区干部', '社区卫生服务站', '社区卫生服务中心', '社区卫生室', '社区医院', '社区警务室', '社区民警', '社区网站', '社区服务网站',
  '社区建设', '社区管理', '社区志愿者', '社区养老', '社区矫正', '社区活动', '社区经费', '和谐社区', '领导小组办公室',
  '街道办公室', '志愿者服务站', '维修服务站', '专职社工服务站', '党员服务中心', '行政服务中心', '政务服务中心', '政务大厅', '社区居民', '社区书记信箱', '物业办公室', '售后服务中心', '维修服务中心', '家政服务中心', '公共服务中心', '办事处',
] as const
/** Stands for these: no question to the office has it. */
const ELSEWHERE = '别处'
/** Duties that residents speak of whatever the office calls them. */
const GRID_WORKER = /网格/
const GRID_WORDS = ['网格员', '网格长', '格长', '网格管理员', '我们楼网格员', '包片干部', '包楼干部', '片儿长', '片长', '楼栋网格员']
const BUILDING = /(?:[\u4e00-\u9fff]{2,4}(?:小区|家园|花园|苑|里))?(?:[A-Za-z]|\d{1,3}|[一二三四五六七八九十]{1,3})(?:号楼|号院|栋|幢|号)(?![^楼院]?(?:上班|开|有人))/g

/** What one word may name, by sort: 低保 is a matter that somebody looks after, and a service of the catalogue. */
type Word = readonly [said: string, meanings: ReadonlyMap<SubjectClass, readonly number[]>]

/** In which order the meanings of a word are tried; the readings of a question are those that differ. */
const PREFERENCES: readonly (readonly SubjectClass[])[] = [
  ['place', 'duty', 'matter', 'service', 'office'],
  ['place', 'duty', 'service', 'matter', 'office'],
]

/** The words by which a community's questions name things; longer ones first. */
export class Subjects {
  readonly #words: readonly Word[]
  readonly #office: Office | null

  constructor(office: Office | null, services: readonly Service[]) {
    this.#office = office
    const words = new Map<string, Map<SubjectClass, number[]>>()
    const add = (said: string, subject: SubjectClass, which: number) => {
      const key = plain(said)
      if (key === '') return
      const meanings = words.get(key) ?? new Map<SubjectClass, number[]>()
      const named = meanings.get(subject) ?? []
      if (!named.includes(which)) named.push(which)
      words.set(key, meanings.set(subject, named))
    }
    for (const said of OFFICE_WORDS) add(said, 'office', 0)
    for (const said of NOT_THE_OFFICE) words.set(said, new Map())
    if (office !== null) {
      for (const [index, { name, words: others = [] }] of office.places.entries()) for (const said of [name, ...others]) add(said, 'place', index)
      for (const [index, { name, duty }] of office.people.entries()) {
        add(name, 'duty', index)
        for (const said of dutyWords(duty)) add(said, isOffice(said) ? 'duty' : 'matter', index)
      }
      for (const said of [office.name, `${office.name}居委会`]) add(said, 'office', 0)
    }
    for (const [index, service] of services.entries()) if (isDoneWithPapers(service)) for (const said of [service.name, ...service.words, ...service.words.flatMap(withoutVerb)]) add(said, 'service', index)
    this.#words = [...words].sort(([left], [right]) => right.length - left.length)
  }

  /** The question with stand-ins for all that it names, in each way in which it may be meant. `today` is a day, 2026-12-01. */
  read(question: string, today: string): NamedQuestion[] {
    const asked = plain(question).replaceAll(/[?。!~…]+/g, ',').replaceAll(/(?:礼拜|周)几/g, '星期几')
    const dated = readDay(asked, today)
    const readings = PREFERENCES.map((order) => ({ ...this.#replace(dated.text, order), day: dated.day, isNow: NOW.test(asked) }))
    return readings.filter(({ text }, place) => readings.findIndex((other) => other.text === text) === place)
  }

  #replace(text: string, order: readonly SubjectClass[]): Pick<NamedQuestion, 'text' | 'mentions'> {
    const mentions: Mention[] = []
    const kept: string[] = []
    const put = (mention: Mention) => {
      // 你们社区: said twice, meant once.
      if (!(mentions.at(-1)?.subject === mention.subject && kept.at(-1) === STAND_INS[mention.subject])) kept.push(STAND_INS[mention.subject])
      mentions.push(mention)
    }
    for (let at = 0; at < text.length; ) {
      const found = this.#buildingAt(text, at) ?? this.#wordAt(text, at, order)
      if (found !== null && found.subject !== null) put(found)
      else kept.push(found === null ? text.charAt(at) : ELSEWHERE)
      at += found?.said.length ?? 1
    }
    return { text: kept.join(''), mentions }
  }

  /** A word that only seems to name something stays as it is. */
  #wordAt(text: string, at: number, order: readonly SubjectClass[]): Mention | { said: string; subject: null } | null {
    const [said, meanings] = this.#words.find(([word]) => text.startsWith(word, at)) ?? []
    if (said === undefined) return null
    const subject = order.find((one) => meanings?.has(one))
    return subject === undefined ? { said, subject: null } : { subject, which: meanings?.get(subject) ?? [], said }
  }

  #buildingAt(text: string, at: number): Mention | null {
    if (this.#office === null) return null
    BUILDING.lastIndex = at
    const match = BUILDING.exec(text)
    if (match?.index !== at) return null
    const said = match[0]
    return { subject: 'building', said, which: findBuilding(this.#office, said) }
  }
}

const OTHER = '其他'
/** 开证明: 证明 alone is named too. */
const withoutVerb = (said: string): string[] => (/^[开办出](?!个).{2,}/.test(said) ? [said.slice(1)] : [])
/** What one goes and has done, with papers: what is mended or carried is reported, and asked of no counter. */
export const isDoneWithPapers = ({ name, kind, materials }: Service): boolean => kind === 'service' && name !== OTHER && !materials.some((one) => one.startsWith('不用带'))
const NOW = /现在|这会|这时候|开着|下班了|关门了|开门了|还有人|来得及/

/** 低保和残疾人服务: asked for by either. */
const dutyWords = (duty: string): string[] => (GRID_WORKER.test(duty) ? GRID_WORDS : [duty, ...duty.split(/[、,，和及与/\s]+/), ...duty.split(/[、,，和及与/\s]+/).map((part) => part.replace(/^社区|服务$|工作$|事务$/g, ''))].filter((part) => part.length >= 2))
/** 书记, 主任, 网格员: an office that somebody has; the rest are matters that somebody looks after. */
const isOffice = (said: string): boolean => /[员长任警师]$|书记|干部/.test(said)

const DIGITS: Readonly<Record<string, number>> = { 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 }
function toNumber(said: string): string {
  if (!/^[一二三四五六七八九十]+$/.test(said)) return said.toUpperCase()
  const [tens = '', ones = ''] = said.includes('十') ? said.split('十') : ['0', said]
  return String((said.includes('十') ? (DIGITS[tens] ?? 1) * 10 : 0) + (DIGITS[ones] ?? 0))
}
const PARTS = /^(.*?)([A-Za-z]|\d{1,3}|[一二三四五六七八九十]{1,3})(?:号楼|号院|栋|幢|号)$/

/** People whose buildings these words name: 三号楼 is 3号楼; one without its estate fits every estate. */
function findBuilding(office: Office, said: string): number[] {
  const [, estate = '', number = ''] = PARTS.exec(said) ?? []
  return [...office.people.entries()].flatMap(([index, { buildings = [] }]) => {
    const fits = buildings.some((building) => {
      const [, ownEstate = '', ownNumber = ''] = PARTS.exec(plain(building)) ?? []
      return ownNumber !== '' && toNumber(ownNumber) === toNumber(number) && (estate === '' || ownEstate === '' || estate.endsWith(ownEstate) || ownEstate.endsWith(estate))
    })
    return fits ? [index] : []
  })
}

/** Where only the new year can be meant, and festivals whose names are numbers. */
const FESTIVALS: readonly [RegExp, string][] = [
  [/(?<![年月大最当起])初(?=[一二三四五六七八])/g, '大年初'],
  [/(?<!\d|[一二三四五六七八九十月])(?:十一|十·一)(?=$|[,放假期间的那上休有开社你我黄长能])/g, '国庆节'],
  [/(?<![一二三四五六七八九十月])五一(?=$|[,放假期间的那上休有开社你我长能])/g, '劳动节'],
  [/过年(?:这几天|期间|那几天|的时候|时)?|过大年/g, '春节'],
]

/** Which day is spoken of, and the text with the stand-in for it. */
function readDay(asked: string, today: string): { text: string; day: string | null } {
  const [year = 0, month = 1, date = 1] = today.split('-').map(Number)
  const said = FESTIVALS.reduce((text, [pattern, name]) => text.replace(pattern, name), asked)
  const dates = readDates(said, dayOf(year, month, date), 'future').filter(({ start, end }) => !/^(?:现在|这会儿?|眼下|刚才|刚刚)$/.test(said.slice(start, end)))
  const [first] = dates
  if (first === undefined) return { text: said, day: null }
  let text = ''
  let from = 0
  for (const { start, end } of dates) {
    text += said.slice(from, start) + STAND_INS.day
    from = end
  }
  return { text: text + said.slice(from), day: formatDay(first.day) }
}
