import { readChanges } from '../language/changes/read-changes.ts'
import { saysNotThen } from '../language/changes/time-change.ts'
import { isAddressLost, namesOtherPlace } from '../language/values/places/address-parts.ts'
import { asText, type AmendedValues, type FieldValues, type FormContext, type SaidOfFiled } from './form.ts'

const CHANGING = ['phone', 'address', 'time'] as const

/** What words say of a request that was filed. A value that is only part of one is told with the rest of it that stands there; what stands is never replaced by less. */
export function readAmended({ values, named, words, slots, isCorrection }: SaidOfFiled, { now }: FormContext): AmendedValues {
  const known = { phone: asText(values['phone']), address: asText(values['address']), time: asText(values['time']) }
  const changes = readChanges(words, known, { slots, isCorrection, now })
  const put: Record<string, FieldValues[string]> = { ...values, ...withoutLoss(values, named) }
  const asked: Record<string, FieldValues[string]> = {}
  const unread: string[] = []
  for (const field of CHANGING) {
    const change = changes[field]
    const isNamed = put[field] !== values[field]
    if (change === undefined) continue
    if (change === 'unread') {
      if (!isNamed) unread.push(field)
    } else if (change.isSure) put[field] = change.value
    else if (!isNamed) asked[field] = change.value
  }
  if (isCorrection && named === undefined && slots.name !== undefined) put['name'] = slots.name
  // What was never said is filled by what is said now.
  if (isCorrection && known.address === '' && slots.address !== undefined) put['address'] = slots.address
  // 现在用 139… tells no time to come.
  const isTimeAlone = slots.time !== undefined && [slots.name, slots.phone, slots.address].every((value) => value === undefined)
  const isSameDay = slots.time === known.time.slice(0, slots.time?.length)
  if (isTimeAlone && changes.time === undefined && named === undefined && !isSameDay && slots.time !== undefined && !saysNotThen(words, now)) put['time'] = slots.time
  return { put, asked, unread }
}

/** The values with the named field put right; an address that would lose a part stays, unless another place was named. */
function withoutLoss(values: FieldValues, named: FieldValues | undefined): FieldValues {
  if (named === undefined) return {}
  const [known, now] = [asText(values['address']), asText(named['address'])]
  const { address, ...others } = named
  return address === undefined || (known !== '' && isAddressLost(known, now) && !namesOtherPlace(known, now)) ? others : named
}
