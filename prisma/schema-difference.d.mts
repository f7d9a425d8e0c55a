export const DATABASES: readonly ['sqlite', 'postgresql']
/** The SQL that leads from the migrations to schema.prisma; '' when they agree. */
export function writeDifference(database: 'sqlite' | 'postgresql'): Promise<string>
