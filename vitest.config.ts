import { defineConfig } from 'vitest/config'

const common = { environment: 'node' as const, pool: 'forks' as const, passWithNoTests: false }

/** What rests on the database most: these run once more on PostgreSQL. All others would too; it takes the time that it takes. */
const ON_POSTGRESQL = [
  'tests/store/**/*.integration.test.ts',
  'tests/desk/*.integration.test.ts',
  'tests/outbox/{alerts,alerts-later,announcement-drafts,announcements,climbing,crash,latecomers,order,processes,push-order,results,tagged-audience,volunteer-search,webhooks}.integration.test.ts',
  'tests/dialog/{announce,edited-messages,edited-in-forms,neighbours-*,own-data,rebinding,service-request,votes}.integration.test.ts',
  'tests/web/api/{messages,records,requests}.integration.test.ts',
  'tests/web/admin-work.integration.test.ts',
  'tests/web/admin/{announcements/announcement-receipts,knowledge/unanswered}.integration.test.ts',
]

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default'],
    projects: [
      { test: { ...common, name: 'unit', include: ['tests/**/*.test.ts'], exclude: ['tests/**/*.integration.test.ts', 'tests/**/*.browser.test.ts'], testTimeout: 240_000, hookTimeout: 240_000 } },
      { test: { ...common, name: 'integration', include: ['tests/**/*.integration.test.ts'], testTimeout: 240_000, hookTimeout: 240_000 } },
      { test: { ...common, name: 'postgresql', include: ON_POSTGRESQL, globalSetup: ['tests/support/postgresql-server.ts'], testTimeout: 240_000, hookTimeout: 240_000 } },
      { test: { ...common, name: 'browser', include: ['tests/**/*.browser.test.ts'], testTimeout: 240_000, hookTimeout: 240_000, fileParallelism: false } },
    ],
  },
})
