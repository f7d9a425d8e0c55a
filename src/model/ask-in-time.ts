import type { Logger } from 'pino'
import { AppError } from '../domain/errors.ts'
import { createFaultLog, type Fault } from '../domain/faults.ts'
import type { LanguageModel } from './chat.ts'
import type { RenderedPrompt } from './prompts.ts'

export interface InTimeSettings {
  model: LanguageModel
  timeoutMs: number
  log: Logger
  /** Said while the model gives nothing. */
  fault: Fault
}

/** Asks a model for what can be done without: resolves to its text, or to null when there is none in time. Never rejects. */
export function createInTimeAsker({ model, timeoutMs, log, fault }: InTimeSettings): (prompt: RenderedPrompt, signal?: AbortSignal) => Promise<string | null> {
  const faults = createFaultLog(log, () => new Date())
  return async (prompt, signal) => {
    const limit = AbortSignal.timeout(timeoutMs)
    try {
      const { text } = await model.complete({ ...prompt, signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) })
      faults.over(fault.name, { model: model.id })
      return text
    } catch (error) {
      faults.say(fault, { model: model.id }, { reason: limit.aborted ? 'out of time' : error instanceof AppError ? error.message : 'unknown' })
      return null
    }
  }
}
