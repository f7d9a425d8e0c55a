import { normalize } from '../../normalize.ts'
import { IS_PLACE, numberOf, partsOf, type AddressParts } from './address-parts.ts'

const LEADS_IN = /^(?:我们?|咱们?)?(?:家|这)?(?:是|在|住)?/
const LONGEST_ESTATE = 20

const estateOf = ({ estate }: AddressParts): string => normalize(estate).replace(LEADS_IN, '').replaceAll(/[\s,.，。]/g, '')

type Likeness = 'same' | 'different' | 'unknown'

const likenessOf = (one: string, other: string, isAlike: (one: string, other: string) => boolean): Likeness => (one === '' || other === '' ? 'unknown' : isAlike(one, other) ? 'same' : 'different')

const contains = (one: string, other: string): boolean => one.includes(other) || other.includes(one)

/**
 * Whether two addresses may mean one place: nothing that both say is different, estate or house is the same, and where only one of them
 * names a house, the estate is. Rooms do not count: who reports the lift gives their own.
 */
export function isSamePlace(one: string, other: string): boolean {
  const [first, second] = [partsOf(one), partsOf(other)]
  const estate = likenessOf(estateOf(first), estateOf(second), contains)
  const [building, unit, floor] = (['building', 'unit', 'floor'] as const).map((part) => likenessOf(numberOf(first[part]), numberOf(second[part]), (here, there) => here === there))
  if ([estate, building, unit, floor].includes('different')) return false
  const namesOneHouse = (first.building === '') !== (second.building === '')
  return namesOneHouse ? estate === 'same' : building === 'same' || estate === 'same'
}

/** Whether a place that somebody names is surely another one: a part of it is different, or it names a house or an estate that is not that one. Floor and room lie within. */
export function isElsewhere(named: string, place: string): boolean {
  const [first, second] = [partsOf(named), partsOf(place)]
  const isOtherUnit = likenessOf(numberOf(first.unit), numberOf(second.unit), (here, there) => here === there) === 'different'
  const namesOwn = first.building !== '' || IS_PLACE.test(normalize(first.estate))
  return isOtherUnit || (namesOwn && !isSamePlace(named, place))
}

/** Of an address what is everybody's: estate, house and staircase, without floor and room. '' where nothing of it is. */
export function publicPlaceOf(address: string): string {
  const { estate, building, unit } = partsOf(address)
  const named = estate.replace(LEADS_IN, '')
  const isNamed = named.length <= LONGEST_ESTATE && IS_PLACE.test(normalize(named)) && !/\d{3,}/.test(normalize(named))
  return `${isNamed ? named : ''}${building}${unit}`
}
