import { Command } from 'commander'
import { z } from 'zod'
import { loadConfig } from '../config.ts'
import { SetupError } from '../domain/errors.ts'
import { toLocalDay } from '../domain/time.ts'
import { summarize } from '../knowledge/evaluate.ts'
import type { EvalQuestion, EvalResult, EvalRow, EvalSummary } from '../knowledge/evaluate.ts'
import { fitAnswering, fitBareRefusal } from '../knowledge/fit.ts'
import type { Fitted } from '../knowledge/fit.ts'
import { embedLabelled, labelKnownQuestions } from '../knowledge/fit-data.ts'
import { buildKnowledgeIndex } from '../knowledge/knowledge-index.ts'
import { loadKnowledge } from '../knowledge/load.ts'
import type { Knowledge } from '../knowledge/load.ts'
import { OTHER_DOMAINS } from '../knowledge/other-domains.ts'
import { VectorCache } from '../knowledge/vector-cache.ts'
import { WEIGHTS } from '../knowledge/weights.ts'
import { createCommandLog, openAnswerer, waitForEmbedding } from './answering.ts'
import { readJsonLines } from './json-lines.ts'
import { writeBareWeights, writeWeights } from './weights-file.ts'

const Text = z.union([z.string(), z.number()]).transform(String)
const Line = z.object({
  id: Text.optional(),
  q: z.string(),
  previous: z.string().optional(),
  gold: z.array(Text),
  expect: z.enum(['answer', 'refusal', 'correction']).optional(),
  facts: z.array(z.union([z.string(), z.array(z.string())])).optional(),
  set: z.string().optional(),
  register: z.string().optional(),
  kind: z.string().optional(),
})
/** Share of the answerable questions that must be answered: words alone know less, so they may refuse more. */
const ANSWERED_SHARE = { hybrid: 0.975, lexical: 0.94 }
/** Without typical questions colloquial ones are harder to tell from those of other domains: more of them are passed on to staff. */
const BARE_ANSWERED_SHARE = 0.93

interface Options {
  file?: string[]
  lexical?: boolean
  fit?: boolean
}

/**
 * `eval --file F`: how well a labelled file is answered. `eval`: the knowledge folder's own questions, each looking past itself,
 * cross-validated. `eval --fit`: fits the weights on them anew and writes src/knowledge/weights.json.
 */
export function evalCommand(): Command {
  return new Command('eval')
    .description('measures finding, answering and refusing on labelled questions')
    .option('--file <file...>', 'JSON Lines of {"q","gold":[clause,…],"expect"?:"answer"|"refusal"|"correction","facts"?:[…],"previous"?,"set"?|"register"?,"kind"?}; gold [] = must be refused')
    .option('--lexical', 'without the embedding model')
    .option('--fit', 'fits ranking and refusal on the typical questions and known gaps, and stores them')
    .action(run)
}

async function run(options: Options): Promise<void> {
  if (options.file !== undefined) return evaluateFiles(options.file, options.lexical === true)
  const config = loadConfig(process.env)
  const log = createCommandLog(config)
  const knowledge = await loadKnowledge(config.knowledgeDirectory)
  const model = await waitForEmbedding(config, log, options.lexical === true)
  const lexical = fitKnowledge(knowledge)
  printFigures('lexical', lexical.figures)
  printFigures('lexical, without typical questions', lexical.bare.figures)
  if (model === null) {
    if (options.fit === true) throw new SetupError('Fitting needs the embedding model: run `model` first')
    return
  }
  const cache = new VectorCache(config.cacheDirectory, model)
  const hybrid = await fitKnowledgeWithVectors(knowledge, cache)
  printFigures('hybrid', hybrid.figures)
  printFigures('hybrid, without typical questions', hybrid.bare.figures)
  if (options.fit === true) await storeWeights(knowledge, lexical, hybrid)
}

interface FittedBoth extends Fitted {
  bare: Pick<Fitted, 'refusal' | 'figures'>
}

function fitKnowledge(knowledge: Knowledge): FittedBoth {
  const { index, questions } = buildKnowledgeIndex(knowledge)
  const labelled = labelKnownQuestions(questions)
  const input = { index, questions: labelled, vectors: labelled.map(() => null) }
  return { ...fitAnswering({ ...input, answeredShare: ANSWERED_SHARE.lexical }), bare: fitBareRefusal({ ...input, answeredShare: BARE_ANSWERED_SHARE }, WEIGHTS.corpus.lexical) }
}

async function fitKnowledgeWithVectors(knowledge: Knowledge, cache: VectorCache): Promise<FittedBoth> {
  const { index, questions } = buildKnowledgeIndex(knowledge)
  const labelled = labelKnownQuestions(questions)
  const input = { index: await index.withVectors(cache), questions: labelled, vectors: await embedLabelled(cache, labelled) }
  return { ...fitAnswering({ ...input, answeredShare: ANSWERED_SHARE.hybrid }), bare: fitBareRefusal({ ...input, answeredShare: BARE_ANSWERED_SHARE }, WEIGHTS.corpus.hybrid) }
}

