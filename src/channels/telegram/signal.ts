import type { Api } from 'grammy'

type GrammySignal = NonNullable<Parameters<Api['getMe']>[0]>

/** grammY is typed against the abort-controller package; Node's own signal is the same standard with stricter listener types. */
export const toGrammySignal = (signal: AbortSignal): GrammySignal => signal as unknown as GrammySignal
