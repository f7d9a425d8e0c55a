import { Command } from 'commander'
import { loadConfig } from '../../config.ts'
import { SetupError } from '../../domain/errors.ts'
import { toLocalDay } from '../../domain/time.ts'
import { summarize } from '../../knowledge/learn/evaluate/evaluate.ts'
import type { EvalResult } from '../../knowledge/learn/evaluate/evaluate-result.ts'
import { fitAnswering } from '../../knowledge/learn/fit/fit.ts'
import type { Fitted } from '../../knowledge/learn/fit/fit.ts'
import { embedLabelled, labelKnownQuestions } from '../../knowledge/learn/fit/fit-data.ts'
import { buildKnowledgeIndex } from '../../knowledge/find/knowledge-index.ts'
import { loadKnowledge } from '../../knowledge/documents/load.ts'
import type { Knowledge } from '../../knowledge/documents/load.ts'
import { OTHER_DOMAINS } from '../../knowledge/find/questions/other-domains.ts'
import { VectorCache } from '../../knowledge/find/vectors/vector-cache.ts'
import { WEIGHTS } from '../../knowledge/find/numbers/weights.ts'
import { createCommandLog, openAnswerer, waitForEmbedding } from '../answering.ts'
import { describeDocuments, evaluateDocuments } from './eval-documents.ts'
import { reportSummary } from './eval-report.ts'
import { readEvalQuestions } from './labelled.ts'
import { writeWeights } from './weights-file.ts'

/** Share of the answerable questions that must be answered: words alone know less, so they may refuse more. */
const ANSWERED_SHARE = { hybrid: 0.97, lexical: 0.94 }

interface Options {
  file?: string[]
  documents?: string
  lexical?: boolean
  fit?: boolean
}

/**
 * `eval --file F`: how well a labelled file is answered. `eval`: the knowledge folder's own questions, each looking past itself,
 * cross-validated. `eval --fit`: fits the weights on them anew and writes src/knowledge/find/numbers/weights.json.
 */
export function evalCommand(): Command {
  return new Command('eval')
    .description('measures finding, answering and refusing on labelled questions')
    .option('--file <file...>', 'JSON Lines of {"q","gold":[clause,…]} with "id", "expect" (answer, refusal, correction), "facts", "previous", "goldAll", "set" or "register", "kind", "form" where they are known; gold [] = must be refused')
    .option('--documents <folder>', 'finding in the files of a folder, with questions*.jsonl of {"file","q","where"}: by file, each left out whole')
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
  if (options.documents !== undefined) {
    process.stdout.write(describeDocuments('by words', await evaluateDocuments(options.documents, knowledge.documents, null)))
    if (model !== null) process.stdout.write(`\n${describeDocuments('by words and meaning', await evaluateDocuments(options.documents, knowledge.documents, new VectorCache(config.cacheDirectory, model)))}`)
    return
  }
  const lexical = fitKnowledge(knowledge)
  printFigures('lexical', lexical.figures)
  if (model === null) {
    if (options.fit === true) throw new SetupError('Fitting needs the embedding model: run `model` first')
    return
  }
  const cache = new VectorCache(config.cacheDirectory, model)
  const hybrid = await fitKnowledgeWithVectors(knowledge, cache)
  printFigures('hybrid', hybrid.figures)
  if (options.fit === true) await storeWeights(knowledge, lexical, hybrid)
}

function fitKnowledge(knowledge: Knowledge): Fitted {
  const { index, questions } = buildKnowledgeIndex(knowledge)
  const labelled = labelKnownQuestions(questions)
  const input = { index, questions: labelled, vectors: labelled.map(() => null) }
  return fitAnswering({ ...input, answeredShare: ANSWERED_SHARE.lexical })
}

async function fitKnowledgeWithVectors(knowledge: Knowledge, cache: VectorCache): Promise<Fitted> {
  const { index, questions } = buildKnowledgeIndex(knowledge)
  const labelled = labelKnownQuestions(questions)
  const input = { index: await index.withVectors(cache), questions: labelled, vectors: await embedLabelled(cache, labelled) }
  return fitAnswering({ ...input, answeredShare: ANSWERED_SHARE.hybrid })
}

async function storeWeights(knowledge: Knowledge, lexical: Fitted, hybrid: Fitted): Promise<void> {
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
}

async function evaluateFiles(files: readonly string[], isLexical: boolean): Promise<void> {
  const questions = (await Promise.all(files.map(readEvalQuestions))).flat()
  const { answerer } = await openAnswerer({ isLexical })
  await answerer.answer('社区志愿者怎么报名？')
  const results: EvalResult[] = []
  for (const question of questions) {
    const startedAt = performance.now()
    const answer = await answerer.answer(question.question, question.previous === undefined ? {} : { previousQuestion: question.previous })
    results.push({ ...question, answer, ms: performance.now() - startedAt })
  }
  const summary = summarize(results, (document, clause) => answerer.passage(document, clause))
  process.stdout.write(`${reportSummary(answerer.state().mode, summary)}\n`)
}

function printFigures(mode: string, figures: Record<string, number>): void {
  process.stdout.write(`\n${mode}, cross-validated on the knowledge folder's own questions\n`)
  for (const [name, value] of Object.entries(figures)) process.stdout.write(`  ${name.padEnd(18)} ${value}\n`)
}
