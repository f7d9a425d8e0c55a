/** What a claim came upon that somebody should hear of. */
export type ClaimNoticeKind =
  /** The process that was sending them ended before their answers were noted. */
  | 'lapsed'
  /** Announcements to whom the platform had named blocked, kicked or gone. */
  | 'gone'
  /** Announcements to groups that are not bound any more. */
  | 'unbound'
  /** Put off: the platform lets nobody write first. */
  | 'window_closed'
  /** Announcements wait for the account's hour or day. */
  | 'limit_reached'

export interface ClaimNotice {
  kind: ClaimNoticeKind
  channel: string
  account: string
  messages: number
}

/** Adds up, by account. */
export class NoticeCounter {
  readonly #notices: ClaimNotice[] = []

  add(kind: ClaimNoticeKind, { channel, account }: { channel: string; account: string }, messages = 1): void {
    const known = this.#notices.find((one) => one.kind === kind && one.channel === channel && one.account === account)
    if (known === undefined) this.#notices.push({ kind, channel, account, messages })
    else known.messages += messages
  }

  list(): ClaimNotice[] {
    return this.#notices
  }
}
