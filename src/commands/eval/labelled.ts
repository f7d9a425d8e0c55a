import { z } from 'zod'
import { SetupError } from '../../domain/errors.ts'
import type { EvalQuestion } from '../../knowledge/learn/evaluate/evaluate-result.ts'
import { readJsonLines } from '../json-lines.ts'

const Ids = z.array(z.union([z.string(), z.number()]))
const Line = z
  .object({ q: z.string().optional(), question: z.string().optional(), gold: Ids.optional(), rel: Ids.optional(), rel_pids: Ids.optional(), previous: z.string().optional() })
  .transform(({ q, question, gold, rel, rel_pids: passages, previous }) => ({ text: q ?? question, gold: gold ?? rel ?? passages, isFollowUp: previous !== undefined }))

/** A question with the ids of the passages that answer it, at least one. */
export interface LabelledQuery {
  text: string
  gold: string[]
}

/**
 * Reads labelled questions, JSON Lines of {"q","gold":[id,…]}; `question` for `q` and `rel` or `rel_pids` for `gold` will do as well.
 * Questions that nothing answers are passed over, and those that only go on from another.
 * @throws {SetupError} naming the line that is wrong
 */
export async function readLabelledQueries(file: string): Promise<LabelledQuery[]> {
  const queries: LabelledQuery[] = []
  for await (const line of readJsonLines(file)) {
    if ('error' in line) throw new SetupError(`${file}, line ${line.line}: ${line.error}`)
    const parsed = Line.safeParse(line.value)
    if (!parsed.success) throw new SetupError(`${file}, line ${line.line}: ${z.prettifyError(parsed.error)}`)
    const { text, gold, isFollowUp } = parsed.data
    if (text === undefined || gold === undefined) throw new SetupError(`${file}, line ${line.line}: needs "q" and "gold"`)
    if (gold.length > 0 && !isFollowUp) queries.push({ text, gold: gold.map(String) })
  }
  return queries
}

/** Every question of a file, whatever answers it. @throws {SetupError} naming the line that is wrong */
export async function readQuestions(file: string): Promise<string[]> {
  const questions: string[] = []
  for await (const line of readJsonLines(file)) {
    const parsed = 'error' in line ? null : Line.safeParse(line.value)
    const text = parsed?.success === true ? parsed.data.text : undefined
    if (text === undefined) throw new SetupError(`${file}, line ${line.line}: needs "q"`)
    questions.push(text)
  }
  return questions
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
