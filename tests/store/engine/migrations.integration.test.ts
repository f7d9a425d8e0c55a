import { describe, expect, it } from 'vitest'
import { DATABASES, writeDifference } from '../../../prisma/schema-difference.mjs'

describe.each(DATABASES)('the migrations for %s', (database) => {
  it('lead to exactly what schema.prisma says (else: node prisma/new-migration.mjs some_name)', async () => {
    expect(await writeDifference(database)).toBe('')
  })
})
