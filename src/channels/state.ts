import type { ChannelState, ChannelStatus } from '../domain/channel.ts'

/** Holds a channel's status; `since` moves only when the state does. */
export function createStatus(now: () => Date): { read(): ChannelStatus; set(state: ChannelState, detail?: string, qrCode?: string): boolean } {
  let status: ChannelStatus = { state: 'stopped', detail: '', since: now() }
  return {
    read: () => ({ ...status }),
    /** Returns whether the state or its detail changed, so that it is logged once. */
    set(state, detail = '', qrCode) {
      const changed = state !== status.state || detail !== status.detail
      const since = state === status.state ? status.since : now()
      status = { state, detail, since, ...(qrCode === undefined ? {} : { qrCode }) }
      return changed
    },
  }
}
