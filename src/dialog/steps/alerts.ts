import { alertText } from '../../domain/office/alert-text.ts'
import { ALERT_PLACEHOLDER, type Outcome } from '../../domain/messages/outcome.ts'
import { findMove, hasMove, say, type ReadTurn, type Step, type Turn } from '../turn.ts'

/** Whether a member of staff says 收到: to an alert, if there is one. */
export function answersAlert(turn: ReadTurn): boolean {
  return turn.context.person.staff !== null && hasMove(turn, 'acknowledge')
}

/** Whether staff are alerted by these changes, or answer: the outbox is woken. */
export const concernsAlerts = (changes: Outcome['changes']): boolean =>
  changes.some((change) => change.type === 'note_on_request' || change.type === 'complete_request' || change.type === 'answer_alert' || change.type === 'begin_drill' || (change.type === 'create_request' && change.request.kind === 'emergency'))

/** 收到 of a member of staff who was told of an emergency. */
export const answerAlertStep: Step = {
  name: 'alert answered',
  why: 'Others are called until somebody answers: an open form of whoever answers waits.',
  takes: ['acknowledge', 'accept_offer'],
  applies: answersAlert,
  needs: ['alerts', 'button'],
  decide: answerAlert,
}

function answerAlert(turn: Turn): Outcome | undefined {
  const { alerts, button } = turn.facts
  const answer = (sentence: string, changes: Outcome['changes'] = []): Outcome => ({ intent: 'emergency', replies: [say(turn, 'text', sentence)], changes })
  // Under an announcement it means that one.
  if (alerts === undefined || typeof button?.announcementId === 'string') return undefined
  if (findMove(turn, 'acknowledge')?.number !== undefined && !alerts.named) return answer(alertText.nothingOpen)
  const alert = alerts.named ?? alerts.told[0]
  if (alert === undefined) return undefined
  const others = alerts.told.filter(({ id }) => id !== alert.id).map(({ number }) => number)
  const rest = others.length === 0 ? '' : `\n${alertText.stillOpen(others)}`
  return answer(`${ALERT_PLACEHOLDER}${rest}`, [{ type: 'answer_alert', alertId: alert.id }])
}

/** 演练 of a member of staff. */
export const drillStep: Step = {
  name: 'alarm drill',
  why: 'A command of staff; from a resident it is a word like any other.',
  takes: ['drill'],
  applies: (turn) => turn.context.person.staff !== null && hasMove(turn, 'drill'),
  needs: [],
  decide: (turn) => ({ intent: 'other', replies: [say(turn, 'text', ALERT_PLACEHOLDER)], changes: [{ type: 'begin_drill' }] }),
}
