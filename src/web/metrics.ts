import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface ModelCall {
  model: string
  outcome: 'ok' | 'failed' | 'timeout'
  durationMs: number
  promptTokens?: number
  completionTokens?: number
}

/** What the program counts of itself, in a registry of its own. Labels hold words of the program only, never of people. */
export interface Metrics {
  observeTurn(turn: { intent: string; channel: string; durationMs: number }): void
  observeHttp(request: { method: string; route: string; status: number; durationMs: number }): void
  countAnswer(kind: 'answer' | 'refusal' | 'correction'): void
  observeModelCall(call: ModelCall): void
  /** What became of an answer that the model was asked to write. */
  countWriting(outcome: 'written' | 'mended' | 'rejected' | 'unavailable'): void
  /** What became of a question that the model put into other words. */
  countRewriting(outcome: 'better' | 'not_better' | 'unavailable'): void
  /** What became of asking the model which of two a message means. */
  countProposal(outcome: 'taken' | 'unsure' | 'unavailable'): void
  readonly contentType: string
  /** The text that Prometheus reads. */
  render(): Promise<string>
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * What is counted in the store is read whenever the figures are asked for.
 * @param countOutbox rows of the outbox by status
 * @param countMisread messages that were not understood and wait for staff
 * @param lastBackup the newest backup; null = there is none
 */
export function createMetrics(countOutbox: () => Promise<Record<string, number>>, countMisread?: () => Promise<number>, lastBackup?: () => Promise<{ madeAt: Date; bytes: number } | null>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const turns = new Counter({ name: 'linli_turns_total', help: 'Turns decided, by intent and channel', labelNames: ['intent', 'channel'], registers })
  const turnSeconds = new Histogram({ name: 'linli_turn_duration_seconds', help: 'From a message received to its turn committed', labelNames: ['channel'], buckets: SECONDS, registers })
  const httpSeconds = new Histogram({ name: 'linli_http_request_duration_seconds', help: 'HTTP requests, by route and status', labelNames: ['method', 'route', 'status'], buckets: SECONDS, registers })
  const answers = new Counter({ name: 'linli_answers_total', help: 'Answers to policy questions, by kind', labelNames: ['kind'], registers })
  const writings = new Counter({ name: 'linli_written_answers_total', help: 'Answers that the language model was asked to write, by what became of them', labelNames: ['outcome'], registers })
  const rewritings = new Counter({ name: 'linli_rewritten_questions_total', help: 'Questions that the language model put into other words, by what became of them', labelNames: ['outcome'], registers })
  const proposals = new Counter({ name: 'linli_proposed_readings_total', help: 'Messages read unsurely of which the language model was asked what they mean, by what became of it', labelNames: ['outcome'], registers })
  const modelCalls = new Counter({ name: 'linli_model_calls_total', help: 'Calls of the language model, by outcome', labelNames: ['model', 'outcome'], registers })
  const modelTokens = new Counter({ name: 'linli_model_tokens_total', help: 'Tokens of the language model', labelNames: ['model', 'direction'], registers })
  const modelSeconds = new Histogram({ name: 'linli_model_call_duration_seconds', help: 'Duration of calls of the language model', labelNames: ['model'], buckets: [...SECONDS, 20, 30], registers })
  new Gauge({
    name: 'linli_outbox_messages',
    help: 'Rows of the outbox, by status',
    labelNames: ['status'],
    registers,
    async collect() {
      this.reset()
      for (const [status, count] of Object.entries(await countOutbox())) this.set({ status }, count)
    },
  })
  if (countMisread !== undefined) {
    new Gauge({
      name: 'linli_misread_messages',
      help: 'Messages that were not understood and wait for staff',
      registers,
      async collect() {
        this.set(await countMisread())
      },
    })
  }
  if (lastBackup !== undefined) addBackupGauges(registers, lastBackup)

  return {
    observeTurn({ intent, channel, durationMs }) {
      turns.inc({ intent, channel })
      turnSeconds.observe({ channel }, durationMs / 1000)
    },
    observeHttp({ method, route, status, durationMs }) {
      httpSeconds.observe({ method, route, status: String(status) }, durationMs / 1000)
    },
    countAnswer(kind) {
      answers.inc({ kind })
    },
    countWriting(outcome) {
      writings.inc({ outcome })
    },
    countRewriting(outcome) {
      rewritings.inc({ outcome })
    },
    countProposal(outcome) {
      proposals.inc({ outcome })
    },
    observeModelCall({ model, outcome, durationMs, promptTokens, completionTokens }) {
      modelCalls.inc({ model, outcome })
      modelSeconds.observe({ model }, durationMs / 1000)
      if (promptTokens) modelTokens.inc({ model, direction: 'prompt' }, promptTokens)
      if (completionTokens) modelTokens.inc({ model, direction: 'completion' }, completionTokens)
    },
    contentType: registry.contentType,
    render: () => registry.metrics(),
  }
}

/** 0 = there is none: who watches `time() - linli_last_backup_timestamp_seconds` hears of that too. */
function addBackupGauges(registers: Registry[], lastBackup: () => Promise<{ madeAt: Date; bytes: number } | null>): void {
  new Gauge({
    name: 'linli_last_backup_timestamp_seconds',
    help: 'When the newest backup was made; 0 = there is none',
    registers,
    async collect() {
      this.set(((await lastBackup())?.madeAt.getTime() ?? 0) / 1000)
    },
  })
  new Gauge({
    name: 'linli_last_backup_bytes',
    help: 'Size of the newest backup; 0 = there is none',
    registers,
    async collect() {
      this.set((await lastBackup())?.bytes ?? 0)
    },
  })
}
