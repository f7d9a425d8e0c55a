import type { Answer } from '../../domain/answers.ts'
import { CATALOGUE_DOCUMENT, OFFICE_DOCUMENT } from '../../domain/answers.ts'
import type { WorkingDays } from '../../domain/office/office-hours.ts'
import { changedOn, type Office, type OfficePerson, type OfficePlace } from '../../domain/office/office.ts'
import type { Service } from '../../domain/services.ts'
import { toLocalDay, toLocalIso } from '../../domain/time.ts'
import { sigmoid } from '../find/numbers/logistic.ts'
import { CATALOGUE_LINE, describeDay, describeWeek, inForceOn, OFFICE_OPENS, officeText, PLACE_OPENS, sourceLine } from './office-text.ts'
import type { Recognised } from './recognise.ts'

export interface AnswerSources {
  office: Office | null
  services: readonly Service[]
  /** 一次性告知 of a service. */
  tellService: (service: Service, office: Pick<Office, 'address' | 'telephone'> | null) => string
  calendar: WorkingDays
  now: Date
}

/** One fact as it is told: the sentences, under which name it stands in the file, and when it was changed last. */
interface Told {
  text: string
  clause: string
  quote: string
  changed: string
}

/** What the office or the catalogue answers; null when they do not know what is asked. */
export function writeAnswer(question: string, asked: Recognised, sources: AnswerSources): Answer | null {
  const score = Math.round(sigmoid(asked.odds) * 10_000) / 10_000
  if (asked.topic.startsWith('service_')) return writeServices(question, asked, sources, score)
  const { office } = sources
  const told = office === null ? null : tell(asked, office, sources)
  if (office === null || told === null) return null
  return toAnswer(question, { text: `${told.text}\n${sourceLine(told.changed, office.example === true)}`, document: OFFICE_DOCUMENT, clause: told.clause, quote: told.quote, score })
}

export function toAnswer(question: string, { text, document, clause, quote, score }: { text: string; document: string; clause: string; quote: string; score: number }): Answer {
  return { kind: 'answer', text, citations: [{ document, clause, quote }], ranked: [{ document, clause, score }], details: '', isGenerated: false, question }
}

function tell(asked: Recognised, office: Office, sources: AnswerSources): Told | null {
  switch (asked.topic) {
    case 'office_phone':
      return office.telephone === undefined ? null : { text: lines(officeText.phone(office.name, office.telephone), weekLine(office, toLocalDay(sources.now))), clause: 'telephone', quote: office.telephone, changed: changedOn(office, 'telephone') }
    case 'office_address':
      return office.address === undefined ? null : { text: lines(officeText.address(office.name, office.address), callLine(office)), clause: 'address', quote: office.address, changed: changedOn(office, 'address') }
    case 'office_name':
      return { text: lines(officeText.name(office.name), office.address === undefined ? '' : officeText.address(office.name, office.address), callLine(office)), clause: 'name', quote: office.name, changed: changedOn(office, 'name') }
    case 'office_hours':
    case 'office_open':
      return tellHours(asked, office, sources)
    case 'place_hours':
    case 'place_open':
    case 'place_address':
    case 'place_phone':
    case 'place_about':
      return tellPlaces(asked, office, sources)
    case 'building_who':
    case 'duty_who':
    case 'duty_phone':
    case 'matter_who':
    case 'matter_phone':
      return tellPeople(asked, office)
    case 'service_materials':
    case 'service_place':
    case 'service_time':
    case 'service_fee':
    case 'service_steps':
      return null
    default:
      return asked.topic satisfies never
  }
}

const lines = (...said: string[]): string => said.filter((line) => line !== '').join('\n')
const callLine = ({ telephone }: Pick<Office, 'telephone'>): string => (telephone === undefined ? '' : officeText.callFor(telephone))
/** `day`: only what is in force then; absent = the whole year. */
function weekLine({ hours }: Office, day?: string): string {
  const week = describeWeek(day === undefined ? hours : inForceOn(hours, day))
  return week === '' ? '' : officeText.week(week)
}

function momentOf({ day }: Pick<Recognised, 'day'>, now: Date): { day: string; today: string; minute: number } {
  const today = toLocalDay(now)
  const clock = toLocalIso(now).slice(11, 16).split(':').map(Number)
  return { day: day ?? today, today, minute: (clock[0] ?? 0) * 60 + (clock[1] ?? 0) }
}

