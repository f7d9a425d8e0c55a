import type { Logger } from 'pino'
import type { Fault } from '../../domain/faults.ts'
import { cleanTyped } from '../../language/clean.ts'
import { createInTimeAsker } from '../../model/ask-in-time.ts'
import type { LanguageModel } from '../../model/chat.ts'
import type { Prompts } from '../../model/prompts.ts'
import { readFigures } from '../find/words/figures.ts'
import { quoteData } from './prompt-data.ts'

/** Says a resident's question in the words of policy texts, to find by. */
export interface QuestionRewriter {
  /** Resolves to null when there is nothing usable in time; never rejects for what a model does. */
  rewrite(question: string, signal?: AbortSignal): Promise<string | null>
}

/** What became of one rewriting: found better by the calibrated score, or not, or no usable text of the model. */
export type RewritingOutcome = 'better' | 'not_better' | 'unavailable'

export interface QuestionRewriterSettings {
  model: LanguageModel
  prompts: Prompts
  /** Default 3000: a resident waits for it before the answer is even looked for. */
  timeoutMs?: number
  log: Logger
}

const DEFAULT_TIMEOUT_MS = 3000
const LONGEST_QUESTION = 500
const LONGEST_REWRITTEN = 80

const SILENT: Fault = {
  name: 'rewriting-unavailable',
  level: 'warn',
  message: 'The language model could not put a question into the words of the text: questions are looked up as they are asked, and it is asked again at the next one. Nothing is lost; check the model server, OPENAI_BASE_URL, OPENAI_API_KEY and CHAT_MODEL.',
  end: 'The language model puts questions into the words of the text again.',
}

export function createQuestionRewriter({ model, prompts, timeoutMs = DEFAULT_TIMEOUT_MS, log }: QuestionRewriterSettings): QuestionRewriter {
  const ask = createInTimeAsker({ model, timeoutMs, log, fault: SILENT })
  return {
    async rewrite(question, signal) {
      const text = await ask(prompts.render('rewrite-question', { question: quoteData(question.slice(0, LONGEST_QUESTION)) }), signal)
      return text === null ? null : readRewritten(text, question)
    },
  }
}

/** One line of Chinese, not too long, without a figure that the resident did not say; null otherwise. */
export function readRewritten(text: string, question: string): string | null {
  const line = cleanTyped(text).trim().replace(/^["“「]|["”」]$/g, '')
  if (line === '' || line.includes('\n') || line.length > LONGEST_REWRITTEN || !/\p{Script=Han}{2}/u.test(line)) return null
  const said = new Set(readFigures(question).map((figure) => figure.text))
  return readFigures(line).every((figure) => said.has(figure.text)) ? line : null
}
