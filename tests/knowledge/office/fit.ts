import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pino from 'pino'
import { createAnswerer } from '../../../src/knowledge/answer/answerer.ts'
import { loadKnowledge, loadTalk } from '../../../src/knowledge/documents/load.ts'
import { fitLogistic, type LogisticModel, type LogisticSample } from '../../../src/knowledge/find/numbers/logistic.ts'
import { VectorCache } from '../../../src/knowledge/find/vectors/vector-cache.ts'
import { featuresOf, HYBRID_FEATURES, LEXICAL_FEATURES } from '../../../src/knowledge/office/margin.ts'
import { viewReadings, type ReadingView } from '../../../src/knowledge/office/recognise.ts'
import { Subjects } from '../../../src/knowledge/office/subjects.ts'
import { TopicIndex } from '../../../src/knowledge/office/topic-index.ts'
import { subjectOf, type Topic } from '../../../src/knowledge/office/wordings.ts'
import { plain } from '../../../src/language/normalize.ts'
import { loadEmbeddingModel } from '../../../src/model/embedding/embedding-source.ts'
import { readAsked, sameMatter } from './asked.ts'

/*
 * Fits src/knowledge/office/weights.json: node --import tsx tests/knowledge/office/fit.ts
 * Learnt from: known.jsonl (questions with their topics, and others that only look like them); as what is not asked of the office the documents' typical
 * questions, the regression set's answerable ones, and the messages of knowledge/talk. Of gaps, refused questions and messages that ask something or want a
 * person nobody has said whether the office answers them: those that look like it are left out.
 */
const ROOT = path.resolve(import.meta.dirname, '../../..')
const TODAY = '2026-12-01'
const PENALTY = 3
const LIKE_IT = 0.7
const UNLIKE = 0.25
const LONGEST_MESSAGE = 40
const log = pino({ level: 'silent' })

interface Row {
  question: string
  topic: Topic | null
  /** Whether somebody said what it asks. */
  isLabelled: boolean
  /** Whether it may well ask the office, though nobody said so. */
  mayAsk: boolean
  isTypical: boolean
}

const knowledge = await loadKnowledge(path.join(ROOT, 'knowledge'))
const answerer = createAnswerer({ ...knowledge, cacheDirectory: path.join(ROOT, 'node_modules/.cache/linli-office-fit'), log, now: () => new Date() })
const opened = await loadEmbeddingModel({ log })
if (opened.outcome === 'unavailable') throw new Error(`The weights are fitted with the embedding model: ${opened.reasons.join('; ')}`)
await answerer.useEmbedding(opened.model)
const cache = new VectorCache(path.join(ROOT, 'node_modules/.cache/linli-office-fit'), opened.model)
const topics = new TopicIndex()
await topics.useEmbedding((texts) => cache.embed(texts.map((text) => plain(text)), 'passage'))
const subjects = new Subjects(knowledge.office, knowledge.services)
const known = answerer.workings().knowledge.index.questions

const other = (question: string, mayAsk: boolean, isTypical = false): Row => ({ question, topic: null, isLabelled: false, mayAsk, isTypical })
const answerable = readFileSync(path.join(ROOT, 'tests/knowledge/regression/answerable.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { q: string })
const ASKING = new Set(['ask_policy', 'human_handoff'])
const rows: Row[] = [
  ...readAsked('known').filter(({ previous }) => previous === undefined).map(({ q, topic }): Row => ({ question: q, topic, isLabelled: true, mayAsk: false, isTypical: false })),
  ...answerable.map(({ q }) => other(q, false)),
  ...knowledge.documents.flatMap(({ passages }) => passages.flatMap(({ typicalQuestions }) => typicalQuestions.map((question) => other(question, true, true)))),
  ...knowledge.gaps.map(({ question }) => other(question, true)),
  ...(await loadTalk(path.join(ROOT, 'knowledge'))).intents.filter(({ text }) => text.length <= LONGEST_MESSAGE).map(({ text, intent }) => other(text, ASKING.has(intent))),
]

const texts = [...new Set(rows.flatMap(({ question }) => [plain(question), ...subjects.read(question, TODAY).map(({ text }) => text)]))]
const vectors = new Map((await cache.embed(texts, 'passage', { onProgress: (done, total) => done % 1600 === 0 && process.stderr.write(`${done}/${total}\n`) })).map((vector, place) => [texts[place] ?? '', vector]))

async function view(row: Row, isHybrid: boolean): Promise<ReadingView[]> {
  const leftOut = row.isTypical ? new Set([...known.questions.keys()].filter((position) => known.questions[position]?.text === row.question)) : undefined
  const embed = isHybrid ? (text: string) => Promise.resolve(vectors.get(text) ?? null) : null
  return viewReadings(row.question, { office: knowledge.office, services: knowledge.services, subjects, topics, known, embed, today: TODAY, ...(leftOut && { leftOut }) })
}

async function fit(isHybrid: boolean): Promise<Record<'office' | 'service', LogisticModel>> {
  const samples: Record<'office' | 'service', LogisticSample[]> = { office: [], service: [] }
  for (const row of rows) {
    for (const { judged } of await view(row, isHybrid)) {
      const sort = subjectOf(judged.near.topic) === 'service' ? 'service' : 'office'
      const isRight = row.topic !== null && sameMatter(judged.near.topic, row.topic)
      const isUnsure = !row.isLabelled && row.mayAsk && !(sort === 'service' && row.isTypical) && judged.near.explained > LIKE_IT
      if (isUnsure || (!isRight && judged.near.explained < UNLIKE)) continue
      samples[sort].push({ features: featuresOf(judged), label: isRight ? 1 : 0, weight: isRight ? 2 : row.isLabelled ? 3 : 1 })
    }
  }
  const names = isHybrid ? HYBRID_FEATURES : LEXICAL_FEATURES
  return { office: fitLogistic(names, samples.office, { penalty: PENALTY }), service: fitLogistic(names, samples.service, { penalty: PENALTY }) }
}

const fitted = { hybrid: await fit(true), lexical: await fit(false) }
const rounded = JSON.stringify(fitted, (_key, value: unknown) => (typeof value === 'number' ? Math.round(value * 10_000) / 10_000 : value), 1)
writeFileSync(path.join(ROOT, 'src/knowledge/office/weights.json'), `${rounded}\n`)
process.stderr.write(`Fitted on ${rows.length} questions and messages.\n`)
