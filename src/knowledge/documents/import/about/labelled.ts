import { findDate, findMonth } from '../written-date.ts'

/** One 名称：内容 of a line of what a page says of its document. */
export interface Pair {
  name: string
  value: string
}

export type LabelledKey = 'title' | 'issuer' | 'number' | 'issuedOn' | 'effectiveFrom' | 'effectiveTo'

/** What a name's words stand for; of several dates the first kind of this list counts. */
const KEYS: readonly (readonly [LabelledKey, RegExp])[] = [
  ['title', /^(?:标题|文件名称|名称|信息名称)$/],
  ['issuer', /^(?:发[文布]|制[定发]|印发|公布|颁布|主办|起草)(?:机关|机构|单位|部门|主体)$/],
  ['number', /^(?:文号|发文字号|发文编号|文件编号|公文文号|发布文号|文件字号)$/],
  ['issuedOn', /^(?:成文|发文|印发|公布|颁布|签发|制定)(?:日期|时间)$/],
  ['issuedOn', /^(?:发布|更新|生成)(?:日期|时间)$/],
  ['effectiveFrom', /^(?:施行|生效|实施)(?:日期|时间)$/],
  ['effectiveTo', /^(?:失效|废止|截止)(?:日期|时间)$|^有效期(?:至|截至|到)$/],
]

const NAME = '\\p{Script=Han}(?:\\s?\\p{Script=Han}){1,7}'
const PAIR = new RegExp(`(${NAME})\\s*[：:][；：:\\s]*(.*?)(?=[；。\\s]+${NAME}\\s*[：:]|[；。]?$)`, 'gu')

/** The pairs of a line that holds nothing else: "发文机关：居委会 成文日期：2024年3月1日"; [] of any other line. */
export function readPairs(text: string): Pair[] {
  const pairs = [...text.matchAll(PAIR)].map(([, name = '', value = '']) => ({ name: name.replaceAll(/\s/g, ''), value: value.replace(/[；。\s]+$/, '').trim() }))
  return pairs.length > 0 && new RegExp(`^${NAME}\\s*[：:]`, 'u').test(text) ? pairs : []
}

/** What the pair says of the document; null when its name is none that counts, or its value cannot be it. */
export function readLabelled({ name, value }: Pair): { key: LabelledKey; value: string; rank: number } | null {
  const rank = KEYS.findIndex(([, pattern]) => pattern.test(name))
  const key = KEYS[rank]?.[0]
  if (key === undefined || value === '') return null
  const isDate = key === 'issuedOn' || key === 'effectiveFrom' || key === 'effectiveTo'
  const read = isDate ? (findDate(value) ?? findMonth(value)) : value
  return read === null ? null : { key, value: read, rank }
}
