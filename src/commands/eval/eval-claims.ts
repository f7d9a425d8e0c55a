import path from 'node:path'
import { Command } from 'commander'
import { loadConfig } from '../../config.ts'
import { SetupError } from '../../domain/errors.ts'
import { toLocalDay } from '../../domain/time.ts'
import { loadKnowledge, type Knowledge } from '../../knowledge/documents/load.ts'
import { buildKnowledgeIndex } from '../../knowledge/find/knowledge-index.ts'
import { WEIGHTS } from '../../knowledge/find/numbers/weights.ts'
import { VectorCache } from '../../knowledge/find/vectors/vector-cache.ts'
import { drawSome, fitClaim, type ClaimFolder, type ClaimQuestion } from '../../knowledge/learn/fit/fit-claim.ts'
import { embedLabelled, labelKnownQuestions } from '../../knowledge/learn/fit/fit-data.ts'
import { createCommandLog, waitForEmbedding } from '../answering.ts'
import { readLabelledQueries, readQuestions } from './labelled.ts'
import { readPaperFolder, type PaperFolder } from './paper-folder.ts'
import { writeClaimWeights } from './weights-file.ts'

/** The share of questions on the documents with typical questions that may be turned away as asked of others. */
const GIVEN_UP = 0.015
/** Of one file of foreign questions. */
const MOST_OF_A_FILE = 200

interface Options {
  told: string[]
  foreign: string[]
  fit?: boolean
}

/** `eval-claims DIR… --told F… --foreign F…`: whether a question is asked of the documents with typical questions or of something else; `--fit` stores the weights. */
export function evalClaimsCommand(): Command {
  return new Command('eval-claims')
    .description('measures whether a question is asked of the documents that typical questions were written for, or of other papers')
    .argument('<folders...>', 'other papers with questions*.jsonl, as for eval-papers')
    .requiredOption('--told <file...>', 'questions on the documents with typical questions, JSON Lines of {"q","gold":[clause,…]}')
    .requiredOption('--foreign <file...>', 'questions on papers that are not there at all, JSON Lines of {"q"}')
    .option('--fit', 'stores the weights')
    .action(run)
}

async function run(folders: string[], options: Options): Promise<void> {
  const config = loadConfig(process.env)
  const knowledge = await loadKnowledge(config.knowledgeDirectory)
  const model = await waitForEmbedding(config, createCommandLog(config), false)
  if (model === null) throw new SetupError('Fitting needs the embedding model: run `model` first')
  const cache = new VectorCache(config.cacheDirectory, model)
  const papers = await Promise.all(folders.map(readPaperFolder))
  const read = async (file: string, isTold: boolean): Promise<Asked[]> => {
    const texts = isTold ? (await readLabelledQueries(file)).map(({ text }) => text) : drawSome(await readQuestions(file), MOST_OF_A_FILE)
    return texts.map((text) => ({ text, isTold, collection: path.basename(path.dirname(path.resolve(file))) }))
  }
  const everywhere = (await Promise.all([...options.told.map((file) => read(file, true)), ...options.foreign.map((file) => read(file, false))])).flat()
  // The documents alone, and beside all others; whatever is asked is asked in both.
  const asked = [...everywhere, ...papers.flatMap(({ questions }) => questions.map(({ q, file }) => ({ text: q, isTold: false, collection: file })))]
  const open = (cached: VectorCache | null) => Promise.all([[], papers].map((others) => openFolder(knowledge, others, asked, cached)))
  const [hybrid, lexical] = [fitClaim(await open(cache), GIVEN_UP), fitClaim(await open(null), GIVEN_UP)]
  process.stdout.write(`hybrid ${JSON.stringify(hybrid.figures)}\nlexical ${JSON.stringify(lexical.figures)}\n`)
  if (options.fit !== true) return
  const told = asked.filter(({ isTold }) => isTold).length
  const data = `${told} questions on the documents with typical questions, ${asked.length - told} on other papers, alone and beside ${papers.reduce((sum, { documents }) => sum + documents.size, 0)} papers; figures with the collection left out, ${GIVEN_UP} of the first given up`
  await writeClaimWeights({ fitted: { on: toLocalDay(new Date()), data, figures: { hybrid: hybrid.figures, lexical: lexical.figures } }, hybrid: hybrid.decision, lexical: lexical.decision })
}

type Asked = Omit<ClaimQuestion, 'vectors'>

async function openFolder(knowledge: Knowledge, others: readonly PaperFolder[], asked: readonly Asked[], cache: VectorCache | null): Promise<ClaimFolder> {
  const papers = others.flatMap(({ documents }, place) => [...documents.values()].map((document) => inFolder(document, place)))
  const index = buildKnowledgeIndex({ ...knowledge, documents: [...knowledge.documents, ...papers] })
  const otherDomains = labelKnownQuestions(index.questions).filter(({ isOtherDomain }) => isOtherDomain).map(({ text, leftOut }) => ({ text, leftOut, isTold: false, collection: 'other domains' }))
  const all = [...asked, ...otherDomains]
  const vectors = cache === null ? [] : await embedLabelled(cache, all)
  const questions = all.map((question, place) => ({ ...question, vectors: vectors[place] ?? null }))
  return { knowledge: cache === null ? index : { ...index, index: await index.index.withVectors(cache) }, weights: WEIGHTS, questions }
}

/** Two folders may have a document of the same id. */
function inFolder(document: Knowledge['documents'][number], folder: number): Knowledge['documents'][number] {
  const id = `${document.id}-${folder}`
  return { ...document, id, passages: document.passages.map((passage) => ({ ...passage, documentId: id })) }
}
