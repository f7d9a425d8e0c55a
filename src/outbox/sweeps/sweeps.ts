/** Does its work that is due; resolves with the instant of the next, null = none is known. */
export type Sweep = () => Promise<Date | null>

/** What waits while `isHeld`: nothing is due by itself then. */
export const unlessHeld = (isHeld: () => Promise<boolean>, sweep: Sweep): Sweep => async () => ((await isHeld()) ? null : sweep())

/** Several as one, in their order: what is most urgent comes first. */
export const inOrder = (...sweeps: readonly Sweep[]): Sweep => async () => {
  const instants: number[] = []
  for (const sweep of sweeps) {
    const next = await sweep()
    if (next !== null) instants.push(next.getTime())
  }
  return instants.length === 0 ? null : new Date(Math.min(...instants))
}
