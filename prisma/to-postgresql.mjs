/**
 * The same models for PostgreSQL: another provider, and the client in a folder of its own.
 * @param {string} schema the text of schema.prisma
 * @param {string} output the folder of the generated client
 */
export function toPostgresql(schema, output) {
  const text = schema.replace(/provider = "sqlite"/, 'provider = "postgresql"').replace(/output( *)= "[^"]+"/, (_, gap) => `output${gap}= ${JSON.stringify(output)}`)
  if (!text.includes('"postgresql"') || !text.includes(JSON.stringify(output))) throw new Error('schema.prisma no longer names its provider and output as to-postgresql.mjs expects')
  return text
}
