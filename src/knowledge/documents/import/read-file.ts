import { decodeText } from './formats/text/decode-text.ts'
import { readText } from './formats/text/read-text.ts'
import { readPdf } from './formats/pdf/read-pdf.ts'
import { readXlsx } from './formats/sheet/read-xlsx.ts'
import { readHtml } from './formats/web/read-html.ts'
import { readMarkdown } from './formats/web/read-markdown.ts'
import { isMht, readMht } from './formats/web/read-mht.ts'
import { readDoc } from './formats/word/read-doc.ts'
import { readDocx } from './formats/word/read-docx.ts'
import { readRtf } from './formats/word/read-rtf.ts'
import { refuse } from './lines.ts'
import type { ReadLines } from './lines.ts'

export const LONGEST_FILE_BYTES = 20 * 1024 * 1024
/** About 1,000 printed pages. */
const LONGEST_TEXT = 1_000_000
export const FILE_KINDS = 'md、txt、html、mht、doc、docx、rtf、xlsx、pdf'

/**
 * The paragraphs of a md, txt, html, mht, doc, docx, rtf, xlsx or pdf file. What the bytes are decides, then the name's ending. Never throws for what stands in
 * the file: whatever cannot be used is refused in one Chinese sentence.
 */
export async function readFileLines(name: string, bytes: Buffer): Promise<ReadLines> {
  if (bytes.length > LONGEST_FILE_BYTES) return refuse(describeTooLarge(bytes.length))
  if (bytes.length === 0) return refuse('文件是空的。')
  const result = await readByKind(name, bytes)
  if (result.outcome === 'refused') return result
  const length = result.lines.reduce((sum, line) => sum + line.text.length, 0)
  if (length === 0) return refuse('文件里没有文字。')
  return length > LONGEST_TEXT ? refuse('文字太多（一百万字以上），请拆成几份再加。') : result
}

export const describeTooLarge = (bytes: number): string => `文件太大（${Math.round(bytes / 1024 / 1024)} MB），最多 ${LONGEST_FILE_BYTES / 1024 / 1024} MB。请拆开，或者去掉图片再试。`

async function readByKind(name: string, bytes: Buffer): Promise<ReadLines> {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const startsWith = (...start: number[]) => bytes.subarray(0, start.length).equals(Buffer.from(start))
  if (bytes.subarray(0, 1024).includes('%PDF-')) return readPdf(bytes)
  if (startsWith(0x50, 0x4b, 0x03, 0x04)) return readXlsx(bytes) ?? readDocx(bytes)
  if (startsWith(0xd0, 0xcf, 0x11, 0xe0)) return readDoc(bytes)
  if (bytes.subarray(0, 64).includes('{\\rtf')) return readRtf(bytes)
  if (['pdf', 'docx', 'xlsx'].includes(ending)) return refuse(`这个文件不是真正的 .${ending}，可能没有下载完整。请重新下载再试。`)
  if (isMht(bytes)) return readMht(bytes)
  const text = decodeText(bytes)
  if (text === null) return refuse(`这个文件读不出文字。能用的有：${FILE_KINDS}。`)
  if (isPage(ending, text)) return readHtml(text)
  if (/^\s*<\?xml\b/i.test(text)) return refuse('这个文件是 XML，不是文档。请在 Word 里打开，“另存为” docx 再试。')
  return ending === 'md' || ending === 'markdown' ? readMarkdown(text) : readText(text)
}

/** By its name, by how it begins, or, where an office document was promised, by its tags. */
function isPage(ending: string, text: string): boolean {
  if (/^html?$|^xhtml$/.test(ending) || /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*)?<(?:!doctype html|html|head|body)\b/i.test(text)) return true
  return /^(?:docx?|xlsx?|wps|et)$/.test(ending) && (text.match(/<(?:p|div|table|tr|td|br|span|h[1-6])\b[^>]*>/gi)?.length ?? 0) >= 2
}
