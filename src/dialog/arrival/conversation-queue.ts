/** Runs jobs of one key one after another, in the order they came; jobs of different keys side by side. */
export interface ConversationQueue {
  run<T>(key: string, job: () => Promise<T>): Promise<T>
  /** Resolves when no job is waiting or running. */
  idle(): Promise<void>
}

export function createConversationQueue(): ConversationQueue {
  const tails = new Map<string, Promise<unknown>>()
  return {
    run(key, job) {
      const result = (tails.get(key) ?? Promise.resolve()).then(job)
      const tail = result.catch(() => undefined)
      tails.set(key, tail)
      void tail.then(() => {
        if (tails.get(key) === tail) tails.delete(key)
      })
      return result
    },
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values())
    },
  }
}
