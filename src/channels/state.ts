import type { ChannelState, ChannelStatus } from '../domain/messages/channel.ts'
import { createFaultLog, type FaultLogger } from '../domain/faults.ts'

/** Why a channel can't do its work, or only in part. */
export interface Trouble {
  /** Names it in the log. */
  name: string
  /** One Chinese sentence for staff: what is wrong and what to do. */
  detail: string
  /** The same for the log, in English; null where it is said elsewhere, as by the store. */
  says: string | null
  /** 'degraded' when absent. */
  state?: Extract<ChannelState, 'needs_login' | 'degraded' | 'banned'>
  qrCode?: string
}

export interface ChannelStateOptions {
  channel: string
  account: string
  log: FaultLogger
  now: () => Date
}

export interface ChannelStateKeeper {
  read(): ChannelStatus
  /** Before the first connection, and after the last. */
  set(state: 'starting' | 'stopped'): void
  /** All is well: the end of what was said is said. */
  online(): void
  /** Says it once, however often it comes. */
  trouble(trouble: Trouble): void
}

/** Holds a channel's status; `since` moves only when the state does. */
export function createStatus(now: () => Date): { read(): ChannelStatus; set(state: ChannelState, detail?: string, qrCode?: string): void } {
  let status: ChannelStatus = { state: 'stopped', detail: '', since: now() }
  return {
    read: () => ({ ...status }),
    set(state, detail = '', qrCode) {
      const since = state === status.state ? status.since : now()
      status = { state, detail, since, ...(qrCode === undefined ? {} : { qrCode }) }
    },
  }
}

/** Holds a channel's status for staff, and says its troubles in the log. */
export function createChannelState({ channel, account, log, now }: ChannelStateOptions): ChannelStateKeeper {
  const faults = createFaultLog(log, now)
  const subject = { channel, account }
  const open = new Set<string>()
  const status = createStatus(now)

  return {
    read: () => status.read(),
    set: (state) => status.set(state),
    online() {
      if (status.read().state === 'starting') log.info(subject, 'The channel is connected.')
      status.set('online')
      for (const name of open) faults.over(name, subject)
      open.clear()
    },
    trouble({ name, detail, says, state = 'degraded', qrCode }) {
      status.set(state, detail, qrCode)
      if (says === null) return
      open.add(name)
      faults.say({ name, level: 'warn', message: says, end: 'The channel works again.' }, subject)
    },
  }
}

/** What was received could not be stored: of the database the store itself has spoken. */
export const storeTrouble = (isSaidByStore: boolean): Trouble => ({
  name: 'not-stored',
  detail: '收到的消息存不下来，正在重试。请检查数据库和磁盘空间。',
  says: isSaidByStore ? null : 'A message that was received could not be stored; it is tried again until it is, and nothing is lost. If it does not end within minutes, report it with this line.',
})
