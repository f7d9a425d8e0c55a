import { clauseName } from '../../domain/answers.ts'
import { addDays, isInSeason, nextOpening, openingOn, stateAt, weekdayOf, type Opening, type OpeningRules, type WorkingDays } from '../../domain/office/office-hours.ts'
import { WEEKDAYS, type HoursLine, type Office, type OfficePerson, type OfficePlace } from '../../domain/office/office.ts'

/*
 * The sentences in which the community's own facts are told to residents.
 */

/** What an answer ends with: who says it, and as of when. */
export const sourceLine = (changed: string, isExample: boolean): string => `——社区提供${isExample ? '（示例，社区还没有改成自己的）' : ''}，${dayInFull(changed)}更新`
export const CATALOGUE_LINE = '——社区提供（办事目录）'

const dayInFull = (day: string): string => {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

const NEAR_DAYS = ['今天', '明天', '后天']

/** `明天（12月2日 周三）`. */
export function dayLabel(day: string, today: string): string {
  const [, month, date] = day.split('-').map(Number)
  const near = NEAR_DAYS.find((_, ahead) => addDays(today, ahead) === day)
  const said = `${month}月${date}日 ${weekdayOf(day)}`
  return near === undefined ? said : `${near}（${said}）`
}

const spansText = (open: readonly string[]): string => open.join('、')

/** How a thing that opens is spoken of. */
export interface OpeningWords {
  /** 上班, or 开放. */
  opens: string
  closed: string
  over: string
}
export const OFFICE_OPENS: OpeningWords = { opens: '上班', closed: '不上班', over: '下班了' }
export const PLACE_OPENS: OpeningWords = { opens: '开放', closed: '不开放', over: '关门了' }

/** 今天（12月1日 周二）上班：8:30-11:30。 `minute` of today, Shanghai's; it is told how it stands now when `day` is today. */
export function describeDay(rules: OpeningRules, asked: { day: string; today: string; minute: number }, calendar: WorkingDays, words: OpeningWords): string {
  const { day, today, minute } = asked
  const opening = openingOn(rules, day, calendar)
  const why = opening.reason === '' ? '' : `（${opening.reason}）`
  const first = opening.open.length > 0 ? `${dayLabel(day, today)}${words.opens}${why}：${spansText(opening.open)}。` : `${dayLabel(day, today)}${words.closed}${why}。`
  return `${first}${day === today ? describeNow(rules, opening, minute, calendar, words) : opening.open.length > 0 ? '' : describeNext(rules, day, today, calendar, words)}`
}

function describeNow(rules: OpeningRules, opening: Opening, minute: number, calendar: WorkingDays, words: OpeningWords): string {
  const now = stateAt(opening, minute)
  switch (now.state) {
    case 'open':
      return `现在正${words.opens === '上班' ? '在上班' : '开着'}，到 ${now.until}。`
    case 'break':
      return `现在是午休，${now.opens} 再${words.opens}。`
    case 'before':
      return `现在还没开门，${now.opens} ${words.opens}。`
    case 'after':
      return `现在已经${words.over}。${describeNext(rules, opening.day, opening.day, calendar, words)}`
    case 'closed':
      return describeNext(rules, opening.day, opening.day, calendar, words)
    default:
      return now satisfies never
  }
}

function describeNext(rules: OpeningRules, day: string, today: string, calendar: WorkingDays, words: OpeningWords): string {
  const next = nextOpening(rules, addDays(day, 1), calendar)
  return next === null ? '' : `下一次${words.opens}是${dayLabel(next.day, today)} ${spansText(next.open)}。`
}

/** The lines that are in force on a day: a season's own where it has some, else those of the whole year. */
export function inForceOn(lines: readonly HoursLine[], day: string): HoursLine[] {
  const ofSeason = lines.filter(({ season }) => season !== undefined && isInSeason(season, day))
  const days = new Set(ofSeason.flatMap((line) => line.days))
  const ofYear = lines.filter(({ season }) => season === undefined).map((line) => ({ ...line, days: line.days.filter((day) => !days.has(day)) }))
  return [...ofSeason.map(({ season: _season, ...line }) => line), ...ofYear.filter((line) => line.days.length > 0)]
}

/** The whole week, by season where there are several: 周一至周五 8:30-11:30、13:30-17:00. '' when no hours are known. */
export function describeWeek(lines: readonly HoursLine[]): string {
  const seasons = [...new Map(lines.map(({ season }) => [JSON.stringify(season), season])).values()].sort((left, right) => Number(left !== undefined) - Number(right !== undefined))
  return seasons
    .map((season) => {
      const ofSeason = lines.filter((line) => JSON.stringify(line.season) === JSON.stringify(season))
      const told = ofSeason.filter(({ open }) => open.length > 0).map(({ days, open }) => `${daysText(days)} ${spansText(open)}`)
      return told.length === 0 ? '' : `${season === undefined ? (seasons.length > 1 ? '平时' : '') : `${monthDay(season.from)}到${monthDay(season.to)}：`}${told.join('，')}`
    })
    .filter((said) => said !== '')
    .join('；')
}

const monthDay = (said: string): string => {
  const [month, date] = said.split('-').map(Number)
  return `${month}月${date}日`
}

/** 周一至周五, 周六、周日. */
function daysText(days: readonly (typeof WEEKDAYS)[number][]): string {
  const places = [...new Set(days.map((day) => WEEKDAYS.indexOf(day)))].sort((left, right) => left - right)
  const runs: number[][] = []
  for (const place of places) {
    const run = runs.at(-1)
    if (run?.at(-1) === place - 1) run.push(place)
    else runs.push([place])
  }
  if (places.length === WEEKDAYS.length) return '每天'
  return runs.map((run) => (run.length > 2 ? `${WEEKDAYS[run[0] ?? 0]}至${WEEKDAYS[run.at(-1) ?? 0]}` : run.map((place) => WEEKDAYS[place]).join('、'))).join('、')
}

/** Telephone and hours in one line, for greetings; null when neither is known. */
export function contactLine(office: Pick<Office, 'telephone' | 'hours' | 'example'> | null, today: string): string | null {
  if (office === null) return null
  const week = describeWeek(inForceOn(office.hours, today))
  const said = [office.telephone === undefined ? '' : `社区电话 ${office.telephone}`, week === '' ? '' : `上班时间：${week}`].filter((one) => one !== '')
  return said.length === 0 ? null : `${said.join('，')}${office.example === true ? '（示例）' : ''}。`
}

export const officeText = {
  phone: (name: string, telephone: string) => `${name}的电话：${telephone}。`,
  callFor: (telephone: string) => `社区电话 ${telephone}。`,
  address: (name: string, address: string) => `${name}在${address}。`,
  week: (week: string) => `上班时间：${week}。`,
  placeWeek: (name: string, week: string) => `${name}的开放时间：${week}。`,
  onHolidays: (open: readonly string[]) => (open.length === 0 ? '法定节假日休息，调休的周末照常上班。' : `法定节假日 ${spansText(open)}。`),
  name: (name: string) => `这里是${name}。`,
  place: ({ name, address, telephone, note }: OfficePlace) => [address === undefined ? '' : `${name}在${address}。`, telephone === undefined ? '' : `电话 ${telephone}。`, note ?? ''].filter(Boolean).join(''),
  hasPlace: (name: string) => `有，${name}。`,
  person: ({ name, duty, telephone, buildings = [] }: OfficePerson) => `${name}：${duty}${buildings.length > 0 ? `，负责${buildings.join('、')}` : ''}${telephone === undefined ? '' : `，电话 ${telephone}`}。`,
  whichBuilding: '您住哪栋楼？说楼号我就能查，比如：3号楼归谁管。',
  service: '要办这件事，一次告诉您：',
  askFirst: (telephone: string) => `没写死的，先打社区电话 ${telephone} 问清楚，省得白跑。`,
  answered: (question: string, answer: string) => `您之前问的“${question}”，社区回答了：\n${answer}`,
  seeClause: (title: string, clause: string) => `参见${title}${clauseName(clause)}。`,
} as const
