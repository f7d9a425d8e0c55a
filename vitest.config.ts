import { defineConfig } from 'vitest/config'

const common = { environment: 'node' as const, pool: 'forks' as const, passWithNoTests: false }

const ON_POSTGRESQL = ['tests/{store,dialog,outbox}/**/*.integration.test.ts', 'tests/web/{api,chat}/*.integration.test.ts', 'tests/web/admin-*.integration.test.ts']

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default'],
    projects: [
      { test: { ...common, name: 'unit', include: ['tests/**/*.test.ts'], exclude: ['tests/**/*.integration.test.ts', 'tests/**/*.browser.test.ts'] } },
      { test: { ...common, name: 'integration', include: ['tests/**/*.integration.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      // The same tests once more, where what they rest on is the database.
      { test: { ...common, name: 'postgresql', include: ON_POSTGRESQL, globalSetup: ['tests/support/postgresql-server.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      { test: { ...common, name: 'browser', include: ['tests/**/*.browser.test.ts'], testTimeout: 90_000, hookTimeout: 90_000, fileParallelism: false } },
    ],
  },
})
