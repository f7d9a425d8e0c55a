import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const SOURCE = path.resolve(import.meta.dirname, '../../src')
const CORE = ['domain', 'dialog', 'outbox', 'store', 'forms', 'language', 'knowledge']

describe('The core', () => {
  it('asks a channel for its capabilities and never which one it is', () => {
    const files = CORE.flatMap((folder) => fs.readdirSync(path.join(SOURCE, folder), { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)))
    const ours = files.filter((file) => file.endsWith('.ts') && !file.includes('generated'))
    expect(ours.length).toBeGreaterThan(100)
    const asking = ours.filter((file) => /['"`](?:wechat|telegram|wecom|wecom_webhook)['"`]/.test(fs.readFileSync(path.join(SOURCE, file), 'utf8')))
    expect(asking).toEqual([])
  })
})
