import { z } from 'zod'
import { SetupError } from '../domain/errors.ts'
import { readJsonLines } from './json-lines.ts'

const Ids = z.array(z.union([z.string(), z.number()]))
const Line = z
  .object({ q: z.string().optional(), question: z.string().optional(), gold: Ids.optional(), rel: Ids.optional(), rel_pids: Ids.optional() })
  .transform(({ q, question, gold, rel, rel_pids: passages }) => ({ text: q ?? question, gold: gold ?? rel ?? passages }))

/** A question with the ids of the passages that answer it, at least one. */
export interface LabelledQuery {
  text: string
  gold: string[]
}

/**
 * Reads labelled questions, JSON Lines of {"q","gold":[id,…]}; `question` for `q` and `rel` or `rel_pids` for `gold` will do as well.
 * Questions that nothing answers are passed over.
 * @throws {SetupError} naming the line that is wrong
 */
export async function readLabelledQueries(file: string): Promise<LabelledQuery[]> {
  const queries: LabelledQuery[] = []
  for await (const line of readJsonLines(file)) {
    if ('error' in line) throw new SetupError(`${file}, line ${line.line}: ${line.error}`)
    const parsed = Line.safeParse(line.value)
    if (!parsed.success) throw new SetupError(`${file}, line ${line.line}: ${z.prettifyError(parsed.error)}`)
    const { text, gold } = parsed.data
    if (text === undefined || gold === undefined) throw new SetupError(`${file}, line ${line.line}: needs "q" and "gold"`)
    if (gold.length > 0) queries.push({ text, gold: gold.map(String) })
  }
  return queries
}
