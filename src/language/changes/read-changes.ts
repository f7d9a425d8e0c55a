import type { Slots } from '../../domain/messages/understanding.ts'
import { readAddressChange } from './address-change.ts'
import { readPhoneChange } from './phone-change.ts'
import { readTimeChange } from './time-change.ts'
import type { ValueChange } from './what-is-changed.ts'

export type { ValueChange } from './what-is-changed.ts'

/** What stands in a request; '' = nothing. `time` is local ISO, as said. */
export interface KnownValues {
  phone: string
  address: string
  time: string
}

export type Changes = { [K in keyof KnownValues]?: NonNullable<ValueChange> }

/**
 * What a text makes of the values that stand in a request: each the whole new value, told by what is known ("是2单元", "尾号是80", "往后挪一天").
 * @param said.slots what the text says as it was read by itself
 * @param said.isCorrection whether it surely puts something right; else its words must say so
 */
export function readChanges(text: string, known: KnownValues, said: { slots: Pick<Slots, 'phone' | 'address'>; isCorrection: boolean; now: Date }): Changes {
  const { slots, isCorrection, now } = said
  const phone = readPhoneChange(text, { known: known.phone, own: slots.phone, isCorrection })
  // The last digits of a telephone are no room.
  const address = phone !== undefined && slots.phone === undefined ? undefined : readAddressChange(text, { known: known.address, place: slots.address, isCorrection })
  const time = readTimeChange(text, { known: known.time, now, isCorrection })
  return { ...(phone && { phone }), ...(address && { address }), ...(time && { time }) }
}
