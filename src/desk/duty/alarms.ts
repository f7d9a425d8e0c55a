import { alertText } from '../../domain/office/alert-text.ts'
import { answerAlert, type AlertAnswer } from '../../store/duty/alert-answers.ts'
import { beginDrill, type AlertTold } from '../../store/duty/alerts.ts'
import type { Actor } from '../actor.ts'
import type { DeskServices } from '../services.ts'

/** 收到 from the staff's pages. In a chat the turn itself does it. */
export async function answerAlarm({ store, now, wakeOutbox }: DeskServices, actor: Pick<Actor, 'user'>, alertId: string): Promise<AlertAnswer> {
  const answer = await store.write((transaction) => answerAlert(transaction, { alertId, user: actor.user, now: now() }))
  wakeOutbox()
  return answer
}

export type DrillResult = { outcome: 'begun'; number: string; told: AlertTold } | { outcome: 'running'; number: string }

/** Begins an alarm drill: staff are told as in an emergency, with 演练 on it; no resident hears of it. One at a time. */
export async function beginAlarmDrill({ store, now, wakeOutbox }: DeskServices, actor: Pick<Actor, 'user'>): Promise<DrillResult> {
  const result = await store.write((transaction) => beginDrill(transaction, { by: actor.user, words: alertText.drillWords, now: now() }))
  wakeOutbox()
  return result
}
