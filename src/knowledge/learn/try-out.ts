import type { Answer } from '../../domain/answers.ts'
import { plain } from '../../language/normalize.ts'
import type { Workings } from '../answer/answerer.ts'
import type { KnowledgeIndex } from '../find/knowledge-index.ts'
import { readOffTopic } from '../answer/off-topic/off-topic.ts'
import type { QuestionVectors } from '../find/passage-index.ts'
import type { KnownQuestion } from '../find/questions/question-index.ts'
import { chooseView } from '../answer/several-documents.ts'
import { tokenizeQuestion } from '../find/words/tokens.ts'

/** A question that is about to be added: to a clause as one of its typical questions, or as a known gap near one (null = near none). */
export interface AddedQuestion {
  text: string
  as: 'typical' | 'gap'
  documentId: string
  clause: string | null
}

/** A clause, or null for a refusal. */
export type Verdict = { document: string; clause: string } | null

/** A known question that is answered otherwise. */
export interface ChangedQuestion {
  text: string
  /** What it should be answered with. */
  right: Verdict
  before: Verdict
  after: Verdict
}

export interface TryOut {
  /** How many known questions were asked, each looking past itself. */
  tried: number
  better: ChangedQuestion[]
  worse: ChangedQuestion[]
  /** The questions for whose sake it is done, in their order. */
  asked: { question: string; before: Answer; after: Answer }[]
}

export interface TryOutInput {
  workings: Workings
  added: readonly AddedQuestion[]
  asked: readonly string[]
}

/** Known questions most like the added ones: where something may change. */
const NEAR_TRIED = 90
/** And so many of the others, evenly from all clauses and gaps: where nothing should. */
const SPREAD_TRIED = 110
/** Each question looks past its whole part, itself included, since what is learnt of the words is learnt anew for each part. */
const PARTS = 2
const TURNS_BETWEEN_PAUSES = 8

/**
 * What would change if the questions were added: nothing is kept. A few hundred known questions, those of staff among them, are asked before and after, each
 * looking past itself. Residents are answered meanwhile: it pauses after every few questions.
 */
export async function tryOut({ workings, added, asked }: TryOutInput): Promise<TryOut> {
  const { knowledge } = workings
  const after = await addQuestions(workings, added)
  const chosen = chooseTried(knowledge.questions, added)
  const vectors = await embedKnown(workings, chosen.map((position) => knowledge.questions[position]?.text ?? ''))
  const parts = Array.from({ length: PARTS }, (_, part) => new Set(chosen.filter((_position, place) => place % PARTS === part)))
  const changed: ChangedQuestion[] = []
  for (const [place, position] of chosen.entries()) {
    const question = knowledge.questions[position]
    const leftOut = parts[place % PARTS]
    if (question === undefined || leftOut === undefined) continue
    const judge = (index: KnowledgeIndex) => readVerdict(workings, index, question.text, vectors?.[place] ?? null, leftOut)
    const [now, then] = [judge(knowledge), judge(after)]
    if (!isSame(now, then)) changed.push({ text: question.text, right: rightOf(question, knowledge), before: now, after: then })
    if (place % TURNS_BETWEEN_PAUSES === 0) await new Promise(setImmediate)
  }
  const answers: TryOut['asked'] = []
  for (const question of asked) {
    answers.push({ question, before: await workings.answer(question, knowledge), after: await workings.answer(question, after) })
    await new Promise(setImmediate)
  }
  return {
    tried: chosen.length,
    better: changed.filter(({ right, before, after }) => !isSame(right, before) && isSame(right, after)),
    worse: changed.filter(({ right, before, after }) => isSame(right, before) && !isSame(right, after)),
    asked: answers,
  }
}

const isSame = (left: Verdict, right: Verdict): boolean => left?.document === right?.document && left?.clause === right?.clause

/** The knowledge with the added questions behind all others, so that positions stay. */
async function addQuestions({ knowledge, embedding }: Workings, added: readonly AddedQuestion[]): Promise<KnowledgeIndex> {
  const isOf = (question: AddedQuestion, passage: { documentId: string; clause: string }) => passage.documentId === question.documentId && passage.clause === question.clause
  const questions = added.map((question): KnownQuestion => ({ text: question.text, passage: knowledge.passages.findIndex((passage) => isOf(question, passage)), isGap: question.as === 'gap' }))
  const vectors = embedding === null ? null : await embedding.model.embed(added.map(({ text }) => plain(text)), 'passage')
  const passages = knowledge.passages.map((passage) => {
    const texts = added.filter((question) => question.as === 'typical' && isOf(question, passage)).map(({ text }) => text)
    return texts.length === 0 ? passage : { ...passage, typicalQuestions: [...passage.typicalQuestions, ...texts] }
  })
  return { ...knowledge, passages, questions: [...knowledge.questions, ...questions], index: knowledge.index.withMoreQuestions(questions, vectors) }
}

/** Positions of the known questions to ask: the nearest by their words, and every so-manieth of the others. */
function chooseTried(questions: readonly KnownQuestion[], added: readonly AddedQuestion[]): number[] {
  const wanted = added.map(({ text }) => new Set(tokenizeQuestion(text)))
  const likeness = questions.map(({ text }) => {
    const terms = new Set(tokenizeQuestion(text))
    return Math.max(0, ...wanted.map((set) => [...terms].filter((term) => set.has(term)).length / Math.sqrt(set.size * terms.size || 1)))
  })
  const byLikeness = [...questions.keys()].sort((left, right) => (likeness[right] ?? 0) - (likeness[left] ?? 0) || left - right)
  const rest = byLikeness.slice(NEAR_TRIED).sort((left, right) => left - right)
  const step = Math.max(1, rest.length / SPREAD_TRIED)
  const spread = Array.from({ length: Math.min(SPREAD_TRIED, rest.length) }, (_, index) => rest[Math.floor(index * step)] ?? 0)
  return [...byLikeness.slice(0, NEAR_TRIED), ...spread]
}

/** The vectors of known questions, kept with those of the index. */
async function embedKnown({ embedding }: Workings, texts: readonly string[]): Promise<QuestionVectors[] | null> {
  if (embedding === null) return null
  const words = texts.map((text) => plain(text))
  const [forPassages, forQuestions] = [await embedding.cache.embed(words, 'question'), await embedding.cache.embed(words, 'passage')]
  const empty = new Float32Array(embedding.model.dimensions)
  return words.map((_, place) => ({ forPassages: forPassages[place] ?? empty, forQuestions: forQuestions[place] ?? empty }))
}

function rightOf({ passage, isGap }: KnownQuestion, { passages }: KnowledgeIndex): Verdict {
  const found = isGap ? undefined : passages[passage]
  return found === undefined ? null : { document: found.documentId, clause: found.clause }
}

/** The clause that a question is answered with; null when it is refused. */
function readVerdict({ weights, today }: Workings, knowledge: KnowledgeIndex, question: string, vectors: QuestionVectors | null, leftOut: ReadonlySet<number>): Verdict {
  if (readOffTopic(question) !== null) return null
  const { view, isAnswered } = chooseView({ knowledge, weights, question, asked: question, vectors, today, leftOut })
  const passage = knowledge.passages[view.ranked[0]?.passage ?? -1]
  return passage !== undefined && isAnswered ? { document: passage.documentId, clause: passage.clause } : null
}
