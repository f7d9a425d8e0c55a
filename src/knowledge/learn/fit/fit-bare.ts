import type { Passage } from '../../../domain/answers.ts'
import { chooseBareFeatures } from '../../answer/bare/choose-bare.ts'
import type { MeasuredClause } from '../../answer/bare/choose-bare.ts'
import { HYBRID_BARE_FEATURES, LEXICAL_BARE_FEATURES } from '../../answer/bare/bare-features.ts'
import { viewQuestion } from '../../answer/question-view.ts'
import { knownOf } from '../../answer/several-documents.ts'
import type { KnowledgeIndex } from '../../find/knowledge-index.ts'
import { fitLogistic, logit } from '../../find/numbers/logistic.ts'
import type { LogisticModel, LogisticSample } from '../../find/numbers/logistic.ts'
import type { BareDecision } from '../../find/numbers/weights.ts'
import type { QuestionVectors } from '../../find/passage-index.ts'
import { areaUnderCurve, round } from './fit.ts'

/** A question on a paper that nobody wrote typical questions for. */
export interface PaperQuestion {
  text: string
  /** The paper: all its questions are left out together. */
  paper: string
  vectors: QuestionVectors | null
  /** Whether a clause answers it; null = the papers do not answer it. */
  isRight: ((passage: Passage) => boolean) | null
}

/** Papers that lie in one folder, and what is asked of them. */
export interface PaperFolder {
  knowledge: KnowledgeIndex
  /** How clauses are ranked by text alone. */
  ranking: LogisticModel
  questions: readonly PaperQuestion[]
}

const PENALTY = 3
/** What a question counts in which the right clauses were taken away: something else in the paper may answer it too. */
const TAKEN_AWAY = 0.3
/** What a wrong clause counts that was not even the first. */
const NOT_FIRST = 0.5

interface Sample {
  /** Whether the paper lay alone in its folder. */
  isAlone: boolean
  paper: string
  sort: 'answerable' | 'near_miss' | 'taken_away'
  clauses: (Pick<MeasuredClause, 'features'> & { label: 0 | 1 })[]
}

/**
 * Fits which clause is meant and whether it answers, on a few features of the clauses' own text. Every figure, and the threshold, come from
 * models that had not seen the paper.
 * @param nearMissesRefused the share of questions without an answer that must be refused, of papers alone and of many together
 */
export function fitBare(folders: readonly PaperFolder[], nearMissesRefused: { alone: number; together: number }): { decision: BareDecision; figures: Record<string, number> } {
  const isHybrid = folders.some(({ questions }) => questions.some(({ vectors }) => vectors !== null))
  const names = isHybrid ? HYBRID_BARE_FEATURES : LEXICAL_BARE_FEATURES
  const samples = folders.flatMap((folder) => folder.questions.flatMap((question) => sample(folder, question, isHybrid)))
  const papers = [...new Set(samples.map(({ paper }) => paper))]
  const judged = papers.flatMap((paper) => {
    const { choice, refusal } = fitOn(names, samples.filter((other) => other.paper !== paper))
    return samples.filter((other) => other.paper === paper).map((one) => judge(one, choice, refusal))
  })
  const { choice, refusal } = fitOn(names, samples)
  const alone = describe(judged.filter(({ isAlone }) => isAlone), nearMissesRefused.alone)
  const together = describe(judged.filter(({ isAlone }) => !isAlone), nearMissesRefused.together)
  const named = (prefix: string, { threshold: _, ...figures }: ReturnType<typeof describe>) => Object.entries(figures).map(([name, value]): [string, number] => [`${prefix}${name}`, value])
  return {
    decision: { choice, refusal: { ...refusal, threshold: alone.threshold }, among: Math.max(0, together.threshold - alone.threshold) },
    figures: { papers: papers.length, ...Object.fromEntries([...named('alone', alone), ...named('together', together)]) },
  }
}

