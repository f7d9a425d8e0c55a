import type { ChatOpenAI } from '@langchain/openai'
import { ModelCallError } from '../domain/errors.ts'

export interface LanguageModelInput {
  system: string
  user: string
  /** Ends the call early. */
  signal?: AbortSignal
}

export interface LanguageModelOutput {
  text: string
  /** 0 where the server does not count. */
  inputTokens: number
  outputTokens: number
}

/** A language model that answers one system and one user message. Rejects with ModelCallError when there is no usable text. */
export interface LanguageModel {
  readonly id: string
  complete(input: LanguageModelInput): Promise<LanguageModelOutput>
}

export type CallOutcome = 'ok' | 'timeout' | 'aborted' | 'rate_limited' | 'server_error' | 'refused' | 'unreachable' | 'unusable'

/** One call of `complete`, its repetition included. */
export interface ModelCall {
  ms: number
  outcome: CallOutcome
  inputTokens: number
  outputTokens: number
}

export interface LanguageModelSettings {
  model: string
  apiKey: string
  /** Ends in /v1 as a rule; absent = OpenAI's own. */
  baseUrl?: string
  /** For the whole call, a repetition included. */
  timeoutMs?: number
  onCall?: (call: ModelCall) => void
}

const DEFAULT_TIMEOUT_MS = 8000
const LONGEST_OUTPUT_TOKENS = 1000
const PAUSE_BEFORE_RETRY_MS = 300

/**
 * A model behind an OpenAI-compatible chat completions server. Nothing is loaded or connected before the first call.
 * A 429 or 5xx is tried once more where the time limit allows. Errors never carry text of the messages.
 */
export function createLanguageModel(settings: LanguageModelSettings): LanguageModel {
  const timeoutMs = settings.timeoutMs ?? DEFAULT_TIMEOUT_MS
  let client: Promise<ChatOpenAI> | undefined
  return {
    id: settings.model,
    async complete(input) {
      const startedAt = performance.now()
      const report = (outcome: CallOutcome, output?: LanguageModelOutput) =>
        settings.onCall?.({ ms: performance.now() - startedAt, outcome, inputTokens: output?.inputTokens ?? 0, outputTokens: output?.outputTokens ?? 0 })
      const limit = AbortSignal.timeout(timeoutMs)
      const signal = input.signal === undefined ? limit : AbortSignal.any([input.signal, limit])
      try {
        client ??= openClient(settings)
        const chat = await endWith(signal, client)
        const output = await callWithOneRetry(chat, input, signal, startedAt + timeoutMs)
        report('ok', output)
        return output
      } catch (error) {
        const failure = signal.aborted ? describeAbort(limit.aborted, timeoutMs) : error instanceof CallFailure ? error : describeFailure(error)
        report(failure.outcome)
        throw new ModelCallError(failure.message, { retryable: failure.isRetryable })
      }
    },
  }
}

async function openClient(settings: LanguageModelSettings): Promise<ChatOpenAI> {
  const { ChatOpenAI } = await import('@langchain/openai')
  return new ChatOpenAI({
    model: settings.model,
    apiKey: settings.apiKey,
    configuration: { baseURL: settings.baseUrl ?? 'https://api.openai.com/v1' },
    maxTokens: LONGEST_OUTPUT_TOKENS,
    // LangChain's own repetitions know neither our time limit nor retry-after.
    maxRetries: 0,
    // Reasoning models refuse a temperature.
    ...(/^(?:o\d|gpt-5(?!-chat))/.test(settings.model) ? {} : { temperature: 0 }),
  })
}

/** What became of a call, in words that are safe to log. */
class CallFailure extends Error {
  readonly outcome: CallOutcome
  readonly isRetryable: boolean
  readonly retryAfterMs: number | undefined

  constructor(outcome: CallOutcome, message: string, isRetryable: boolean, retryAfterMs?: number) {
    super(message)
    this.outcome = outcome
    this.isRetryable = isRetryable
    this.retryAfterMs = retryAfterMs
  }
}

