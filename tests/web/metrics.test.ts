import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../src/web/metrics.ts'

describe('figures for Prometheus', () => {
  it('count turns, answers, model calls and the outbox by the words of the program', async () => {
    const metrics = createMetrics(async () => ({ queued: 2, sent: 5 }))
    metrics.observeTurn({ intent: 'ask_policy', channel: 'web', durationMs: 12 })
    metrics.observeTurn({ intent: 'ask_policy', channel: 'web', durationMs: 20 })
    metrics.countAnswer('refusal')
    metrics.observeModelCall({ model: 'm', outcome: 'ok', durationMs: 900, promptTokens: 120, completionTokens: 30 })
    metrics.observeHttp({ method: 'GET', route: '/', status: 200, durationMs: 3 })
    const text = await metrics.render()
    for (const line of [
      'linli_turns_total{intent="ask_policy",channel="web"} 2',
      'linli_turn_duration_seconds_bucket{le="0.025",channel="web"} 2',
      'linli_answers_total{kind="refusal"} 1',
      'linli_model_calls_total{model="m",outcome="ok"} 1',
      'linli_model_tokens_total{model="m",direction="prompt"} 120',
      'linli_outbox_messages{status="queued"} 2',
      'linli_http_request_duration_seconds_count{method="GET",route="/",status="200"} 1',
    ])
      expect(text).toContain(line)
    expect(text).toContain('nodejs_eventloop_lag_seconds')
  })

  it('forget a status of the outbox that no row has now', async () => {
    const counts: Record<string, number>[] = [{ queued: 1 }, { sent: 1 }]
    const metrics = createMetrics(async () => counts.shift() ?? {})
    expect(await metrics.render()).toContain('linli_outbox_messages{status="queued"} 1')
    expect(await metrics.render()).not.toContain('status="queued"')
  })

  it('tell how many messages that were not understood wait for staff', async () => {
    const metrics = createMetrics(async () => ({}), async () => 3)
    expect(await metrics.render()).toContain('linli_misread_messages 3')
  })

  it('tell when the newest backup was made, and 0 where there is none', async () => {
    const metrics = createMetrics(async () => ({}), async () => 0, async () => ({ madeAt: new Date('2026-12-01T00:00:00Z'), bytes: 7 }))
    expect(await metrics.render()).toContain(`linli_last_backup_timestamp_seconds ${Date.parse('2026-12-01T00:00:00Z') / 1000}`)
    expect(await metrics.render()).toContain('linli_last_backup_bytes 7')
    expect(await createMetrics(async () => ({}), async () => 0, async () => null).render()).toContain('linli_last_backup_timestamp_seconds 0')
  })

  it('have a registry of their own', async () => {
    const [one, other] = [createMetrics(async () => ({})), createMetrics(async () => ({}))]
    one.countAnswer('answer')
    expect(await other.render()).not.toContain('linli_answers_total{kind="answer"} 1')
  })
})
