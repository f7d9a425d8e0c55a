/** Calls back once after `ms`; the returned function undoes it. */
export type SetTimer = (callback: () => void, ms: number) => () => void

export interface Alarm {
  /** Waits, at most until `ring`. A ring before the wait ends it at once. */
  sleep(ms: number): Promise<void>
  ring(): void
  /** Forgets a ring that nobody has heard. */
  clear(): void
  /** The promise's value, or `late()` after `ms`. */
  within<T>(promise: Promise<T>, ms: number, late: () => T): Promise<T>
}

export const setRealTimer: SetTimer = (callback, ms) => {
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}

export function createAlarm(setTimer: SetTimer = setRealTimer): Alarm {
  let isRung = false
  let wakeUp: (() => void) | undefined
  return {
    async sleep(ms) {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          const cancel = setTimer(resolve, ms)
          wakeUp = () => {
            cancel()
            resolve()
          }
        })
      }
      wakeUp = undefined
      isRung = false
    },
    ring() {
      isRung = true
      wakeUp?.()
    },
    clear() {
      isRung = false
    },
    async within(promise, ms, late) {
      let cancel: (() => void) | undefined
      const limit = new Promise<'late'>((resolve) => {
        cancel = setTimer(() => resolve('late'), ms)
      })
      try {
        const first = await Promise.race([promise.then((value) => ({ value })), limit])
        return first === 'late' ? late() : first.value
      } finally {
        cancel?.()
      }
    },
  }
}