function describe(judged: readonly Judged[], nearMissesRefused: number) {
  const answerable = judged.filter(({ sort }) => sort === 'answerable')
  const missed = judged.filter(({ sort }) => sort === 'near_miss')
  const odds = missed.map((one) => one.odds).sort((left, right) => left - right)
  const threshold = odds[Math.min(odds.length - 1, Math.floor(odds.length * nearMissesRefused))] ?? 0
  const share = (list: readonly Judged[], isTrue: (one: Judged) => boolean) => round(list.filter(isTrue).length / Math.max(1, list.length))
  const both = [...answerable, ...missed]
  return {
    threshold,
    Questions: both.length,
    RightFirst: share(answerable, ({ isRight }) => isRight),
    Answered: share(answerable, (one) => one.odds > threshold),
    AnsweredFromRightClause: share(answerable, (one) => one.odds > threshold && one.isRight),
    NearMissesRefused: share(missed, (one) => one.odds <= threshold),
    NearMissAuc: round(areaUnderCurve(both.map((one) => one.odds), both.map(({ sort }) => (sort === 'answerable' ? 1 : 0)))),
  }
}

/** The question as it is, and once more without the clauses that answer it. */
function sample({ knowledge, ranking }: PaperFolder, question: PaperQuestion, isHybrid: boolean): Sample[] {
  const look = (sort: Sample['sort'], isHidden: (passage: number) => boolean): Sample => {
    const view = viewQuestion(question.text, { index: knowledge.index, weights: ranking, vectors: question.vectors, leftOut: knownOf(knowledge), isHidden })
    const clauses = chooseBareFeatures({ knowledge, view, isHybrid, isOpen: () => true })
    return { isAlone: knowledge.documents.size === 1, paper: question.paper, sort, clauses: clauses.map(({ features, passage }) => ({ features, label: sort === 'answerable' && question.isRight?.(passage) === true ? 1 : 0 })) }
  }
  if (question.isRight === null) return [look('near_miss', () => false)]
  const { isRight } = question
  const right = new Set([...knowledge.passages.keys()].filter((position) => isRight(knowledge.passages[position] ?? NO_PASSAGE)))
  return [look('answerable', () => false), look('taken_away', (position) => right.has(position))]
}

const NO_PASSAGE: Passage = { documentId: '', clause: '', title: '', text: '', typicalQuestions: [] }

const weightOf = ({ sort }: Sample): number => (sort === 'taken_away' ? TAKEN_AWAY : 1)

function fitOn(names: readonly string[], samples: readonly Sample[]): { choice: LogisticModel; refusal: LogisticModel } {
  const all = samples.flatMap((one) => one.clauses.map(({ features, label }, place): LogisticSample => ({ features, label, weight: weightOf(one) * (place === 0 || label === 1 ? 1 : NOT_FIRST) })))
  const choice = fitLogistic(names, all, { penalty: PENALTY })
  const chosen = samples.flatMap((one): LogisticSample[] => {
    const best = bestOf(one, choice)
    // A wrong clause of a question that has an answer tells nothing of refusing.
    return best === undefined || (one.sort === 'answerable' && best.label === 0) ? [] : [{ features: best.features, label: best.label, weight: weightOf(one) }]
  })
  return { choice, refusal: fitLogistic(names, chosen, { penalty: PENALTY }) }
}

const bestOf = ({ clauses }: Sample, choice: LogisticModel) => [...clauses].sort((left, right) => logit(choice, right.features) - logit(choice, left.features))[0]

interface Judged {
  isAlone: boolean
  sort: Sample['sort']
  odds: number
  isRight: boolean
}

/** Odds of a question for which no clause holds what is asked. */
const HOPELESS = -20

function judge(one: Sample, choice: LogisticModel, refusal: LogisticModel): Judged {
  const best = bestOf(one, choice)
  return { isAlone: one.isAlone, sort: one.sort, odds: best === undefined ? HOPELESS : logit(refusal, best.features), isRight: best?.label === 1 }
}
