import { z } from 'zod'
import { SetupError } from '../../domain/errors.ts'
import type { EvalQuestion } from '../../knowledge/learn/evaluate/evaluate-result.ts'
import { readJsonLines } from '../json-lines.ts'

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

const Text = z.union([z.string(), z.number()]).transform(String)
const OneOrMore = z.array(z.union([Text, z.array(Text).min(1)]))
const AnsweringLine = z.object({
  id: Text.optional(),
  q: z.string(),
  previous: z.string().optional(),
  gold: z.array(Text),
  goldAll: OneOrMore.optional(),
  expect: z.enum(['answer', 'refusal', 'correction']).optional(),
  facts: OneOrMore.optional(),
  set: z.string().optional(),
  register: z.string().optional(),
  kind: z.string().optional(),
  form: z.string().optional(),
})

/**
 * Reads questions with what a right answer is, JSON Lines of {"q","gold":[clause,…]} and more that may be left out: `expect` is
 * `refusal` without a clause and `answer` with one, `set` is the `register`, `form` follows from `previous` and `goldAll`.
 * @throws {SetupError} naming the line that is wrong
 */
export async function readEvalQuestions(file: string): Promise<EvalQuestion[]> {
  const questions: EvalQuestion[] = []
  for await (const line of readJsonLines(file)) {
    if ('error' in line) throw new SetupError(`${file}, line ${line.line}: ${line.error}`)
    const parsed = AnsweringLine.safeParse(line.value)
    if (!parsed.success) throw new SetupError(`${file}, line ${line.line}: ${z.prettifyError(parsed.error)}`)
    questions.push(toEvalQuestion(parsed.data, line.line))
  }
  return questions
}

function toEvalQuestion(line: z.infer<typeof AnsweringLine>, place: number): EvalQuestion {
  const { id, q, previous, gold, goldAll, facts, set, register, kind } = line
  const expect = line.expect ?? (gold.length > 0 ? 'answer' : 'refusal')
  const form = line.form ?? (previous !== undefined ? 'follow_up' : goldAll !== undefined ? 'several_clauses' : 'plain')
  return { id: id ?? String(place), question: q, gold, goldAll: goldAll ?? [], expect, facts: facts ?? [], set: set ?? register ?? 'all', kind: kind ?? expect, form, ...(previous !== undefined && { previous }) }
}
