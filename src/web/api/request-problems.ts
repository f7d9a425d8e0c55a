import type { WrongValue } from '../../desk/requests/values.ts'

const FIELD_NAMES = { address: 'address', name: 'name', wantedTime: 'wanted_time', description: 'description' } as const

/** What is wrong with a value, in one sentence. */
export function explainWrongValue(wrong: WrongValue | { outcome: 'no_description' }): string {
  switch (wrong.outcome) {
    case 'wrong_phone':
      return `phone: this is no telephone number. ${wrong.hint}`
    case 'unknown_category':
      return `category: there is no service “${wrong.category}” in the catalogue.`
    case 'unknown_area':
      return `area: there is no area “${wrong.area}”.`
    case 'too_long':
      return `${FIELD_NAMES[wrong.field]}: at most ${wrong.longest} characters.`
    case 'no_description':
      return 'description: there are no words in it.'
    default:
      return wrong satisfies never
  }
}
