import { Command } from 'commander'
import { loadConfig } from '../../config.ts'
import { SetupError } from '../../domain/errors.ts'
import { toLocalDay } from '../../domain/time.ts'
import { embedLabelled } from '../../knowledge/learn/fit/fit-data.ts'
import type { LabelledQuestion } from '../../knowledge/learn/fit/fit-data.ts'
import { collectSum, fitSum } from '../../knowledge/learn/fit/fit-sum.ts'
import type { FittedSum, SumCorpus } from '../../knowledge/learn/fit/fit-sum.ts'
import { PassageIndex } from '../../knowledge/find/passage-index.ts'
import { lanesForMany, VectorCache } from '../../knowledge/find/vectors/vector-cache.ts'
import { WEIGHTS } from '../../knowledge/find/numbers/weights.ts'
import { createCommandLog, waitForEmbedding } from '../answering.ts'
import { readLabelledQueries } from './labelled.ts'
import { readCorpus } from '../search.ts'
import { writeWeights } from './weights-file.ts'

interface Options {
  corpus: string[]
  file: string[]
  label?: string
  fit?: boolean
}

/** `eval-corpus --corpus A B --file QA QB [--fit]`: finding in labelled corpora, each by numbers that were fitted on all the others. */
export function evalCorpusCommand(): Command {
  return new Command('eval-corpus')
    .description('measures how labelled corpora are ranked, and fits the weights of `search` on them')
    .requiredOption('--corpus <files...>', 'JSON Lines of {"id","title"?,"text"}')
    .requiredOption('--file <files...>', 'for each corpus JSON Lines of {"q","gold":[passage id,…]}')
    .option('--label <text>', 'what the data is, stored with the weights')
    .option('--fit', 'stores the weights')
    .action(run)
}

async function run(options: Options): Promise<void> {
  if (options.corpus.length !== options.file.length) throw new SetupError('Give one --file for each --corpus')
  const config = loadConfig(process.env)
  const model = await waitForEmbedding(config, createCommandLog(config), false)
  if (model === null) throw new SetupError('Measuring corpora needs the embedding model: run `model` first')
  const cache = new VectorCache(`${config.cacheDirectory}/search`, model)
  const lexicalCorpora: SumCorpus[] = []
  const hybridCorpora: SumCorpus[] = []
  for (const [place, corpus] of options.corpus.entries()) {
    const { ids, passages } = await readCorpus(corpus)
    const questions = await readLabelled(options.file[place] ?? '', ids)
    const index = PassageIndex.build(passages, [])
    lexicalCorpora.push(collectSum(corpus, { index, questions, vectors: questions.map(() => null) }))
    hybridCorpora.push(collectSum(corpus, { index: await index.withVectors(cache, { lanes: lanesForMany() }), questions, vectors: await embedLabelled(cache, questions) }))
  }
  const lexical = fitSum(lexicalCorpora, 'lexical')
  const hybrid = fitSum(hybridCorpora, 'hybrid')
  printUnseen('by words', lexical)
  printUnseen('by words and meaning', hybrid)
  if (options.fit !== true) return
  await writeWeights({
    ...WEIGHTS,
    corpus: {
      fitted: { on: toLocalDay(new Date()), data: options.label ?? options.corpus.join(', '), figures: { hybrid: hybrid.figures, lexical: lexical.figures } },
      hybrid: hybrid.model,
      lexical: lexical.model,
    },
  })
}

async function readLabelled(file: string, ids: readonly (string | number)[]): Promise<LabelledQuestion[]> {
  const positions = new Map(ids.map((id, position) => [String(id), position]))
  const queries = await readLabelledQueries(file)
  return queries.map(({ text, gold }) => ({ text, gold: new Set(gold.flatMap((id) => positions.get(id) ?? [])), leftOut: new Set() }))
}

function printUnseen(how: string, { unseen, figures }: FittedSum): void {
  process.stdout.write(`\n${how}, each corpus by numbers fitted on the others\n`)
  for (const { name, figures: own, weights } of unseen) process.stdout.write(`  ${name}\n    ${JSON.stringify(own)}\n    ${JSON.stringify(weights)}\n`)
  process.stdout.write(`  mean ${JSON.stringify(figures)}\n`)
}
