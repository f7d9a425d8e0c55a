import { createWordTable, findWords } from '../../language/word-table.ts'
import { bigrams, countShared, holds, isMixedUp } from './answer-check-text.ts'
import type { SourceText, Statement } from './answer-check-text.ts'

// Words on which the name of an office, a place, a role or a way to reach somebody ends. Longest first.
const ENDINGS = [
  '检察院', '派出所', '基金会', '公众号', '小程序', '办事处', '委员会', '居委会', '村委会', '办公室', '领导小组', '服务站', '服务中心', '网格员',
  '负责人', '工作人员', '党支部', '部门', '中心', '政府', '公司', '企业', '协会', '商会', '学会', '工会', '妇联', '残联', '法院', '医院', '学校', '银行',
  '学院', '大学', '党委', '大队', '支队', '窗口', '大厅', '平台', '热线', '网站', '主任', '书记', '局长', '县长', '市长', '区长', '镇长', '村长', '处长', '科长',
  '所长', '站长', '民警', '律师', '医生', '专员', '经理', '街道', '物业', '老师', '先生', '女士', '同志', '财政', '局', '厅', '县', '省', '镇', '市', '州',
]
// Characters that end like an office and belong to another word.
const SINGLE: readonly RegExp[] = [
  /(?<![拜])委(?![员托会办屈派以])/y, /(?<![怎何代承举开创主协兴督查包帮合申来去么要能会可该待])办(?![理事法公证案学好成了在一起到完结齐])/y,
  /(?<=[一-龥]{2})站(?![在起着])/y, /(?<![到各等多随此之好害益长短用坏])处(?![理置罚于境在所分])/y, /(?<=[一-龥]{2})科(?![普学技研目教])/y,
  /(?<=[一-龥]{2})队(?![伍员形])/y,
]
const endingAt = createWordTable(ENDINGS)
const GOES_ON = /[面势部限]|村(?!委)|民/y
const NO_NAME = /(?:超市|门市|上市|股市|夜市|菜市|市场|市民|结局|布局|格局)$/
const STOPS = /[^\p{Script=Han}]|[由找到去向和与及是的在请跟给让归为对把被将从按以或等有各本该要可应能会叫问靠经]/u
const LONGEST_NAME = 10
// Of these a clause often names several, each with its own task.
const HAS_TASKS = /(?:部门|局|厅|委员会|公司|政府|协会|商会)$/
/** How much of a name in front of its ending must stand in the clause with it. */
const BEFORE_ENDING = 2

interface Name {
  ending: string
  /** With what stands in front of it, back to a word that no name holds. */
  whole: string
  start: number
}

const fits = (pattern: RegExp, text: string, at: number): boolean => {
  pattern.lastIndex = at
  return pattern.test(text)
}

const nameEndAt = (text: string, at: number): string | undefined =>
  endingAt(text, at, (end) => !fits(GOES_ON, text, end)) ?? (SINGLE.some((pattern) => fits(pattern, text, at)) ? text.charAt(at) : undefined)

function findNames(text: string): Name[] {
  return findWords(text, nameEndAt).flatMap(({ word: ending, index }) => {
    const end = index + ending.length
    let start = index
    while (start > 0 && end - start < LONGEST_NAME && !STOPS.test(text[start - 1] ?? '')) start -= 1
    const whole = text.slice(start, end)
    return NO_NAME.test(whole) ? [] : [{ ending, whole, start }]
  })
}

/** The ending with two characters in front of it: "民政部门". */
const shortName = (name: Name): string => name.whole.slice(-(name.ending.length + BEFORE_ENDING))

/**
 * What is wrong with the names in one stretch of an answer: each office, organisation, place, role and quoted run must stand in
 * the cited clauses, and an office must not be given what the clause gives to another.
 */
export function objectToNames(segment: string, source: SourceText): string | undefined {
  const names = findNames(segment)
  for (const name of names) {
    if (!holds(source, shortName(name)) || isShortened(name, source)) return `“${name.whole}”不在所引的条款里，机构、地方和人的名称要照抄`
  }
  return objectToQuotes(segment, source) ?? objectToMixedOffices(segment, names, source) ?? objectToDuties(segment, source)
}

/** Who leads, appoints, pays for or owns something must be named in the part of the clause that says so. */
function objectToDuties(segment: string, source: SourceText): string | undefined {
  const parts = source.text.split(/[,。;!?]/).map((text) => ({ text: text.replaceAll(/[()、]/g, ''), grams: bigrams(text) }))
  for (const piece of segment.split(/[,。;!?]/).filter((candidate) => /负责|牵头|主管|任命|所有$|出钱|出资/.test(candidate))) {
    for (const name of findNames(piece)) {
      const said = bigrams(piece.replace(name.whole, '、'))
      const shares = parts.map((part) => countShared(said, part.grams))
      const best = Math.max(0, ...shares)
      const saying = parts.filter((_part, index) => shares[index] === best)
      if (best > 0 && !saying.some((part) => part.text.includes(shortName(name).slice(-name.ending.length - 1)))) return `“${name.whole}”做的不是这件事，照原文写由谁来做`
    }
  }
  return undefined
}

/** 副主任 must not become 主任. */
function isShortened(name: Name, source: SourceText): boolean {
  if (name.whole.includes('副')) return false
  const whole = shortName(name)
  return !source.text.replaceAll(`副${name.ending}`, '').replaceAll(/[()、]/g, '').includes(name.ending) && source.text.includes(`副${whole.slice(-name.ending.length)}`)
}

function objectToQuotes(segment: string, source: SourceText): string | undefined {
  for (const match of segment.matchAll(/"([^"]*)"|《([^》]*)》/g)) {
    const run = match[1] ?? match[2] ?? ''
    if (!holds(source, run)) return `引号或书名号里的“${run}”不是所引条款的原文`
  }
  return /^[^"]*"[^"]*(?:"[^"]*"[^"]*)*$/.test(segment) && (segment.match(/"/g)?.length ?? 0) % 2 === 1 ? '引号没有成对' : undefined
}

function objectToMixedOffices(segment: string, names: readonly Name[], source: SourceText): string | undefined {
  const offices = findNames(source.text)
  for (const name of names.filter((candidate) => HAS_TASKS.test(candidate.whole) && candidate.whole.length > candidate.ending.length)) {
    const rivals = offices.filter((office) => office.ending === name.ending && office.whole.length > office.ending.length)
    const key = shortName(name)
    const statements: Statement[] = rivals
      .filter((rival) => shortName(rival) === key || !segment.includes(shortName(rival)))
      .map((rival) => ({ key: shortName(rival), context: contextOf(source.text, rival, rivals) }))
    if (statements.some((statement) => statement.key === key) && isMixedUp(key, [segment.replaceAll(name.whole, '、')], statements)) return `“${name.whole}”做的不是这件事，原文说的是别的部门`
  }
  return undefined
}

/** What is said of an office: its sentence, without what belongs to other offices of its kind before and after it. */
function contextOf(text: string, name: Name, rivals: readonly Name[]): string {
  const end = name.start + name.whole.length
  const stop = text.slice(end).search(/[。;!?]/)
  const sentenceStart = Math.max(...['。', ';', '!', '?'].map((mark) => text.lastIndexOf(mark, name.start - 1) + 1))
  const before = rivals.filter((rival) => rival.start < name.start).map((rival) => rival.start + rival.whole.length)
  const after = rivals.filter((rival) => rival.start > end).map((rival) => rival.start)
  return `${text.slice(Math.max(sentenceStart, ...before), name.start)}、${text.slice(end, Math.min(stop < 0 ? text.length : end + stop, ...after))}`
}
