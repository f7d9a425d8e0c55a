import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readFileLines } from '../../../../src/knowledge/documents/import/read-file.ts'
import { writeZip } from '../../../../src/model/write-zip.ts'
import { paragraph, writeDocx } from './docx.ts'

/** Sentences for people: Chinese, with an end, and no word of a program's. */
const SENTENCE = /^[^a-z]*(?:[\p{Script=Han}].*)。$/u

async function reasonOf(name: string, bytes: Buffer): Promise<string> {
  const read = await readFileLines(name, bytes)
  return read.outcome === 'refused' ? read.reason : `read ${read.lines.length}`
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
    ['XML that is no document', 'a.xml', Buffer.from('<?xml version="1.0"?><a>甲</a>')],
  ])('%s', async (_, name, bytes) => {
    const startedAt = process.cpuUsage()
    const reason = await reasonOf(name, bytes)
    expect(reason).toMatch(SENTENCE)
    expect(reason).not.toMatch(/^read/)
    // Of the processor's time: the machine may be busy with other tests.
    const { user, system } = process.cpuUsage(startedAt)
    expect((user + system) / 1000).toBeLessThan(8_000)
  }, 60_000)

  it('and the next file is read as if nothing had been', async () => {
    expect(await readFileLines('a.docx', writeDocx([paragraph({ text: '第一条 甲。' })]))).toEqual({ outcome: 'read', lines: [{ text: '第一条 甲。' }] })
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