async function storeWeights(knowledge: Knowledge, lexical: FittedBoth, hybrid: FittedBoth): Promise<void> {
  const typical = knowledge.documents.reduce((sum, document) => sum + document.passages.reduce((count, passage) => count + passage.typicalQuestions.length, 0), 0)
  await writeWeights({
    ...WEIGHTS,
    fitted: {
      on: toLocalDay(new Date()),
      data: `${typical} typical questions and ${knowledge.gaps.length} known gaps of knowledge/, each looking past itself and a random 30 % of the others, and ${OTHER_DOMAINS.length} questions of other domains; figures from five-fold cross-validation`,
      figures: { hybrid: hybrid.figures, lexical: lexical.figures },
    },
    ranking: { hybrid: hybrid.ranking, lexical: lexical.ranking },
    refusal: { hybrid: hybrid.refusal, lexical: lexical.refusal },
  })
  await writeBareWeights({
    fitted: {
      on: toLocalDay(new Date()),
      data: 'the same questions, looking past all typical questions and known gaps; figures from five-fold cross-validation',
      figures: { hybrid: hybrid.bare.figures, lexical: lexical.bare.figures },
    },
    refusal: { hybrid: hybrid.bare.refusal, lexical: lexical.bare.refusal },
  })
}

async function evaluateFiles(files: readonly string[], isLexical: boolean): Promise<void> {
  const questions = (await Promise.all(files.map(readQuestions))).flat()
  const { answerer } = await openAnswerer({ isLexical })
  await answerer.answer('社区志愿者怎么报名？')
  const results: EvalResult[] = []
  for (const question of questions) {
    const startedAt = performance.now()
    const answer = await answerer.answer(question.question, question.previous === undefined ? {} : { previousQuestion: question.previous })
    results.push({ ...question, answer, ms: performance.now() - startedAt })
  }
  printSummary(answerer.state().mode, summarize(results, (document, clause) => answerer.passage(document, clause)))
}

/** The questions of a labelled file. @throws {SetupError} naming the line that is not one */
export async function readQuestions(file: string): Promise<EvalQuestion[]> {
  const questions: EvalQuestion[] = []
  for await (const line of readJsonLines(file)) {
    const parsed = 'error' in line ? null : Line.safeParse(line.value)
    if (parsed?.success !== true) throw new SetupError(`${file}, line ${line.line}: ${'error' in line ? line.error : z.prettifyError(parsed?.error ?? new z.ZodError([]))}`)
    const { id, q, previous, gold, facts, set, register, kind } = parsed.data
    const expect = parsed.data.expect ?? (gold.length > 0 ? 'answer' : 'refusal')
    questions.push({ id: id ?? String(line.line), question: q, gold, expect, facts: facts ?? [], set: set ?? register ?? 'all', kind: kind ?? expect, ...(previous !== undefined && { previous }) })
  }
  return questions
}

function printFigures(mode: string, figures: Record<string, number>): void {
  process.stdout.write(`\n${mode}, cross-validated on the knowledge folder's own questions\n`)
  for (const [name, value] of Object.entries(figures)) process.stdout.write(`  ${name.padEnd(18)} ${value}\n`)
}

const COLUMNS = ['questions', 'first', 'firstThree', 'answered', 'citesRight', 'facts', 'refused', 'corrected'] as const satisfies readonly (keyof EvalRow)[]

function printSummary(mode: string, summary: EvalSummary): void {
  const cell = (value: string | number | null) => String(value ?? '-').padStart(11)
  const table = (title: string, rows: readonly EvalRow[]) => [`${title.padEnd(16)}${COLUMNS.map(cell).join('')}`, ...rows.map((row) => `${row.name.padEnd(16)}${COLUMNS.map((column) => cell(row[column])).join('')}`), '']
  const lines = [
    ...table(`${mode}, by set`, [...summary.bySet, ...(summary.bySet.length > 1 ? [summary.all] : [])]),
    ...(summary.byKind.length > 2 ? table('by kind', summary.byKind) : []),
    `quotes ${summary.quotes}, not word for word ${summary.brokenQuotes}; figures ${summary.figures}, not in a cited clause ${summary.strayFigures}; length p95 ${summary.p95Length}; ms a question p50 ${summary.p50Ms.toFixed(1)}, p95 ${summary.p95Ms.toFixed(1)}`,
    `probability of the first clause, and how often it was right: ${summary.reliability.filter((bin) => bin.questions > 0).map((bin) => `${bin.probability} ${bin.right ?? '-'} of ${bin.questions}`).join('; ')}`,
    '',
    ...summary.failures,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
