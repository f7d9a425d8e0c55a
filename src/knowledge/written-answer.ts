import type { Logger } from 'pino'
import type { Answer, Citation, Passage } from '../domain/answers.ts'
import { AppError } from '../domain/errors.ts'
import type { LanguageModel, LanguageModelOutput } from '../model/chat.ts'
import type { Prompts, RenderedPrompt } from '../model/prompts.ts'
import { checkWrittenAnswer, markPassages } from './answer-check.ts'
import type { AnswerWriter, AnswerWriterInput } from './answer-writer.ts'

export const WRITTEN_LABEL = '（AI 生成，以原文为准）'

/** What became of one question: written at once, mended by the retry, refused by the check, or no answer of the model in time. */
export type WritingOutcome = 'written' | 'mended' | 'rejected' | 'unavailable'

export interface AnswerWriterSettings {
  model: LanguageModel
  prompts: Prompts
  /** For both tries together; default 8000. */
  timeoutMs?: number
  log: Logger
  onCall?: (call: { ms: number; outcome: WritingOutcome; inputTokens: number; outputTokens: number }) => void
  /** The last line of the text; by default clause and title of what is cited. */
  formatSource?: (citations: readonly Citation[], passages: readonly Passage[]) => string
}

const DEFAULT_TIMEOUT_MS = 8000
/** How many passages the model is shown, and how much of each and of the question. */
const MOST_PASSAGES = 5
const LONGEST_PASSAGE = 3000
const LONGEST_QUESTION = 500

/**
 * Writes answers with a language model and lets only those through that `checkWrittenAnswer` finds true to the passages: a try, the
 * check, one more try with the objection. Resolves to null, within the time limit, whenever there is no such text; never rejects
 * for what a model does. Only answers are rewritten, never refusals or corrections.
 */
export function createAnswerWriter(settings: AnswerWriterSettings): AnswerWriter {
  return {
    async write(input) {
      if (input.extractive.kind !== 'answer' || input.passages.length === 0) return null
      const startedAt = performance.now()
      const limit = AbortSignal.timeout(settings.timeoutMs ?? DEFAULT_TIMEOUT_MS)
      const signal = input.signal === undefined ? limit : AbortSignal.any([input.signal, limit])
      const spent = { inputTokens: 0, outputTokens: 0 }
      const result = await tryTwice(settings, input, signal, spent)
      const ms = performance.now() - startedAt
      settings.onCall?.({ ms, outcome: result.outcome, ...spent })
      if (result.answer === null) {
        settings.log.warn({ model: settings.model.id, outcome: result.outcome, reason: result.reason, ms: Math.round(ms) }, 'The written answer is not used; the extractive one is')
      }
      return result.answer
    },
  }
}

interface WritingResult {
  outcome: WritingOutcome
  answer: Answer | null
  /** Without any text of question or answer. */
  reason?: string
}

type Spent = Pick<LanguageModelOutput, 'inputTokens' | 'outputTokens'>

async function tryTwice(settings: AnswerWriterSettings, input: AnswerWriterInput, signal: AbortSignal, spent: Spent): Promise<WritingResult> {
  const passages = input.passages.slice(0, MOST_PASSAGES)
  const data = { question: quoteData(input.question.slice(0, LONGEST_QUESTION)), passages: describePassages(passages) }
  const call = async (prompt: RenderedPrompt) => {
    const output = await endWith(signal, settings.model.complete({ ...prompt, signal }))
    spent.inputTokens += output.inputTokens
    spent.outputTokens += output.outputTokens
    return output.text.trim()
  }
  try {
    const first = await call(settings.prompts.render('answer', data))
    const check = checkWrittenAnswer(first, passages)
    if (check.ok) return { outcome: 'written', answer: toAnswer(settings, input, first, check.citations) }
    const second = await call(settings.prompts.render('answer-retry', { ...data, draft: quoteData(first.slice(0, LONGEST_QUESTION)), objection: quoteData(check.objection) }))
    const recheck = checkWrittenAnswer(second, passages)
    if (recheck.ok) return { outcome: 'mended', answer: toAnswer(settings, input, second, recheck.citations) }
    return { outcome: 'rejected', answer: null, reason: 'failed the check twice' }
  } catch (error) {
    // Whatever a model or its server does, the resident has the extractive answer; our own faults are named in the log by their kind.
    return { outcome: 'unavailable', answer: null, reason: signal.aborted ? 'out of time' : error instanceof AppError ? error.message : error instanceof Error ? error.name : 'unknown' }
  }
}

/** Rejects when the signal does, even if the model heeds no signal. */
function endWith<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** JSON with no way out of its quotes, so that nothing inside reads as the end of the data. */
const quoteData = (value: unknown): string => JSON.stringify(value).replaceAll(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff<>]/g, '')

function describePassages(passages: readonly Passage[]): string {
  const lines = Array.from(markPassages(passages), ([mark, passage]) => `  ${quoteData({ mark, title: passage.title, text: passage.text.slice(0, LONGEST_PASSAGE) })}`)
  return `[\n${lines.join(',\n')}\n]`
}

function toAnswer(settings: AnswerWriterSettings, input: AnswerWriterInput, text: string, citations: Citation[]): Answer {
  const source = (settings.formatSource ?? formatSource)(citations, input.passages)
  const cited = input.passages.filter((passage) => citations.some((citation) => citation.document === passage.documentId && citation.clause === passage.clause))
  return {
    ...input.extractive,
    text: `${text}\n${WRITTEN_LABEL}\n${source}`,
    citations,
    details: cited.map((passage) => passage.text).join('\n\n'),
    isGenerated: true,
  }
}

function formatSource(citations: readonly Citation[], passages: readonly Passage[]): string {
  const names = citations.map((citation) => {
    const title = passages.find((passage) => passage.documentId === citation.document && passage.clause === citation.clause)?.title ?? ''
    return `第${citation.clause}条${title === '' ? '' : `《${title}》`}`
  })
  return `依据：${names.join('、')}`
}
