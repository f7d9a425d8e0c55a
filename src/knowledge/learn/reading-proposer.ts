import type { Logger } from 'pino'
import { z } from 'zod'
import type { Fault } from '../../domain/faults.ts'
import type { Intent } from '../../domain/messages/understanding.ts'
import { createInTimeAsker } from '../../model/ask-in-time.ts'
import type { LanguageModel } from '../../model/chat.ts'
import type { Prompts } from '../../model/prompts.ts'
import { quoteData } from '../write/prompt-data.ts'

/** What became of one proposal: one of the two that were asked about, none of them, or nothing usable in time. */
export type ProposalOutcome = 'taken' | 'unsure' | 'unavailable'

/** Says which of two things a message means of which the reader is not sure; null when it can't. Never rejects. */
export type ReadingProposer = (message: string, either: readonly [Intent, Intent]) => Promise<Intent | null>

export interface ReadingProposerSettings {
  model: LanguageModel
  prompts: Prompts
  /** Default 2500: a resident waits for it. */
  timeoutMs?: number
  log: Logger
  onProposed?: (outcome: ProposalOutcome) => void
}

const DEFAULT_TIMEOUT_MS = 2500
const LONGEST_MESSAGE = 300

const SILENT: Fault = {
  name: 'proposing-unavailable',
  level: 'warn',
  message: 'The language model could not say what a message means: the resident is asked with two buttons instead, and it is asked again at the next one. Nothing is lost; check the model server, OPENAI_BASE_URL, OPENAI_API_KEY and CHAT_MODEL.',
  end: 'The language model says again what messages mean.',
}

const Proposal = z.strictObject({ intent: z.string() })

/** `message`: without anybody's particulars. What the model says counts only when it is one of the two; a danger is never its to decide. */
export function createReadingProposer({ model, prompts, timeoutMs = DEFAULT_TIMEOUT_MS, log, onProposed = () => undefined }: ReadingProposerSettings): ReadingProposer {
  const ask = createInTimeAsker({ model, timeoutMs, log, fault: SILENT })
  return async (message, either) => {
    if (either.includes('emergency')) return null
    const text = await ask(prompts.render('propose-reading', { message: quoteData(message.slice(0, LONGEST_MESSAGE)), first: either[0], second: either[1] }))
    const intent = text === null ? null : readProposal(text, either)
    onProposed(text === null ? 'unavailable' : intent === null ? 'unsure' : 'taken')
    return intent
  }
}

function readProposal(text: string, either: readonly [Intent, Intent]): Intent | null {
  let said: unknown
  try {
    said = JSON.parse(text.trim().replace(/^```(?:json)?\s*|\s*```$/g, ''))
  } catch {
    return null
  }
  const proposal = Proposal.safeParse(said)
  return proposal.success ? (either.find((intent) => intent === proposal.data.intent) ?? null) : null
}
