import type { Channel } from '../domain/messages/channel.ts'
import { StoreError } from '../domain/errors.ts'
import { createFaultLog, describeError, QUIET_MS, type Fault, type FaultLogger } from '../domain/faults.ts'
import type { ClaimNotice, ClaimNoticeKind } from '../store/outbox/outbox-notices.ts'
import type { AccountPause, RowNote } from '../store/outbox/outbox-results.ts'
import type { ClaimedRow } from '../store/outbox/outbox-sending.ts'

/** Something that happens to messages: said at the first, counted at the others, over when none has come for ten minutes. */
const ofMessages = (name: string, message: string, end: string, level: Fault['level'] = 'warn'): Fault => ({ name, level, message, end, quietMs: QUIET_MS })

const PAUSED = ofMessages('told-to-wait', 'The platform wants this account to wait; sending goes on by itself afterwards, and nobody is left out. Nothing to do; if it comes often, lower the rate of the announcement.', 'The platform has not asked this account to wait for ten minutes.')
const GONE = ofMessages('recipient-gone', 'A recipient cannot be reached any more: blocked, kicked or left. It is marked and left out until somebody writes from there again. Nothing to do; the receipts of the announcement say who must be told in another way.', 'No further recipient was found to be gone for ten minutes.')
const REFUSED = ofMessages('message-refused', 'The platform refused a message, and it is not tried again. See why among the deliveries in the admin pages, mend that, and try it again there.', 'No message was refused for ten minutes.')
const GIVEN_UP = ofMessages('message-given-up', 'A message was put off by the platform again and again and was given up. See why among the deliveries in the admin pages, and try it again there.', 'No message was given up for ten minutes.')
const UNKNOWN = ofMessages('arrival-unknown', 'Nobody knows whether a message arrived: the connection ended, or the time was over, before the platform answered. It is not sent again by itself; decide among the deliveries in the admin pages.', 'Every message was answered by the platform for ten minutes.')
const MOVED = ofMessages('group-moved', 'A group goes on under a new id; the message went there, and the new id is kept. Nothing to do.', 'No further group has moved for ten minutes.')
const THREW = ofMessages('channel-mistake', 'A channel threw instead of answering, which is a mistake in the channel: nobody knows whether the message arrived. Report it with this line, and decide among the deliveries in the admin pages.', 'No channel threw for ten minutes.', 'error')
const PICTURE_GONE = ofMessages('picture-gone', 'A picture is gone from DATA_DIR/pictures: its text goes without it. Restore the folder from a backup, or let staff announce again with the picture.', 'Every picture was there for ten minutes.', 'error')
const STUCK: Fault = {
  name: 'nothing-gets-through',
  level: 'warn',
  message: 'For three minutes nothing of this account has got through, although its channel is connected. It is tried every quarter of a minute and goes on by itself, nobody is left out; look at the network and at the platform.',
  end: 'What this account sends gets through again.',
}
const PASS_FAILED: Fault = { name: 'outbox-pass', level: 'error', message: 'The outbox could not do its work and tries again every few seconds; nothing is lost. If it does not end within a minute, report it with this line.', end: 'The outbox goes on.' }

const NOTICES: Record<ClaimNoticeKind, Fault> = {
  lapsed: ofMessages('sender-died', 'The process that was sending messages ended before their answers were noted, so that nobody knows whether they arrived. They are not sent again by themselves; decide among the deliveries in the admin pages.', 'No further message was left by a process that ended, for ten minutes.'),
  gone: GONE,
  unbound: ofMessages('group-not-bound', 'A message was for a group that is no longer bound: it was not sent there. Bind the group again with a code (room-code, or the admin page), and try the failed deliveries again.', 'No further message was for a group that is not bound, for ten minutes.'),
  window_closed: ofMessages('window-closed', 'The platform lets nobody be written to who has not written lately: these messages wait, and go out by themselves when the resident writes again. Tell who must know now in another way.', 'No message has waited for its resident to write first for ten minutes.'),
  limit_reached: ofMessages('limit-reached', 'This account has sent as many announcements as it may in an hour or a day; the others go out by themselves as that time passes, and replies are not held up. Nothing to do: a higher limit risks that the account is banned.', 'No announcement has waited for the hour or the day of its account for ten minutes.'),
}

