import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { describeFinding } from '../../../src/commands/bench/bench-finding-text.ts'
import { loadPeers } from '../../../src/commands/bench/bench-peers.ts'
import { openCommandLine } from '../run.ts'

const line = openCommandLine()
afterAll(() => line.close())

const TEXTS = ['婚姻登记需要双方到场', '企业复工要提前申报', '交通事故应当及时报警', '电梯坏了找物业维修']
const write = (name: string, text: string | Buffer) => {
  const file = path.join(line.directory, name)
  writeFileSync(file, text)
  return file
}
const toLines = (values: readonly object[]) => values.map((value) => JSON.stringify(value)).join('\n')
const corpus = write('corpus.jsonl', toLines(TEXTS.map((text, id) => ({ id, text }))))

describe('bench', () => {
  it('measures our finding and its peers on the same corpus, with ratios', async () => {
    const queries = write('queries.jsonl', toLines([{ q: '婚姻登记要谁到场', gold: [0] }, { question: '交通事故报警', rel: [2] }, { q: '没有答案', gold: [] }]))
    const ran = await line.linli(['bench', '--only', 'finding', '--lexical', '--corpus', corpus, '--queries', queries])
    expect(ran.stderr).toBe('')
    expect(ran.code).toBe(0)
    expect(ran.lines[0]).toContain('4 passages, 2 questions')
    const rowOf = (name: string) => ran.lines.find((text) => text.startsWith(`${name} `))?.slice(52).trim().split(/\s+/).map(Number) ?? []
    for (const name of ['Linli, words', 'MiniSearch', 'SQLite FTS5, bigrams']) expect(rowOf(name).slice(0, 4)).toEqual([1, 1, 1, 1])
    expect(rowOf('Linli, words').every((value) => value >= 0)).toBe(true)
    expect(ran.lines.filter((text) => text.startsWith('Linli, words : '))).toHaveLength(3)
  })

  it('says what is missing', async () => {
    expect((await line.linli(['bench', '--only', 'finding', '--lexical', '--corpus', corpus])).stderr).toContain('--queries')
    const queries = write('broken.jsonl', '{"q":"没有标注"}')
    const ran = await line.linli(['bench', '--only', 'finding', '--lexical', '--corpus', corpus, '--queries', queries])
    expect(ran.stderr).toContain('line 1')
    expect(ran.code).not.toBe(0)
  })

  it('counts what was found', () => {
    const row = { first: 0.5, firstFive: 0.75, recallTen: 0.8, reciprocalRank: 0.6, buildMs: 100, loadMs: 10, p50: 1, p95: 2 }
    const peer = { ...row, name: 'Peer', isPeer: true, first: 0.25, loadMs: null, p95: 4 }
    const lines = describeFinding({ name: 'c', passages: 2, questions: 4, rows: [{ ...row, name: 'Ours', isPeer: false }, peer] }).split('\n')
    expect(lines.find((text) => text.startsWith('Ours : Peer'))?.trim().split(/\s+/).slice(3)).toEqual(['2.00', '1.00', '1.00', '1.00', '1.00', '-', '1.00', '0.50'])
  })
})

describe('The peers', () => {
  it('read Chinese: one character, two, three and numbers', async () => {
    for (const peer of await loadPeers()) {
      const finder = peer.build([['电梯', '电梯坏了找物业维修'], ['热线', '拨打12349']])
      expect(await finder.rank('物业维修', 2)).toEqual([0])
      expect(await finder.rank('"', 2)).toEqual([])
      finder.close?.()
    }
    const [miniSearch, bigrams] = await loadPeers()
    for (const peer of [miniSearch, bigrams]) expect(await peer?.build([['电梯坏了'], ['拨打12349']]).rank('12349', 2)).toEqual([1])
  })
})

describe('search', () => {
  const queries = write('asked.jsonl', '{"id":"q","q":"电梯坏了"}')

  it('reads a packed corpus, and keeps the index of a large one', async () => {
    const packed = write('large.jsonl.gz', gzipSync(toLines(Array.from({ length: 800 }, (_, id) => ({ id, text: `第${id}条 ${TEXTS[id % 3]}` })).concat({ id: 800, text: TEXTS[3] ?? '' }))))
    const first = await line.linli(['search', '--corpus', packed, '--file', queries, '--json', '--lexical'])
    expect(first.stderr).toContain('Indexed 801 passages')
    expect((JSON.parse(first.lines[0] ?? '{}') as { ranked: { id: number }[] }).ranked[0]?.id).toBe(800)
    const kept = path.join(line.directory, 'data', 'cache', 'search')
    const [file = ''] = readdirSync(kept)
    expect(readdirSync(kept)).toEqual([expect.stringMatching(/^words-[0-9a-f]{32}\.bin$/)])
    const ranked = (ran: typeof first) => (JSON.parse(ran.lines[0] ?? '{}') as { ranked: unknown }).ranked
    expect(ranked(await line.linli(['search', '--corpus', packed, '--file', queries, '--json', '--lexical']))).toEqual(ranked(first))
    writeFileSync(path.join(kept, file), 'cut')
    expect(ranked(await line.linli(['search', '--corpus', packed, '--file', queries, '--json', '--lexical']))).toEqual(ranked(first))
  })

  it('fails when a corpus is missing or its packing is broken', async () => {
    for (const file of [path.join(line.directory, 'none.jsonl'), path.join(line.directory, 'none.jsonl.gz'), write('broken.jsonl.gz', gzipSync('{"id":1,"text":"社区"}\n'.repeat(500)).subarray(0, 40))]) {
      const ran = await line.linli(['search', '--corpus', file, '--file', queries, '--json', '--lexical'])
      expect(ran.code).not.toBe(0)
      expect(ran.lines).toEqual([])
      expect(ran.stderr).not.toBe('')
    }
  })
})
