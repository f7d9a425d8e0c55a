import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SetupError } from '../../src/domain/errors.ts'
import { loadPrompts } from '../../src/model/prompts.ts'

const PROMPTS = fileURLToPath(new URL('../../prompts', import.meta.url))
const FILES = ['answer.md', 'answer-retry.md', 'rewrite-question.md']

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'prompts-'))
  for (const file of FILES) await writeFile(path.join(directory, file), await readFile(path.join(PROMPTS, file)))
})

afterEach(() => rm(directory, { recursive: true }))

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const full = path.join(directory, file)
  const before = await readFile(full, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  await writeFile(full, after)
}

async function faultOf(): Promise<string> {
  const fault = await loadPrompts(directory).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(fault).toBeInstanceOf(SetupError)
  return (fault as SetupError).message
}

describe('the prompts of the repository', () => {
  test('load and are filled in', async () => {
    const prompts = await loadPrompts(PROMPTS)
    const { system, user } = prompts.render('answer', { question: '"志愿者要占多少"', passages: '[]' })
    expect(prompts.label('answer')).toBe('answer@1')
    expect(system).toContain('只根据给你的“资料”')
    expect(user).toContain('"志愿者要占多少"')
    expect(system + user).not.toContain('{{')
  })

  test('keep a resident’s braces as they are instead of reading them as a variable', async () => {
    const prompts = await loadPrompts(PROMPTS)
    const { user } = prompts.render('answer', { question: '{{passages}} $& $1', passages: '资料甲' })
    expect(user).toContain('{{passages}} $& $1')
    expect(user.match(/资料甲/g)).toHaveLength(1)
  })
})

describe('a broken prompt stops the start, naming file and line', () => {
  test('a variable that the front matter does not declare', async () => {
    await edit('rewrite-question.md', (text) => text.replace('{{question}}', '{{qestion}}'))
    const fault = await faultOf()
    expect(fault).toMatch(/rewrite-question\.md:21: \{\{qestion\}\} is not among the variables/)
    expect(fault).toMatch(/rewrite-question\.md:4: variable question is declared but not used/)
  })

  test('a variable that the program does not fill in', async () => {
    await edit('rewrite-question.md', (text) => text.replace('[question]', '[question, weather]').replace('改写：', '{{weather}}'))
    expect(await faultOf()).toMatch(/rewrite-question\.md:4: variable weather is not filled in/)
  })

  test('a declared variable that is not used', async () => {
    await edit('answer.md', (text) => text.replace('{{passages}}', ''))
    expect(await faultOf()).toMatch(/answer\.md:4: variable passages is declared but not used/)
  })

  test('a variable that is not closed', async () => {
    await edit('answer.md', (text) => text.replace('{{passages}}', '{{passages}} {{question'))
    expect(await faultOf()).toMatch(/answer\.md:\d+: a \{\{variable\}\} is not closed/)
  })

  test('a missing id', async () => {
    await edit('answer.md', (text) => text.replace('id: answer\n', ''))
    expect(await faultOf()).toMatch(/answer\.md:1: id is missing/)
  })

  test('a version that is no whole number', async () => {
    await edit('answer.md', (text) => text.replace('version: 1', 'version: one'))
    expect(await faultOf()).toMatch(/answer\.md:3: version/)
  })

  test('the same id in two files', async () => {
    await writeFile(path.join(directory, 'second.md'), await readFile(path.join(directory, 'answer.md')))
    expect(await faultOf()).toMatch(/second\.md:2: id answer is used by another file/)
  })

  test('an id that the program has no use for', async () => {
    await edit('answer.md', (text) => text.replace('id: answer', 'id: anser'))
    expect(await faultOf()).toMatch(/answer\.md:2: the program has no use/)
  })

  test('a prompt that is not there', async () => {
    await rm(path.join(directory, 'answer-retry.md'))
    expect(await faultOf()).toMatch(/answer-retry\.md:1: prompt answer-retry is missing/)
  })

  test('no front matter, broken front matter, a missing section', async () => {
    await edit('answer.md', (text) => text.replace('---\n', ''))
    await edit('answer-retry.md', (text) => text.replace('variables: [', 'variables: [['))
    await edit('rewrite-question.md', (text) => text.replace('# User', '# Resident'))
    const fault = await faultOf()
    expect(fault).toMatch(/answer\.md:1: must begin with front matter/)
    expect(fault).toMatch(/answer-retry\.md:\d+: not valid YAML/)
    expect(fault).toMatch(/rewrite-question\.md:\d+: must hold the sections/)
  })

  test('a folder that is not there', async () => {
    await expect(loadPrompts(path.join(directory, 'none'))).rejects.toThrow(SetupError)
  })
})
