import { hasGold, holdsFact, holdsFacts, isCitedRight } from './evaluate-result.ts'
import type { EvalResult } from './evaluate-result.ts'

/** What went wrong with an answer, worst first. */
const CAUSES = [
  'answered, should be refused', 'put right although nothing was wrong', 'not put right', 'refused, stands in the text', 'wrong clause',
  'not all clauses that it needs', 'facts are missing', 'right clause not first',
] as const
/** Characters of an answer that are shown. */
const LONGEST_SAID = 110

export type EvalCause = (typeof CAUSES)[number]

export interface EvalFailure {
  cause: EvalCause
  result: EvalResult
}

/** Every answer that is not as it should be, one cause each, grouped by cause. */
export function findFailures(results: readonly EvalResult[]): EvalFailure[] {
  const failures = results.flatMap((result) => {
    const cause = findCause(result)
    return cause === null ? [] : [{ cause, result }]
  })
  return CAUSES.flatMap((cause) => failures.filter((failure) => failure.cause === cause))
}

function findCause(result: EvalResult): EvalCause | null {
  const { answer, expect } = result
  if (expect === 'refusal') return answer.kind === 'refusal' ? null : 'answered, should be refused'
  if (answer.kind === 'refusal') return 'refused, stands in the text'
  if (expect === 'answer' && answer.kind === 'correction') return 'put right although nothing was wrong'
  if (expect === 'correction' && answer.kind !== 'correction') return 'not put right'
  if (!isCitedRight(result)) return result.answer.citations.some(({ clause }) => result.gold.includes(clause)) ? 'not all clauses that it needs' : 'wrong clause'
  if (!holdsFacts(result)) return 'facts are missing'
  return hasGold(result, 1) ? null : 'right clause not first'
}

/** Two lines: what was asked by whom, and what was found and said. */
export function describeFailure({ result }: EvalFailure): string {
  const { id, set, kind, question, previous, gold, answer } = result
  const missing = result.facts.filter((fact) => !holdsFact(answer, fact)).map((fact) => [fact].flat().join(' / '))
  const found = answer.ranked.slice(0, 3).map(({ clause, score }) => `${clause} ${score.toFixed(2)}`).join(', ')
  const said = answer.text.replaceAll(/\s+/g, ' ').trim()
  const wanted = [gold.length > 0 ? `in ${gold.join(', ')}` : '', answer.kind === 'refusal' || missing.length === 0 ? '' : `says not ${missing.join('; ')}`].filter((part) => part !== '')
  return [
    `  ${id} ${set} ${kind}: ${previous === undefined ? '' : `${previous} → `}${question}`,
    `    ${[...wanted, `found ${found || 'nothing'}`].join('; ')}; ${answer.kind}: ${said.length > LONGEST_SAID ? `${said.slice(0, LONGEST_SAID)}…` : said}`,
  ].join('\n')
}
