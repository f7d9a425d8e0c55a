import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { JPEG, withExif } from '../support/picture-files.ts'
import { openCommandLine } from './run.ts'

const line = openCommandLine()
const announce = (...more: string[]) => line.linli(['announce', '--by', 'wang', '--text', '明天停水', ...more])
const write = (name: string, content: Uint8Array | string): string => {
  const file = path.join(line.directory, name)
  fs.writeFileSync(file, content)
  return file
}
const kept = (): string[] => {
  const folder = path.join(line.directory, 'data', 'pictures')
  return fs.existsSync(folder) ? fs.readdirSync(folder) : []
}

beforeAll(async () => {
  await line.linli(['staff-add', 'wang'])
}, 60_000)
afterAll(() => line.close())

it('announce --picture keeps a photo without its place; what is no picture is refused in a sentence and leaves nothing', async () => {
  const draft = await announce('--picture', write('photo.jpg', withExif(JPEG)))
  const view = JSON.parse(draft.lines[0] ?? '') as { id: string; picture: string }
  expect(view.picture).toMatch(/^\/pictures\/[0-9a-f]{64}\.jpg$/)
  expect(kept()).toEqual([path.basename(view.picture)])
  expect(fs.readFileSync(path.join(line.directory, 'data', 'pictures', path.basename(view.picture))).equals(Buffer.from(JPEG))).toBe(true)

  const refused = await announce('--picture', write('words.jpg', 'words'))
  expect([refused.code, refused.stdout, refused.stderr]).toMatchObject([1, '', expect.stringContaining('选的不是图片')])
  const missing = await announce('--picture', path.join(line.directory, 'none.jpg'))
  expect([missing.code, missing.stderr]).toMatchObject([2, expect.stringContaining('读不了图片')])

  expect((await line.linli(['announce', 'cancel', view.id, '--by', 'wang'])).code).toBe(0)
  expect(kept()).toEqual([])
}, 120_000)
