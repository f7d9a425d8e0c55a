import type { CallerRequest, CallerRequestResult } from '../../desk/requests/file-for-caller.ts'
import { readRequestPhone } from '../../desk/requests/values.ts'
import { OPEN311_CHANNEL } from '../../domain/requests/requests.ts'
import type { Area, Service } from '../../domain/services.ts'
import { WANTED_TIME } from './catalogue.ts'

/** The specification's own bound, in characters. */
const LONGEST_TYPED = 4_000
const LONGEST_CONTACT = 200
const LONGEST_URL = 500

export type Typed = Partial<Record<string, string>>

export type ReadFiling = { outcome: 'read'; request: CallerRequest; service: Service } | { outcome: 'wrong'; status: 400 | 404; problems: string[] }

const wrong = (status: 400 | 404, ...problems: string[]): ReadFiling => ({ outcome: 'wrong', status, problems })

/**
 * What another program files for somebody. What this desk has no field for but can be used by staff (a link to a photo, an e-mail address, a
 * telephone that is none here, coordinates) stands below description and address; what only tells of a device or an account is not kept.
 */
export function readFiling(typed: Typed, { catalogue, areas }: { catalogue: readonly Service[]; areas: readonly Area[] }): ReadFiling {
  const of = (name: string): string => (typed[name] ?? '').trim()
  const problems: string[] = []
  const code = of('service_code')
  if (code === '') problems.push('service_code was not provided.')
  const place = readPlace(of, areas)
  if ('problem' in place) problems.push(place.problem)
  const described = of('description')
  if (Array.from(described).length > LONGEST_TYPED) problems.push(`description: at most ${LONGEST_TYPED} characters.`)
  const media = of('media_url')
  if (media !== '' && !(URL.canParse(media) && /^https?:/i.test(media) && media.length <= LONGEST_URL)) problems.push(`media_url: must be an http or https address of at most ${LONGEST_URL} characters.`)
  const email = of('email')
  if (email.length > LONGEST_CONTACT) problems.push(`email: at most ${LONGEST_CONTACT} characters.`)
  const phone = of('phone')
  if (phone.length > LONGEST_CONTACT) problems.push(`phone: at most ${LONGEST_CONTACT} characters.`)
  if (problems.length > 0 || 'problem' in place) return wrong(400, ...problems)
  const service = catalogue.find((one) => one.code === code)
  if (service === undefined) return wrong(404, `service_code: there is no service “${code}”; services.xml lists them.`)
  const isPhone = phone !== '' && 'value' in readRequestPhone(phone)
  const notes = [
    media === '' ? '' : `照片：${media}`,
    phone === '' || isPhone ? '' : `留的电话（读不出来）：${phone}`,
    email === '' ? '' : `邮箱：${email}`,
  ]
  const request: CallerRequest = {
    channel: OPEN311_CHANNEL,
    description: [described === '' ? service.name : described, ...notes].filter(Boolean).join('\n'),
    category: service.code,
    name: joinName(of('last_name'), of('first_name')),
    address: place.address,
    wantedTime: of(`attribute[${WANTED_TIME}]`),
    ...(isPhone && { phone }),
    ...(place.area !== undefined && { area: place.area.code }),
  }
  return { outcome: 'read', request, service }
}

type Place = { address: string; area: Area | undefined } | { problem: string }

/** An address_id is the code of an area; another stands in the address as it came. */
function readPlace(of: (name: string) => string, areas: readonly Area[]): Place {
  const [lat, long, address, id] = [of('lat'), of('long'), of('address_string'), of('address_id')]
  if ((lat === '') !== (long === '')) return { problem: 'lat and long must both be provided.' }
  if (lat !== '' && !(isDegrees(lat, 90) && isDegrees(long, 180))) return { problem: 'lat and long must be degrees (WGS84), like 45.80 and 126.53.' }
  if (lat === '' && address === '' && id === '') return { problem: 'A location was not provided: lat and long, address_string or address_id.' }
  const area = id === '' ? undefined : areas.find(({ code }) => code === id)
  const parts = [address, area === undefined ? (id === '' ? '' : `地址编号 ${id}`) : address === '' ? area.name : '', lat === '' ? '' : `坐标 ${lat},${long}`]
  return { address: parts.filter(Boolean).join('；'), area }
}

const isDegrees = (text: string, most: number): boolean => /^[+-]?\d{1,3}(\.\d{1,20})?$/.test(text) && Math.abs(Number(text)) <= most

/** 王丽 as it is said here; John Smith as it is said there. */
const joinName = (last: string, first: string): string => (/\p{Script=Han}/u.test(last + first) ? `${last}${first}` : [first, last].filter(Boolean).join(' '))

/** What the desk found wrong, in one sentence. */
export function explainRefusal(result: Exclude<CallerRequestResult, { outcome: 'filed' }>): string {
  switch (result.outcome) {
    case 'no_description':
      return 'description: there are no words in it.'
    case 'too_long':
      return `${{ address: 'address_string', name: 'first_name and last_name', wantedTime: `attribute[${WANTED_TIME}]`, description: 'description' }[result.field]}: at most ${result.longest} characters.`
    case 'wrong_phone':
      return `phone: this is no telephone number. ${result.hint}`
    case 'unknown_category':
      return `service_code: there is no service “${result.category}”.`
    case 'unknown_area':
      return `address_id: there is no area “${result.area}”.`
    default:
      return result satisfies never
  }
}
