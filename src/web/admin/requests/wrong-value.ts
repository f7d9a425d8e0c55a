import type { WrongValue } from '../../../desk/requests/values.ts'

const FIELD_NAMES = { address: '地址', name: '联系人', wantedTime: '希望时间', description: '内容' } as const

/** Why a value was not taken, in one sentence. */
export function explainWrongValue(wrong: WrongValue): string {
  switch (wrong.outcome) {
    case 'wrong_phone':
      return wrong.hint === '' ? '电话没看懂，请核对。您填的还在。' : `${wrong.hint.replace(/。$/, '')}。您填的还在。`
    case 'unknown_category':
      return `目录里没有“${wrong.category}”这一类，请重新选。`
    case 'unknown_area':
      return `没有“${wrong.area}”这个地方，请重新选。`
    case 'too_long':
      return `${FIELD_NAMES[wrong.field]}最多 ${wrong.longest} 个字，请短一些。您填的还在。`
    default:
      return wrong satisfies never
  }
}