/** Why a message is unknown of which `threw` has spoken. */
export const CHANNEL_THREW = 'The channel failed while sending.'

export interface OutboxReport {
  /** What was found waiting at the start. */
  waiting(messages: number): void
  /** One attempt and what it means; `channel` says by itself what its platform suffers from. */
  attempt(row: ClaimedRow, channel: Channel, outcome: { note: RowNote; pause?: AccountPause }, isStuck: boolean): void
  threw(channel: Channel, error: unknown): void
  pictureGone(row: ClaimedRow): void
  claim(notices: readonly ClaimNotice[]): void
  /** A pass that failed (of the database the store has spoken), or one that did not. */
  pass(error: unknown): void
  /** At the end: sends without an answer, and results that could not be noted. */
  left(messages: number, error: unknown): void
}

/** What operators hear of the outbox: one line for each fault of an account, however many messages it befalls. */
export function createOutboxReport(log: FaultLogger, now: () => Date): OutboxReport {
  const faults = createFaultLog(log, now)
  return {
    waiting(messages) {
      if (messages > 0) log.warn({ fault: 'left-waiting', messages }, 'Messages were left waiting when the service last ended, by a stop or a crash: they are sent now, each once. Nothing to do.')
    },
    attempt(row, channel, { note, pause }, isStuck) {
      const subject = { channel: channel.id, account: channel.account }
      const details = { seq: row.seq, attempts: row.attempts }
      const isConnected = channel.status().state === 'online'
      if (pause && isConnected) faults.say(PAUSED, subject, { ...details, until: pause.until.toISOString() })
      if (isStuck && isConnected) faults.say(STUCK, subject)
      else if (!isStuck) faults.over(STUCK.name, subject)
      if (note.status === 'sent' && note.moved) faults.say(MOVED, subject, details)
      if (note.status === 'unknown' && note.error !== `unknown: ${CHANNEL_THREW}`) faults.say(UNKNOWN, subject, details)
      if (note.status !== 'failed') return
      faults.say(note.gone ? GONE : note.error.startsWith('gave_up') ? GIVEN_UP : REFUSED, subject, { ...details, ...codeOf(note.error) })
    },
    threw(channel, error) {
      faults.say(THREW, { channel: channel.id, account: channel.account }, describeError(error))
    },
    pictureGone({ seq, channel, account }) {
      faults.say(PICTURE_GONE, { channel, account }, { seq })
    },
    claim(notices) {
      // What waits is come upon again at every look; what is closed, once.
      for (const { kind, channel, account, messages } of notices) faults.say(NOTICES[kind], { channel, account }, { messages }, kind === 'window_closed' || kind === 'limit_reached' ? 1 : messages)
    },
    pass(error) {
      faults.sweep()
      if (error === null) faults.over(PASS_FAILED.name)
      else if (!(error instanceof StoreError)) faults.say(PASS_FAILED, {}, describeError(error))
    },
    left(messages, error) {
      if (error !== null) log.error({ fault: 'results-not-noted', messages, ...describeError(error) }, 'The outbox ended before it could note its last results: those messages are shown as unknown at the next start. Decide among the deliveries in the admin pages.')
      else if (messages > 0) log.warn({ fault: 'stopped-while-sending', messages }, 'Some sends had no answer when the outbox stopped: they are shown as unknown at the next start. Decide among the deliveries in the admin pages.')
    },
  }
}

/** The platform's number for a refusal; its words stay in the store, as they may repeat the message. */
const codeOf = (error: string): { code?: string } => {
  const code = /^\w+: (\d{2,7})\b/.exec(error)?.[1]
  return code === undefined ? {} : { code }
}
