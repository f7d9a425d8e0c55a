/** What became of the environment before it is parsed. */
export interface TidySettings {
  values: Record<string, string | undefined>
  /** What was mended, and what looks like a slip: a word for whoever set it. No value is repeated: many are secrets. */
  remarks: string[]
  /** What can't be guessed. */
  problems: string[]
}

/** Nobody can tell what was meant by blanks or quotes around it. */
const UNTOUCHED = new Set(['ADMIN_PASSWORD'])
/** Other programs have settings of such names too: a slip in them is told, and stops nothing. */
const SHARED = new Set(['DATABASE_URL', 'DATA_DIR', 'PORT', 'HOST', 'LOG_LEVEL', 'OPENAI_API_KEY', 'OPENAI_BASE_URL', 'HF_ENDPOINT', 'XDG_CACHE_HOME', 'TRUSTED_PROXIES', 'METRICS_TOKEN'])
/** Shorter names are near to everything. */
const SHORTEST_COMPARED = 8
const MOST_SLIPS = 2

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/u
/** Blanks of every kind, line ends, marks of the byte order and of nothing at all. */
const AROUND = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu
const QUOTES: Record<string, string> = { '"': '"', "'": "'", '“': '”', '‘': '’', '`': '`' }

/**
 * Takes from each known setting what an editor, a file from Windows or a file for another program leaves around it, and finds
 * names that are nearly known: such a setting would otherwise be without effect, and nobody would know.
 */
export function tidySettings(environment: Readonly<Record<string, string | undefined>>, known: readonly string[]): TidySettings {
  const tidy: TidySettings = { values: {}, remarks: [], problems: [] }
  for (const name of known) {
    const value = environment[name]
    if (value !== undefined) tidy.values[name] = tidyValue(name, value, tidy)
  }
  for (const [name, value] of Object.entries(environment)) {
    if (known.includes(name) || value === undefined || value === '') continue
    const meant = known.find((one) => isSlipOf(name, one))
    if (meant === undefined) continue
    const says = `${name} is not a setting; ${meant} is, and was perhaps meant: rename it, or unset it`
    // Without our own name before it, it may be another program's.
    if (SHARED.has(meant) || meant === `LINLI_${name}`) tidy.remarks.push(`${says}.`)
    else tidy.problems.push(says)
  }
  return tidy
}

function tidyValue(name: string, value: string, { remarks, problems }: TidySettings): string {
  const bare = value.replace(AROUND, '')
  const closing = QUOTES[bare[0] ?? '']
  const isQuoted = bare.length > 1 && closing !== undefined && bare.endsWith(closing)
  const content = isQuoted ? bare.slice(1, -1).replace(AROUND, '') : bare
  if (INVISIBLE.test(content)) problems.push(`${name}: holds a character that can't be seen (position ${content.search(INVISIBLE) + 1}): type it anew, do not paste it`)
  if (content === value) return value
  if (UNTOUCHED.has(name)) {
    problems.push(`${name}: begins or ends with a blank, a line end or quotes; it is not clear whether they belong to it: set it without them`)
    return value
  }
  remarks.push(`${name}: ${isQuoted ? 'the quotes' : 'blanks or line ends'} around it were left out; mend the file that sets it.`)
  return content
}

/** Whether `name` is `known` in other letters, or with a slip or two, or with our own name before it. */
function isSlipOf(name: string, known: string): boolean {
  if (known.length < SHORTEST_COMPARED || Math.abs(name.length - known.length) > 'LINLI_'.length) return false
  const [typed, meant] = [name, known].map((one) => one.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')) as [string, string]
  return typed === meant || typed === `LINLI${meant}` || `LINLI${typed}` === meant || countSlips(typed, meant) <= MOST_SLIPS
}

/** Letters that are wrong, missing or too many; two that changed places are one slip. (Optimal string alignment.) */
function countSlips(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (let row = 1; row <= from.length; row += 1) {
    const line = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1]
      const at = (up: number, left: number) => (up === 0 ? line[column - left] : rows[row - up]?.[column - left]) ?? Infinity
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      line.push(Math.min(at(1, 1) + (isSame ? 0 : 1), at(1, 0) + 1, at(0, 1) + 1, isSwapped ? at(2, 2) + 1 : Infinity))
    }
    rows.push(line)
  }
  return rows[from.length]?.[to.length] ?? Infinity
}
