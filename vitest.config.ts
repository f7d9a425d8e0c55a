import { defineConfig } from 'vitest/config'

const common = { environment: 'node' as const, pool: 'forks' as const, passWithNoTests: false }

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default'],
    projects: [
      { test: { ...common, name: 'unit', include: ['tests/**/*.test.ts'], exclude: ['tests/**/*.integration.test.ts', 'tests/**/*.browser.test.ts'] } },
      { test: { ...common, name: 'integration', include: ['tests/**/*.integration.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      { test: { ...common, name: 'browser', include: ['tests/**/*.browser.test.ts'], testTimeout: 90_000, hookTimeout: 90_000, fileParallelism: false } },
    ],
  },
})
