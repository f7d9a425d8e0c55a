import { Command } from 'commander'
import { loadConfig } from '../../config.ts'
import { SetupError } from '../../domain/errors.ts'
import { toLocalDay } from '../../domain/time.ts'
import { embedLabelled } from '../../knowledge/learn/fit-data.ts'
import type { LabelledQuestion } from '../../knowledge/learn/fit-data.ts'
import { fitRanking } from '../../knowledge/learn/fit.ts'
import type { RankingInput } from '../../knowledge/learn/fit.ts'
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

/** `eval-corpus --corpus A B --file QA QB [--fit]`: ranking on labelled corpora, cross-validated on all of them together, with the figures of each. */
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
  const lexicalInputs: RankingInput[] = []
  const hybridInputs: RankingInput[] = []
  for (const [place, corpus] of options.corpus.entries()) {
    const { ids, passages } = await readCorpus(corpus)
    const questions = await readLabelled(options.file[place] ?? '', ids)
    const index = PassageIndex.build(passages, [])
    lexicalInputs.push({ index, questions, vectors: questions.map(() => null) })
    hybridInputs.push({ index: await index.withVectors(cache, { lanes: lanesForMany() }), questions, vectors: await embedLabelled(cache, questions) })
  }
  const lexical = fitRanking(...lexicalInputs)
  const hybrid = fitRanking(...hybridInputs)
  for (const [place, corpus] of options.corpus.entries()) {
    process.stdout.write(`${corpus}\n  lexical ${JSON.stringify(lexical.figuresByInput[place])}\n  hybrid  ${JSON.stringify(hybrid.figuresByInput[place])}\n`)
  }
  if (options.fit !== true) return
  await writeWeights({
    ...WEIGHTS,
    corpus: {
      fitted: { on: toLocalDay(new Date()), data: options.label ?? options.corpus.join(', '), figures: { hybrid: hybrid.figures, lexical: lexical.figures } },
      hybrid: { ...hybrid.model, calibration: hybrid.calibration },
      lexical: { ...lexical.model, calibration: lexical.calibration },
    },
  })
}

async function readLabelled(file: string, ids: readonly (string | number)[]): Promise<LabelledQuestion[]> {
  const positions = new Map(ids.map((id, position) => [String(id), position]))
  const queries = await readLabelledQueries(file)
  return queries.map(({ text, gold }) => ({ text, gold: new Set(gold.flatMap((id) => positions.get(id) ?? [])), leftOut: new Set() }))
}
