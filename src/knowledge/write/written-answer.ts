import type { Logger } from 'pino'
import { clauseName } from '../../domain/answers.ts'
import type { Answer, Citation, Passage } from '../../domain/answers.ts'
import { AppError } from '../../domain/errors.ts'
import { createFaultLog, QUIET_MS, type Fault } from '../../domain/faults.ts'
import type { LanguageModel, LanguageModelOutput } from '../../model/chat.ts'
import type { Prompts, RenderedPrompt } from '../../model/prompts.ts'
import { checkWrittenAnswer, markPassages } from './answer-check.ts'
import type { AnswerWriter, AnswerWriterInput } from './answer-writer.ts'
import { quoteData } from './prompt-data.ts'

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
}

const DEFAULT_TIMEOUT_MS = 8000
/** How many passages the model is shown, and how much of each and of the question. */
const MOST_PASSAGES = 5
const LONGEST_PASSAGE = 3000
const LONGEST_QUESTION = 500

const SILENT: Fault = {
  name: 'model-unavailable',
  level: 'warn',
  message: 'The language model gives no usable answer: residents get the words of the text instead, and it is asked again at every question. Nothing is lost; check the model server, OPENAI_BASE_URL, OPENAI_API_KEY and CHAT_MODEL.',
  end: 'The language model answers again.',
}
const REJECTED: Fault = {
  name: 'written-answer-rejected',
  level: 'warn',
  message: 'What the language model wrote was not true to the text and was not sent; the resident got the words of the text. Nothing to do; if it is so with many answers, use a better model.',
  end: 'No answer of the language model was found untrue for ten minutes.',
  quietMs: QUIET_MS,
}

/**
 * Writes answers with a language model and lets only those through that `checkWrittenAnswer` finds true to the passages: a try, the
 * check, one more try with the objection. Resolves to null, within the time limit, whenever there is no such text; never rejects
 * for what a model does. Only answers are rewritten, never refusals or corrections.
 */
export function createAnswerWriter(settings: AnswerWriterSettings): AnswerWriter {
  const faults = createFaultLog(settings.log, () => new Date())
  const subject = { model: settings.model.id }
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
      faults.sweep()
      if (result.outcome !== 'unavailable') faults.over(SILENT.name, subject)
      if (result.answer === null) faults.say(result.outcome === 'rejected' ? REJECTED : SILENT, subject, { outcome: result.outcome, reason: result.reason, ms: Math.round(ms) })
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
    if (check.ok) return { outcome: 'written', answer: toAnswer(input, first, check.citations) }
    const second = await call(settings.prompts.render('answer-retry', { ...data, draft: quoteData(first.slice(0, LONGEST_QUESTION)), objection: quoteData(check.objection) }))
    const recheck = checkWrittenAnswer(second, passages)
    if (recheck.ok) return { outcome: 'mended', answer: toAnswer(input, second, recheck.citations) }
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

function describePassages(passages: readonly Passage[]): string {
  const lines = Array.from(markPassages(passages), ([mark, passage]) => `  ${quoteData({ mark, title: passage.title, text: passage.text.slice(0, LONGEST_PASSAGE) })}`)
  return `[\n${lines.join(',\n')}\n]`
}

function toAnswer(input: AnswerWriterInput, text: string, citations: Citation[]): Answer {
  const { notes, source } = describeSource(input, citations)
  const details = citations.map((citation) => `${describeSource(input, [citation]).source.slice(SOURCE_DASH.length)}\n${findPassage(input.passages, citation)?.text ?? ''}`)
  return { ...input.extractive, text: [text, WRITTEN_LABEL, ...notes, source].join('\n'), citations, details: details.join('\n\n'), isGenerated: true }
}

const SOURCE_DASH = '——'

/**
 * The last line: document and clauses, as the extractive answer names them; and its notes ("a document of 2012"). What is cited of a
 * document that the extractive answer does not name goes by clause and title.
 */
function describeSource(input: AnswerWriterInput, citations: readonly Citation[]): { notes: string[]; source: string } {
  const { extractive, passages } = input
  const position = extractive.text.lastIndexOf(`\n${SOURCE_DASH}`)
  const [line = '', ...notes] = position < 0 ? [] : extractive.text.slice(position + 1 + SOURCE_DASH.length).split('\n')
  const document = /^(.+\d{4}年）).+$/.exec(line)?.[1]
  const known = document === undefined ? [] : citations.filter((citation) => citation.document === extractive.citations[0]?.document)
  const others = citations.filter((citation) => !known.includes(citation))
  const parts = [
    ...(known.length === 0 ? [] : [`${document}${known.map((citation) => clauseName(citation.clause)).join('、')}`]),
    ...others.map((citation) => `${clauseName(citation.clause)}《${findPassage(passages, citation)?.title ?? ''}》`),
  ]
  return { notes: known.length === 0 ? [] : notes, source: `${SOURCE_DASH}${parts.join('；')}` }
}

const findPassage = (passages: readonly Passage[], citation: Citation): Passage | undefined =>
  passages.find((passage) => passage.documentId === citation.document && passage.clause === citation.clause)
