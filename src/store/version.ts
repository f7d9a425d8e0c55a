import fs from 'node:fs'

/** The version of this program, as package.json says it. */
export const { version: VERSION } = JSON.parse(fs.readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
