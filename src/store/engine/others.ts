/** What processes tell each other of; what else has to be said goes through tables. */
export type Topic =
  /** Something was queued or fell due. */
  | 'outbox'
  /** Something was sent to a conversation whose readers fetch: `[channel, externalId, key]` as JSON. */
  | 'mail'
  /** The knowledge folder, or what staff added to it, is another. */
  | 'knowledge'
  /** Staff taught the reader something. */
  | 'talk'
  /** A caller used up some of its tries: `[limit, key, at, how many]` as JSON. */
  | 'rate'

/**
 * The other processes on the same database. What is held here is held by the database for as long as this process is connected to
 * it: who dies holds nothing.
 */
export interface Others {
  /**
   * Runs a job that no other process runs under the same key meanwhile; waits for its turn. Of one process the caller runs one at a time.
   * @throws {StoreError} retryable, when the database can't be asked; else what the job threw
   */
  alone<T>(key: string, job: () => Promise<T>): Promise<T>
  /** Whether it is this process that does what one has to do for all. Who does stays it until its end. Never rejects: who can't ask does not. */
  leads(): Promise<boolean>
  /** Says something to the others, soon and never twice, and not to this process itself. It may be lost: what rests on it is looked for now and then besides. */
  tell(topic: Topic, detail?: string): void
  /** Calls `listener` with what others tell, and with '' when something may have been missed. */
  hear(topic: Topic, listener: (detail: string) => void): void
}

/** `Others.alone`, where there are others. */
export const aloneAmong = <T>(others: Others | undefined, key: string, job: () => Promise<T>): Promise<T> => (others === undefined ? job() : others.alone(key, job))
