import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { crc32, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { importDocument } from '../../../../src/knowledge/documents/import/import-document.ts'
import { writeZip } from '../../../../src/model/write-zip.ts'
import { paragraph, writeDocx } from './docx.ts'

/** Sentences for people: Chinese, with an end, and no word of a program's. */
const SENTENCE = /^[^a-z]*(?:[\p{Script=Han}].*)。$/u

const SAID = { title: '车棚管理办法', issuer: '幸福社区居民委员会', issuedOn: '2024-03-01' }
const times = (count: number, write: (index: number) => string): string => Array.from({ length: count }, (_, index) => write(index)).join('\n')

async function reasonOf(name: string, bytes: Buffer): Promise<string> {
  const imported = await importDocument(name, bytes, SAID)
  return imported.outcome === 'refused' ? imported.reason : `read ${imported.outcome}`
}

/** Half of what staff would notice; a machine under load gives the thread's parent the processor late too. */
const LONGEST_LAG_MS = 1_000

/** @returns what ends the measuring and gives the longest time, in ms, that nothing else of the process could run */
function measureLag(): () => number {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  return () => {
    delay.disable()
    return delay.max / 1e6
  }
}

/** An entry that says it is 10 bytes long and unpacks to 64 MB. */
function lyingZip(): Buffer {
  const zip = writeZip({ 'word/document.xml': Buffer.alloc(64 * 1024 * 1024, 0x20) }, { deflated: true })
  const at = zip.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'))
  zip.writeUInt32LE(10, at + 24)
  return zip
}

describe('a hostile file ends with a sentence', () => {
  const paragraphs = Math.ceil((20 * 1024 * 1024) / paragraph({ text: '甲' }).length)
  it.each<[string, string, Buffer]>([
    ['20 MB of XML in 100 KB', 'a.docx', writeDocx([paragraph({ text: '甲' }).repeat(paragraphs)])],
    ['15 MB of XML in 100 KB', 'a.docx', writeDocx([paragraph({ text: '甲' }).repeat(Math.floor(paragraphs * 0.7))])],
    ['a zip that lies about its size', 'a.docx', lyingZip()],
    ['a zip cut off in the middle', 'a.docx', writeDocx([paragraph({ text: '甲' }).repeat(500)]).subarray(0, 900)],
    ['a million tags', 'a.html', Buffer.from(`<html>${'<b>'.repeat(1_000_000)}`)],
    ['a million groups', 'a.rtf', Buffer.from(`{\\rtf1${'{'.repeat(1_000_000)}`)],
    ['an old Word file of noise', 'a.doc', Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.from('WordDocument', 'utf16le'), deflateRawSync(Buffer.alloc(5_000, crc32(Buffer.from('x')) % 255))])],
    ['a PDF of noise', 'a.pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(100_000, '1 0 obj << /Kids [1 0 R] >> ')])],
    ['a letter without parts', 'a.mht', Buffer.from('MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n--x')],
    ['a numbering that starts again 2,667 times', 'a.txt', Buffer.from(times(8_000, (index) => `${'一二三'.charAt(index % 3)}、内容${index}。`))],
    ['100,000 headings', 'a.md', Buffer.from(times(100_000, (index) => `# 标题${index}`))],
    ['50,000 cells in 10,000 rows', 'a.html', Buffer.from(`<table>${times(10_000, (index) => `<tr><td>${index}</td><td>乙</td><td>丙</td><td>丁</td><td>戊</td></tr>`)}</table>`)],
    ['50,000 cells in one row', 'a.html', Buffer.from(`<table><tr>${times(50_000, (index) => `<td>${index}</td>`)}</tr></table>`)],
    ['100,000 annexes', 'a.txt', Buffer.from(times(50_000, (index) => `附件${(index % 99) + 1}：表\n内容。`))],
    ['a million marks behind a name', 'a.txt', Buffer.from(`社区：${'。'.repeat(990_000)}甲`)],
    ['XML that is no document', 'a.xml', Buffer.from('<?xml version="1.0"?><a>甲</a>')],
  ])('%s', async (_, name, bytes) => {
    const startedAt = process.cpuUsage()
    const lag = measureLag()
    const reason = await reasonOf(name, bytes)
    expect(reason).toMatch(SENTENCE)
    expect(reason).not.toMatch(/^read/)
    // Whoever is being answered meanwhile does not wait for it.
    expect(lag()).toBeLessThan(LONGEST_LAG_MS)
    // Of the processor's time: the machine may be busy with other tests.
    const { user, system } = process.cpuUsage(startedAt)
    expect((user + system) / 1000).toBeLessThan(8_000)
  }, 60_000)

  it('and the next file is read as if nothing had been', async () => {
    expect(await importDocument('a.docx', writeDocx([paragraph({ text: '第一条 甲。' })]), SAID)).toMatchObject({ outcome: 'ready', document: { passages: [{ text: '第一条 甲。' }] } })
  }, 60_000)

  it('while a million characters without a line break are one clause', async () => {
    expect(await importDocument('a.txt', Buffer.from(`${'社区'.repeat(499_000)}。`), SAID)).toMatchObject({ outcome: 'ready', document: { passages: [{ clause: '1' }] } })
  }, 60_000)
})

describe('what is no file', () => {
  it.each<[string, (folder: string) => string]>([
    ['a pipe', (folder) => {
      execFileSync('mkfifo', [path.join(folder, 'pipe.txt')])
      return path.join(folder, 'pipe.txt')
    }],
    ['a folder', (folder) => folder],
    ['a device', () => '/dev/zero'],
  ])('%s is not opened by `knowledge add`', (_, make) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'linli-hostile-'))
    try {
      const run = () => execFileSync('node', ['--import', 'tsx', 'src/commands/linli.ts', 'knowledge', 'add', make(folder)], { encoding: 'utf8', timeout: 50_000, stdio: 'pipe' })
      expect(run).toThrow(/这是一个文件夹|这不是一个普通的文件/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 60_000)
})
