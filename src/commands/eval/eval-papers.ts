import { Command } from 'commander'
import { loadConfig } from '../../config.ts'
import type { KnowledgeDocument, Passage } from '../../domain/answers.ts'
import { SetupError } from '../../domain/errors.ts'
import { toLocalDay } from '../../domain/time.ts'
import { buildKnowledgeIndex } from '../../knowledge/find/knowledge-index.ts'
import { VectorCache } from '../../knowledge/find/vectors/vector-cache.ts'
import { WEIGHTS } from '../../knowledge/find/numbers/weights.ts'
import { fitBare } from '../../knowledge/learn/fit/fit-bare.ts'
import type { PaperFolder } from '../../knowledge/learn/fit/fit-bare.ts'
import { embedLabelled } from '../../knowledge/learn/fit/fit-data.ts'
import { normalize } from '../../language/normalize.ts'
import { createCommandLog, waitForEmbedding } from '../answering.ts'
import { readPaperFolder, type PaperQuestion } from './paper-folder.ts'
import { writeBareWeights } from './weights-file.ts'

/** Of questions that papers do not answer so many must be refused; of many papers together another may well answer. */
const NEAR_MISSES_REFUSED = { alone: 0.88, together: 0.88 }

interface Paper {
  document: KnowledgeDocument
  questions: PaperQuestion[]
}

/** `eval-papers DIR… [--fit]`: choosing and refusing on papers without typical questions, each paper left out in turn; `--fit` stores the weights. */
export function evalPapersCommand(): Command {
  return new Command('eval-papers')
    .description('measures answering from papers that nobody wrote typical questions for, and fits its weights on them')
    .argument('<folders...>', 'papers with metadata.json (title, issuer, issuedOn where a paper does not say) and *.jsonl of {"file","q","kind":"answerable"|"near_miss","where"}')
    .option('--fit', 'stores the weights')
    .action(run)
}

async function run(folders: string[], options: { fit?: boolean }): Promise<void> {
  const config = loadConfig(process.env)
  const model = await waitForEmbedding(config, createCommandLog(config), false)
  if (model === null) throw new SetupError('Fitting needs the embedding model: run `model` first')
  const cache = new VectorCache(config.cacheDirectory, model)
  const read = await Promise.all(folders.map(readPapers))
  const papers = read.flat()
  // Towns that lie together say different things of the same: a folder is one community's.
  const groups = [...papers.map((paper) => [paper]), ...read]
  const open = (cached: VectorCache | null) => Promise.all(groups.map((group) => openFolder(group, cached)))
  const [hybrid, lexical] = [fitBare(await open(cache), NEAR_MISSES_REFUSED), fitBare(await open(null), NEAR_MISSES_REFUSED)]
  process.stdout.write(`hybrid ${JSON.stringify(hybrid.figures)}\nlexical ${JSON.stringify(lexical.figures)}\n`)
  if (options.fit !== true) return
  const questions = papers.reduce((sum, paper) => sum + paper.questions.length, 0)
  const data = `${questions} questions on ${papers.length} papers without typical questions, each alone and those of a folder together; figures with the paper left out`
  await writeBareWeights({ fitted: { on: toLocalDay(new Date()), data, figures: { hybrid: hybrid.figures, lexical: lexical.figures } }, hybrid: hybrid.decision, lexical: lexical.decision })
}

/** Papers that somebody asks something of. */
async function readPapers(folder: string): Promise<Paper[]> {
  const { documents, questions } = await readPaperFolder(folder)
  return [...documents].map(([file, document]) => ({ document, questions: questions.filter((question) => question.file === file) })).filter((paper) => paper.questions.length > 0)
}

const bare = (text: string): string => normalize(text).replaceAll(/[^\p{L}\p{N}]/gu, '')

async function openFolder(papers: readonly Paper[], cache: VectorCache | null): Promise<PaperFolder> {
  const knowledge = buildKnowledgeIndex({ documents: papers.map(({ document }) => document), gaps: [] })
  const asked = papers.flatMap(({ document, questions }) => questions.map((question) => ({ ...question, paper: document.id, text: question.q })))
  const vectors = cache === null ? [] : await embedLabelled(cache, asked)
  const questions = asked.map(({ text, paper, kind, where }, place) => ({
    text,
    paper,
    vectors: vectors[place] ?? null,
    isRight: kind === 'near_miss' || where === '' ? null : (passage: Passage) => bare(passage.text).includes(bare(where)),
  }))
  const ranking = WEIGHTS.corpus[cache === null ? 'lexical' : 'hybrid']
  return { knowledge: cache === null ? knowledge : { ...knowledge, index: await knowledge.index.withVectors(cache) }, ranking, questions }
}