const describeAbort = (isTimeout: boolean, timeoutMs: number): CallFailure =>
  isTimeout ? new CallFailure('timeout', `The language model did not answer within ${timeoutMs} ms`, true) : new CallFailure('aborted', 'The call of the language model was given up by its caller', true)

async function callWithOneRetry(chat: ChatOpenAI, input: LanguageModelInput, signal: AbortSignal, deadline: number): Promise<LanguageModelOutput> {
  try {
    return await callOnce(chat, input, signal)
  } catch (error) {
    signal.throwIfAborted()
    const failure = error instanceof CallFailure ? error : describeFailure(error)
    const pauseMs = failure.retryAfterMs ?? PAUSE_BEFORE_RETRY_MS
    const isWorthIt = (failure.outcome === 'rate_limited' || failure.outcome === 'server_error') && failure.isRetryable
    if (!isWorthIt || performance.now() + pauseMs >= deadline) throw failure
    await pause(pauseMs, signal)
    return callOnce(chat, input, signal)
  }
}

async function callOnce(chat: ChatOpenAI, input: LanguageModelInput, signal: AbortSignal): Promise<LanguageModelOutput> {
  const { HumanMessage, SystemMessage } = await import('@langchain/core/messages')
  const message = await endWith(signal, chat.invoke([new SystemMessage(input.system), new HumanMessage(input.user)], { signal }))
  // Local reasoning models write their thoughts in front of the answer.
  const text = message.text.replace(/^\s*<think>[\s\S]*?<\/think>/, '').trim()
  if (text === '') throw new CallFailure('unusable', 'The language model answered with no text', true)
  // LangChain's own type for it comes out as never.
  const usage = message.usage_metadata as { input_tokens?: number; output_tokens?: number } | undefined
  return { text, inputTokens: usage?.input_tokens ?? 0, outputTokens: usage?.output_tokens ?? 0 }
}

/** Rejects as soon as the signal does, whether or not the work heeds it. */
function endWith<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const waited = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  return endWith(signal, waited).finally(() => clearTimeout(timer))
}

/** Server errors may echo the prompt, so only status and short codes are kept of them. */
function describeFailure(error: unknown): CallFailure {
  const fields = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {}
  const status = typeof fields.status === 'number' ? fields.status : undefined
  const code = readCode(fields)
  const detail = code === undefined ? '' : ` (${code})`
  if (status === 429) return new CallFailure('rate_limited', `The language model server is busy: 429${detail}`, code !== 'insufficient_quota', readRetryAfterMs(fields.headers))
  if (status !== undefined && status >= 500) return new CallFailure('server_error', `The language model server failed: ${status}${detail}`, true, readRetryAfterMs(fields.headers))
  if (status !== undefined) return new CallFailure('refused', `The language model server refused the call: ${status}${detail}; check OPENAI_API_KEY, OPENAI_BASE_URL and CHAT_MODEL`, false)
  if (isConnectionError(error)) return new CallFailure('unreachable', `The language model server cannot be reached${detail}; check OPENAI_BASE_URL`, true)
  return new CallFailure('unusable', 'The language model server answered with something that is no chat completion', true)
}

const isConnectionError = (error: unknown): boolean => error instanceof Error && (/^(?:APIConnection|TimeoutError)/.test(error.constructor.name + error.name) || /connection error|fetch failed|terminated/i.test(error.message))

function readCode(fields: Record<string, unknown>): string | undefined {
  for (let value: unknown = fields, depth = 0; typeof value === 'object' && value !== null && depth < 4; depth += 1) {
    const { code, cause } = value as { code?: unknown; cause?: unknown }
    if (typeof code === 'string' && /^[A-Za-z0-9_.-]{1,40}$/.test(code)) return code
    value = cause
  }
  return undefined
}

function readRetryAfterMs(headers: unknown): number | undefined {
  if (!(headers instanceof Headers)) return undefined
  const inMs = Number(headers.get('retry-after-ms') ?? Number.NaN)
  const ms = Number.isFinite(inMs) ? inMs : Number(headers.get('retry-after') ?? Number.NaN) * 1000
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined
}
