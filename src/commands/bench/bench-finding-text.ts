import type { FindingComparison, FindingFigures } from './bench-finding.ts'

const QUALITY = ['first', 'firstFive', 'recallTen', 'reciprocalRank'] as const
const TIMES = ['buildMs', 'loadMs', 'p50', 'p95'] as const
const HEADINGS = { first: 'R@1', firstFive: 'R@5', recallTen: 'R@10', reciprocalRank: 'MRR', buildMs: 'build ms', loadMs: 'load ms', p50: 'p50 ms', p95: 'p95 ms' }
const NAME_WIDTH = 52
const WIDTH = 10

/** A comparison as a table of figures, and as ratios of ours to each peer's. */
export function describeFinding({ name, passages, questions, rows }: FindingComparison): string {
  const columns = [...QUALITY, ...TIMES]
  const line = (title: string, cells: readonly string[]) => `${title.padEnd(NAME_WIDTH)}${cells.map((cell) => cell.padStart(WIDTH)).join('')}`
  const peers = rows.filter((row) => row.isPeer)
  const ratios = rows.filter((row) => !row.isPeer).flatMap((ours) => peers.map((peer) => line(`${ours.name} : ${peer.name}`, columns.map((column) => ratio(ours[column], peer[column])))))
  return [
    `\nFinding in ${name}: ${passages} passages, ${questions} questions`,
    line('', columns.map((column) => HEADINGS[column])),
    ...rows.map((row) => line(row.name, columns.map((column) => show(row, column)))),
    'ratios (quality: more is better, times: less is better)',
    ...ratios,
    '',
  ].join('\n')
}

function show(row: FindingFigures, column: (typeof QUALITY | typeof TIMES)[number]): string {
  const value = row[column]
  if (value === null) return '-'
  if (column === 'p50' || column === 'p95') return value.toFixed(2)
  return column === 'buildMs' || column === 'loadMs' ? value.toFixed(0) : value.toFixed(3)
}

function ratio(ours: number | null, peer: number | null): string {
  if (ours === null || peer === null || peer === 0) return '-'
  const value = ours / peer
  return value >= 10 ? value.toFixed(0) : value.toFixed(2)
}
