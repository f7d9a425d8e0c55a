import { readDocx } from './read-docx.ts'
import { readHtml } from './read-html.ts'
import { refuse, toLines } from './lines.ts'
import type { ReadLines } from './lines.ts'
import { readMarkdown } from './read-markdown.ts'
import { readPdf } from './read-pdf.ts'

export const LONGEST_FILE_BYTES = 20 * 1024 * 1024
/** About 1,000 printed pages. */
const LONGEST_TEXT = 1_000_000

/**
 * The paragraphs of a md, txt, html, docx or pdf file. What the bytes are decides, then the name's ending. Never throws for what stands in
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
  if (bytes.subarray(0, 1024).includes('%PDF-')) return readPdf(bytes)
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) return readDocx(bytes)
  if (bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) return refuse('这是旧版的 Word 文件（.doc、.wps），或者加了密码。请打开后“另存为” .docx，不设密码，再试。')
  if (ending === 'pdf' || ending === 'docx') return refuse(`这个文件不是真正的 .${ending}，可能没有下载完整。请重新下载再试。`)
  const text = decodeText(bytes)
  if (text === null) return refuse('这个文件读不出文字。能用的有：md、txt、html、docx、pdf。')
  if (/^html?$|^xhtml$/.test(ending) || /^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)\b/i.test(text)) return readHtml(text)
  if (ending === 'md' || ending === 'markdown') return readMarkdown(text)
  return { outcome: 'read', lines: toLines(text) }
}

/** UTF-8, UTF-16 with a mark, else GB18030 (which holds GBK and GB2312); null when it is no text in any of them. */
export function decodeText(bytes: Buffer): string | null {
  const encodings = bytes[0] === 0xff && bytes[1] === 0xfe ? ['utf-16le'] : bytes[0] === 0xfe && bytes[1] === 0xff ? ['utf-16be'] : ['utf-8', 'gb18030']
  for (const encoding of encodings) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
      return /[\u0000-\u0008\u000e-\u001a]/.test(text) ? null : text
    } catch {
      continue
    }
  }
  return null
}
