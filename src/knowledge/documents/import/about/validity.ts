import { addYears, findDate } from '../written-date.ts'

export interface Validity {
  effectiveFrom?: string
  effectiveTo?: string
  /** The words that each came from. */
  saidFrom?: string
  saidTo?: string
}

const START = /自(.{2,20}?)(?:之日)?起(?:正式)?(?:施行|实施|执行|生效|开始施行|试行)/
const UNTIL = /有效期(?:限)?(?:截至|截止到?|至|到|为.{0,20}?(?:至|到))([^，。；]{4,20})|(?:施行|实施|执行|试行)(?:至|到)([^，。；]{6,20})|自[^，。；]{6,20}(?:起)?(?:至|到)([^，。；]{6,16}?)(?:止|有效|施行|实施|执行)/
const YEARS = /(?:有效期(?:限)?(?:为|是)?|试行(?:期(?:限)?(?:为)?)?)\s*([一二三四五六七八九十\d]{1,2})\s*年/

/** From when to when a text says that it is in force. */
export function readValidity(text: string, issuedOn: string | undefined): Validity {
  const start = START.exec(text)
  const effectiveFrom = findDate(start?.[1] ?? '') ?? (/^(?:本\S{0,4})?(?:公布|发布|印发|下发|颁布|签发)/.test(start?.[1] ?? '') ? issuedOn : undefined)
  const until = UNTIL.exec(text)
  const years = YEARS.exec(text)
  const from = effectiveFrom ?? issuedOn
  const end = findDate(until?.[1] ?? until?.[2] ?? until?.[3] ?? '')
  const effectiveTo = end ?? (years?.[1] !== undefined && from !== undefined ? addYears(from, years[1]) : null)
  return {
    ...(effectiveFrom === undefined ? {} : { effectiveFrom, saidFrom: start?.[0] ?? '' }),
    ...(effectiveTo === null ? {} : { effectiveTo, saidTo: (end === null ? years?.[0] : until?.[0]) ?? '' }),
  }
}

/** Titles of documents that a text says it repeals: "《…办法》同时废止". */
export function readRepeals(text: string): string[] {
  const sentences = text.split(/[。；\n]/).filter((sentence) => /废止|停止执行|不再执行|失效/.test(sentence))
  return sentences.flatMap((sentence) => [...sentence.matchAll(/《([^《》]{2,80})》/g)].map(([, title = '']) => title))
}