/** Asked in general, the week comes first, and how it is today; asked for a day, that day comes first. */
function tellHours(asked: Recognised, office: Office, { calendar, now }: AnswerSources): Told | null {
  if (office.hours.length === 0) return null
  const moment = momentOf(asked, now)
  const day = describeDay(office, moment, calendar, OFFICE_OPENS)
  const week = lines(weekLine(office), officeText.onHolidays(office.holidays.open))
  const isOfDay = asked.topic === 'office_open' || asked.day !== null || asked.isNow
  return { text: isOfDay ? lines(day, weekLine(office, moment.day), callLine(office)) : lines(week, day), clause: 'hours', quote: describeWeek(office.hours), changed: changedOn(office, 'hours') }
}

function tellPlaces(asked: Recognised, office: Office, sources: AnswerSources): Told | null {
  const told = asked.which.flatMap((index) => {
    const place = office.places[index]
    const text = place === undefined ? '' : tellPlace(asked, place, office, sources)
    return place === undefined || text === '' ? [] : [{ place, text }]
  })
  const [first] = told
  if (first === undefined) return null
  return { text: told.map(({ text }) => text).join('\n'), clause: first.place.name, quote: first.place.name, changed: latest(told.map(({ place }) => place.changed ?? office.changed)) }
}

/** '' when the file does not say what is asked. */
function tellPlace({ topic, day, isNow }: Recognised, place: OfficePlace, office: Office, { calendar, now }: AnswerSources): string {
  const { hours = [] } = place
  const rules = { hours, holidays: office.holidays, closed: office.closed }
  const week = describeWeek(hours) === '' ? '' : officeText.placeWeek(place.name, describeWeek(hours))
  const onDay = hours.length === 0 ? '' : describeDay(rules, momentOf({ day }, now), calendar, PLACE_OPENS)
  switch (topic) {
    case 'place_open':
      return onDay === '' ? '' : lines(`${place.name}${onDay}`, week)
    case 'place_hours':
      if (week === '') return ''
      return day !== null || isNow ? lines(`${place.name}${onDay}`, week) : lines(week, onDay)
    case 'place_address':
      return place.address === undefined ? '' : lines(officeText.place(place), week)
    case 'place_phone':
      return place.telephone === undefined ? (office.telephone === undefined ? '' : lines(officeText.place(place), callLine(office))) : lines(officeText.place(place), week)
    default:
      return lines(`${officeText.hasPlace(place.name)}${officeText.place(place)}`, week)
  }
}

const MOST_PEOPLE = 8

function tellPeople(asked: Recognised, office: Office): Told | null {
  const people = peopleOf(asked, office)
  const [first] = people
  if (first === undefined) return null
  const isCallable = people.some(({ telephone }) => telephone !== undefined)
  const text = lines(
    ...people.slice(0, MOST_PEOPLE).map(officeText.person),
    people.length > MOST_PEOPLE || (people.length > 1 && people.every(({ buildings = [] }) => buildings.length > 0)) ? officeText.whichBuilding : '',
    isCallable ? '' : callLine(office),
  )
  return { text, clause: first.name, quote: first.name, changed: latest(people.map(({ changed }) => changed ?? office.changed)) }
}

/** 3号楼的网格员: of those with the duty the ones whose building it is. */
function peopleOf({ which, mentions }: Recognised, office: Office): OfficePerson[] {
  const ofBuilding = mentions.filter(({ subject }) => subject === 'building').flatMap((mention) => mention.which)
  const both = which.filter((index) => ofBuilding.length === 0 || ofBuilding.includes(index))
  return (both.length > 0 ? both : ofBuilding).flatMap((index) => office.people[index] ?? [])
}

const latest = (days: readonly string[]): string => days.reduce((last, day) => (day > last ? day : last), '')

const MOST_SERVICES = 2

function writeServices(question: string, asked: Recognised, { services, office, tellService }: AnswerSources, score: number): Answer | null {
  const found = asked.which.slice(0, MOST_SERVICES).flatMap((index) => services[index] ?? [])
  const [first] = found
  if (first === undefined) return null
  const isOpen = found.some(({ materials, fee, place }) => [...materials, fee, place].some((said) => said.includes('以社区公布为准')))
  const text = lines(
    officeText.service,
    found.map((service) => tellService(service, office)).join('\n\n'),
    isOpen && office?.telephone !== undefined ? officeText.askFirst(office.telephone) : '',
    office?.example === true ? `${CATALOGUE_LINE}（示例，社区还没有改成自己的）` : CATALOGUE_LINE,
  )
  return toAnswer(question, { text, document: CATALOGUE_DOCUMENT, clause: first.code, quote: first.name, score })
}
