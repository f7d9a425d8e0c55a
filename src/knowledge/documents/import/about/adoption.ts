import { findDate } from '../written-date.ts'

/** Who made a rule what it is, and when: one entry of the history that stands below a statute's title. */
export interface Adoption {
  date: string
  /** '' when none is named. */
  organ: string
  deed: string
}

const DATE = /\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日/g
const DEED = /(?:通过|修正|修订|修改|批准|公布|发布|印发|颁布|制定)/
/** What only says from when on it is in force. */
const FORCE = /^\s*起?\s*(?:施行|实施|生效)/
const LONGEST = 80

/** A line of such a history: "2021年9月24日…常务委员会第三十三次会议通过", or all of it in brackets. */
export function isHistory(text: string): boolean {
  const flat = text.normalize('NFKC').trim()
  if (!/^[(【[]?\s*(?:根据\s*)?\d{4}\s*年\s*\d{1,2}\s*月/.test(flat) || !(DEED.test(flat) || FORCE.test(flat.replace(DATE, '')))) return false
  return /^[(【[].*[)】\]]$/.test(flat) || (flat.length <= LONGEST * (flat.match(DATE)?.length ?? 1) && !/[。;]/.test(flat.slice(0, -1)))
}

/** The entries of a history, as they stand. */
export function readHistory(text: string): Adoption[] {
  const flat = text.normalize('NFKC')
  const starts = [...flat.matchAll(DATE)].map((match) => match.index)
  return starts.flatMap((start, index) => {
    const entry = flat.slice(start, starts[index + 1] ?? flat.length)
    const date = findDate(entry)
    const said = entry.replace(DATE, '')
    const deed = [...said.matchAll(new RegExp(DEED, 'g'))].at(-1)?.[0]
    if (date === null || deed === undefined || FORCE.test(said)) return []
    return [{ date, organ: readOrgan(said), deed }]
  })
}

/** 北京市人民代表大会常务委员会 of "北京市第十五届人民代表大会常务委员会第三次会议通过", 国务院 of "中华人民共和国国务院令第535号公布". */
function readOrgan(said: string): string {
  const name = said.trim().replace(/^(?:以|由|经)/, '').replace(/第[^第届]{1,4}届/g, '').split(/第[^第次]{1,6}次|令第|令\s|公告|通过|修正|修订|修改|批准|公布|发布|印发|颁布|《/)[0] ?? ''
  const organ = name.replace(/令$/, '').replace(/^中华人民共和国(?=国务院)/, '').trim()
  return /^\p{Script=Han}{2,30}$/u.test(organ) ? organ : ''
}

/** Whose rule it is and of what day: a revision counts more than what it revised; an approval from above does not make it. */
export function lastAdoption(entries: readonly Adoption[]): { issuedOn?: string; issuer?: string } {
  const sorted = [...entries].sort((left, right) => (left.date < right.date ? -1 : left.date > right.date ? 1 : 0))
  const issuedOn = (sorted.findLast(({ deed }) => deed !== '批准') ?? sorted.at(-1))?.date
  const issuer = sorted.findLast(({ organ, deed }) => organ !== '' && deed !== '批准')?.organ ?? sorted.findLast(({ organ }) => organ !== '')?.organ
  return { ...(issuedOn === undefined ? {} : { issuedOn }), ...(issuer === undefined ? {} : { issuer }) }
}
