import { normalize } from '../../normalize.ts'
import { parseNumber } from '../numbers.ts'
import { followingPartAt, nearbyPartAt, numberedPartAt } from './address-tokens.ts'
import type { AddressPart } from './address-tokens.ts'
import { MARKS_AT_END, trimEndOf } from '../times/look-back.ts'

const LEAD_IN = /^(?:我家|我们家|他家|家|我们?)?(?:是|在|住在?|地址)?(?:是|在)?/
const DASHED = /^(\d{1,3})[-—–](?:(\d{1,2})[-—–])?(\d{2,4})(?:室|号)?$/
const GAP = /[\s,，的]/
const SAYS_ROOM = /^(?:他家|我家|房号)?是?/
/** Nobody says an address in more, and nothing longer is merged. */
const LONGEST_ADDRESS = 120

export interface AddressParts {
  /** Estate, road or village: what stands before the building. */
  estate: string
  building: string
  unit: string
  floor: string
  room: string
  /** "楼下", "门口". */
  nearby: string
}

/** The parts that are told by number, from the widest to the narrowest. */
export const COUNTED = ['building', 'unit', 'floor', 'room'] as const

const UNIT = /(?:号楼|号院|单元|[栋幢座楼门层室户])$/

/** A numbered part as it is compared: 3号楼, 三栋 and 3幢 are one house. */
export function numberOf(part: string): string {
  const said = normalize(part).replace(UNIT, '')
  return String(parseNumber(said) ?? said)
}

const NONE: AddressParts = { estate: '', building: '', unit: '', floor: '', room: '', nearby: '' }

const trimmed = (text: string): string => trimEndOf(text.trim(), MARKS_AT_END)

/** 3楼 is a floor here, whatever stands after it; 3号 a building only before a staircase, which the token says. */
function fieldOf(part: AddressPart, form: string): Exclude<keyof AddressParts, 'estate'> | undefined {
  if (part.kind === 'building') return /\d楼$/.test(form.slice(part.start, part.end)) ? 'floor' : 'building'
  return part.kind === 'unit' || part.kind === 'floor' || part.kind === 'room' || part.kind === 'nearby' ? part.kind : undefined
}

/** The house, staircase, floor and room at the end of an address, each as typed, and where the first of them begins. */
function readTail(typed: string, form: string, from: number): AddressParts | undefined {
  const parts = { ...NONE, estate: typed.slice(0, from).replace(/[\s,，的]$/, '') }
  let last: AddressPart['kind'] = 'estate'
  for (let at = from; at < form.length; ) {
    const said = at + (SAYS_ROOM.exec(form.slice(at))?.[0].length ?? 0)
    const part: AddressPart | undefined = numberedPartAt(form, at) ?? followingPartAt(form, at, last) ?? (said > at ? followingPartAt(form, said, last) : undefined) ?? nearbyPartAt(form, at)
    const field = part === undefined ? undefined : fieldOf(part, form)
    if (part === undefined || field === undefined || parts[field] !== '') {
      if (GAP.test(form.charAt(at)) && at > from) {
        at += 1
        continue
      }
      return undefined
    }
    parts[field] = typed.slice(part.start, part.end)
    last = part.kind
    at = part.end
  }
  return parts
}

/** The parts of an address as typed; absent ones are ''. Positions are the typed text's own, so that traditional characters stay. */
export function partsOf(text: string): AddressParts {
  const typed = trimmed(text)
  if (typed.length > LONGEST_ADDRESS) return { ...NONE, estate: typed }
  const form = normalize(typed)
  for (let at = 0; at < form.length; at += 1) {
    if (/\d/.test(form.charAt(at)) && /\d/.test(form.charAt(at - 1))) continue
    const dashed = DASHED.exec(form.slice(at))
    if (dashed !== null) {
      const [, building = '', unit, room = ''] = dashed
      return { ...NONE, estate: typed.slice(0, at), building: `${building}号楼`, unit: unit === undefined ? '' : `${unit}单元`, room }
    }
    const begins = numberedPartAt(form, at) ?? followingPartAt(form, at, 'estate')
    const parts = begins === undefined || fieldOf(begins, form) === undefined ? undefined : readTail(typed, form, at)
    if (parts !== undefined) return parts
  }
  return { ...NONE, estate: typed }
}

/** How the name of an estate, a road or a village ends. */
export const IS_PLACE = /(?:小区|家园|花园|新村|公寓|大厦|家属[院楼区]|宿舍|大院|[新名花]城|苑|庭|广场|市场|中心|路|街|大道|胡同|巷|村|屯|镇|乡|社区|[组队委]|林场|农场|院|里|号)$/

/** "同一个院", "我们小区": the place that is known already, called by no name. */
const POINTS_BACK = /^.*?(?:同一?个?|这个?|那个?|本|咱们?的?|我们|还是|原来的?)(?:小区|院子?|大院|社区|村|楼|地方)?(?:里|的|,|\s)*$/

/** Whether an address said for a known one would leave out a part that is known. */
export function isAddressLost(known: string, said: string): boolean {
  const [old, fresh] = [partsOf(known), partsOf(said)]
  return (old.estate !== '' && fresh.estate === '') || COUNTED.some((part) => old[part] !== '' && fresh[part] === '')
}

/** Whether an estate, a road or a village is named that is not that of the known address. */
export function namesOtherPlace(known: string, said: string): boolean {
  const [old, fresh] = [normalize(partsOf(known).estate), normalize(partsOf(said).estate)]
  return IS_PLACE.test(fresh) && !old.includes(fresh)
}

/**
 * The known address with the parts that `said` names (building, unit, floor, room) replaced and the rest kept; another estate, road or village
 * replaces the whole. `known` itself when `said` names no part of an address.
 */
export function mergeAddress(known: string, said: string): string {
  const words = trimmed(said.trim().replace(LEAD_IN, ''))
  const read = partsOf(words)
  const heard = read.estate !== '' && POINTS_BACK.test(normalize(read.estate)) ? { ...read, estate: '' } : read
  const old = partsOf(known)
  const saysPart = [heard.building, heard.unit, heard.floor, heard.room].some((part) => part !== '')
  const namesPlace = heard.estate !== '' && IS_PLACE.test(normalize(heard.estate))
  if ((!saysPart && !namesPlace) || /\d{5}/.test(normalize(said))) return known
  if (heard.estate !== '' && !normalize(old.estate).includes(normalize(heard.estate))) return words
  const hasPlaceForIt = old.estate === '' || old.building !== '' || old.unit !== '' || old.room !== '' || IS_PLACE.test(normalize(old.estate))
  if (!hasPlaceForIt) return said.trim()
  const pick = (part: keyof AddressParts): string => (heard[part] === '' ? old[part] : heard[part])
  // A room stands on its own floor.
  const floor = heard.room !== '' && heard.floor === '' ? '' : pick('floor')
  return [old.estate, pick('building'), pick('unit'), floor, pick('room'), saysPart && heard.nearby === '' && heard.building !== '' ? '' : pick('nearby')].join('')
}
