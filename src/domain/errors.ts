/**
 * A fault, as opposed to an expected outcome: something this process could not do.
 * `message` says what failed and what to do about it, for staff and developers; residents never see it.
 */
export abstract class AppError extends Error {
  abstract readonly code: string
  /** Whether the same call may succeed later without anybody mending anything. */
  readonly retryable: boolean

  constructor(message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.retryable = options.retryable ?? false
  }
}

/** A setting, a knowledge file or a port that keeps the service from starting; the message names the remedy. */
export class SetupError extends AppError {
  readonly code = 'setup'
}

/** A language or embedding model did not give a usable result. */
export class ModelCallError extends AppError {
  readonly code = 'model_call_failed'
}

/** The store could not read or write (locked, full, corrupt). */
export class StoreError extends AppError {
  readonly code = 'store'
}

/** The process is ending: nothing new is taken. */
export class ServiceStoppingError extends AppError {
  readonly code = 'stopping'

  constructor() {
    super('The service is stopping; send the same message again in a few seconds.', { retryable: true })
  }
}
