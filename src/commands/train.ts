import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Command } from 'commander'
import { loadConfig } from '../config.ts'
import { INTENTS } from '../domain/messages/understanding.ts'
import { REGISTERS } from '../domain/messages/talk.ts'
import { loadKnowledge, loadTalk } from '../knowledge/documents/load.ts'
import { lanesForMany, VectorCache } from '../knowledge/find/vectors/vector-cache.ts'
import { probabilitiesOf, type Unseen } from '../language/reader/calibrate.ts'
import { INTENT_CLASSES } from '../language/reader/lessons.ts'
import { WEIGHTS_FILE } from '../language/reader/open-reader.ts'
import { highest } from '../language/reader/classifiers/scores.ts'
import { trainReader, type Trained } from '../language/reader/training/train.ts'
import { packWeights, type Calibration } from '../language/reader/weights-file.ts'
import { createCommandLog, waitForEmbedding } from './answering.ts'

interface Options {
  lexical?: boolean
  failures: string
}

async function run(options: Options): Promise<void> {
  const startedAt = performance.now()
  const config = loadConfig(process.env)
  const [talk, knowledge] = [await loadTalk(config.knowledgeDirectory), await loadKnowledge(config.knowledgeDirectory)]
  const model = await waitForEmbedding(config, createCommandLog(config), options.lexical === true)
  const texts = talk.intents.map(({ text }) => text)
  const embedded = model === null ? [] : await new VectorCache(config.cacheDirectory, model).embed(texts, 'passage', { lanes: lanesForMany() })
  const of = new Map(texts.map((text, index) => [text, embedded[index]]))
  const vectorsAt = performance.now()
  const trained = await trainReader({
    talk, services: knowledge.services, areas: knowledge.areas, now: new Date(),
    vectors: model === null ? null : { model: model.id, of: (text) => of.get(text) },
    onStep: (step) => process.stderr.write(`${seconds(performance.now() - startedAt)} ${step}\n`),
  })
  const file = path.join(config.knowledgeDirectory, WEIGHTS_FILE)
  const packed = packWeights(trained.weights)
  await writeFile(file, packed)
  process.stdout.write(`${describe(trained, Number(options.failures))}\nWritten to ${file}: ${(packed.length / 1e6).toFixed(2)} MB, data ${trained.weights.data}. ` +
    `Vectors ${seconds(vectorsAt - startedAt)}, training and judging ${seconds(performance.now() - vectorsAt)}.\n`)
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
const share = (part: number, whole: number): string => (whole === 0 ? '–' : (part / whole).toFixed(3))
const lineOf = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`

function describe({ weights, unseen, tables }: Trained, failures: number): string {
  const { lexical, hybrid } = weights.calibration
  const lines = [
    `Cross-validated on ${unseen.length} messages (each read by a reader that had not seen it), by words | with the model:`,
    lineOf(['intent', 'messages', 'words', 'model']),
    lineOf(['---', '---', '---', '---']),
    ...INTENTS.map((intent) => rowOf(intent, unseen.filter((one) => one.intent === intent), lexical, hybrid)),
    ...REGISTERS.filter((register) => unseen.some((one) => one.register === register)).map((register) => rowOf(register, unseen.filter((one) => one.register === register), lexical, hybrid)),
    rowOf('all', unseen, lexical, hybrid),
    '',
    dangerLine('by words', unseen, lexical),
    dangerLine('with the model', unseen, hybrid),
    `Categories ${tables.categories.toFixed(3)}; moves ${share(tables.moves.right, tables.moves.of)} of ${tables.moves.of}.`,
    lineOf(['mark', 'in the text', 'found of them', 'right of found']),
    lineOf(['---', '---', '---', '---']),
    ...[...tables.spans].sort(([one], [other]) => one.localeCompare(other)).map(([kind, { gold, found, right }]) => lineOf([kind, gold, share(right, gold), share(right, found)])),
    '',
    'Read wrongly, the surest first:',
    ...failuresOf(unseen, hybrid).slice(0, failures),
    ...tables.moves.wrong.slice(0, failures),
  ]
  return lines.join('\n')
}

const isRight = (one: Unseen, calibration: Calibration): boolean => INTENT_CLASSES[highest(probabilitiesOf(one, calibration))] === one.intent

const rowOf = (name: string, unseen: readonly Unseen[], lexical: Calibration, hybrid: Calibration): string =>
  lineOf([name, unseen.length, share(unseen.filter((one) => isRight(one, lexical)).length, unseen.length), share(unseen.filter((one) => isRight(one, hybrid)).length, unseen.length)])

function dangerLine(mode: string, unseen: readonly Unseen[], calibration: Calibration): string {
  const emergency = INTENT_CLASSES.indexOf('emergency')
  const warns = (one: Unseen) => probabilitiesOf(one, calibration)[emergency]! >= calibration.danger
  const dangers = unseen.filter(({ intent }) => intent === 'emergency')
  const others = unseen.filter(({ intent, also }) => intent !== 'emergency' && !also.includes('emergency'))
  return `Safety words ${mode}: ${share(dangers.filter(warns).length, dangers.length)} of ${dangers.length} emergencies, ${share(others.filter(warns).length, others.length)} of ${others.length} others (from ${calibration.danger.toFixed(3)} on; surely from ${calibration.sureDanger.toFixed(3)} on).`
}

const failuresOf = (unseen: readonly Unseen[], calibration: Calibration): string[] =>
  unseen
    .map((one) => ({ one, probabilities: probabilitiesOf(one, calibration) }))
    .filter(({ one, probabilities }) => INTENT_CLASSES[highest(probabilities)] !== one.intent)
    .map(({ one, probabilities }) => ({ one, got: INTENT_CLASSES[highest(probabilities)]!, probability: probabilities[highest(probabilities)]! }))
    .sort((left, right) => right.probability - left.probability)
    .map(({ one, got, probability }) => `${one.intent} read as ${got} (${probability.toFixed(2)}, ${one.register}): ${one.text}`)

/** `train`: learns the reader from `talk` in the knowledge folder, says how well, and writes its weights there. */
export function trainCommand(): Command {
  return new Command('train')
    .description('trains the reader from knowledge/talk, prints cross-validated tables and writes its weights')
    .option('--lexical', 'by words only: no sentence vectors are learnt from')
    .option('--failures <count>', 'how many messages that were read wrongly are printed', '40')
    .action(run)
}
