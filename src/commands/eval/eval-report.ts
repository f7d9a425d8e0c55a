import { describeFailure } from '../../knowledge/learn/evaluate/evaluate-failures.ts'
import type { EvalRow, EvalSummary } from '../../knowledge/learn/evaluate/evaluate.ts'

const COLUMNS = ['questions', 'first', 'firstThree', 'answered', 'contradicted', 'citesRight', 'facts', 'refused', 'corrected'] as const satisfies readonly (keyof EvalRow)[]

/** What `eval --file` prints: tables by set, kind and form, what must never be, times, reliability, and every failure under its cause. */
export function reportSummary(mode: string, summary: EvalSummary): string {
  const { bySet, byKind, byForm, colloquial, all } = summary
  return [
    ...table(`${mode}, by set`, [...bySet, ...(colloquial !== null && bySet.length > 1 ? [colloquial] : []), ...(bySet.length > 1 ? [all] : [])]),
    ...(byKind.length > 1 ? table('by what is asked', byKind) : []),
    ...(byForm.length > 1 ? table('by form', byForm) : []),
    `quotes ${summary.quotes}, not word for word ${summary.brokenQuotes}; figures ${summary.figures}, not in a cited clause ${summary.strayFigures}`,
    `length p95 ${summary.p95Length} characters; ms a question p50 ${summary.p50Ms.toFixed(1)}, p95 ${summary.p95Ms.toFixed(1)}`,
    '',
    ...reportReliability(summary),
    ...reportFailures(summary),
  ].join('\n')
}

function table(title: string, rows: readonly EvalRow[]): string[] {
  const cell = (value: string | number | null) => String(value ?? '-').padStart(13)
  return [`${title.padEnd(18)}${COLUMNS.map(cell).join('')}`, ...rows.map((row) => `${row.name.padEnd(18)}${COLUMNS.map((column) => cell(row[column])).join('')}`), '']
}

function reportReliability({ reliability }: EvalSummary): string[] {
  const cell = (value: string | number | null) => String(value ?? '-').padStart(11)
  const bins = reliability.filter(({ questions }) => questions > 0)
  if (bins.length === 0) return []
  const rows = bins.map((bin) => `${bin.from.toFixed(1)}-${bin.to.toFixed(1)}           ${[bin.questions, bin.promised, bin.right].map(cell).join('')}`)
  return [`best clause       ${['questions', 'promised', 'right'].map(cell).join('')}`, ...rows, '']
}

function reportFailures({ failures }: EvalSummary): string[] {
  const causes = [...new Set(failures.map(({ cause }) => cause))]
  return causes.flatMap((cause) => {
    const ofCause = failures.filter((failure) => failure.cause === cause)
    return [`${cause}, ${ofCause.length}:`, ...ofCause.map(describeFailure), '']
  })
}
