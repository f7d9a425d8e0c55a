import { LONGEST_TEXT, refuse, TOO_MUCH_TEXT } from '../lines.ts'
import type { ReadLines } from '../lines.ts'
import { decodeText } from './text/decode-text.ts'

export const FILE_KINDS = 'md、txt、html、mht、doc、docx、rtf、xlsx、pdf'
/** More marks than the longest page that is read has. */
const MOST_TAGS = 400_000
const LONGEST_PAGE = 8_000_000

/**
 * The paragraphs of a file by what its bytes are, then by its name's ending. Each reader is loaded with its library when a file of its kind comes.
 * @param onProgress called while a long file is read, so that whoever waits knows that it goes on
 */
export async function readByKind(name: string, bytes: Buffer, onProgress: () => void = () => undefined): Promise<ReadLines> {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  if (isPdf(bytes)) return (await import('./pdf/read-pdf.ts')).readPdf(bytes, onProgress)
  if (isZip(bytes)) return (await import('./sheet/read-xlsx.ts')).readXlsx(bytes) ?? (await import('./word/read-docx.ts')).readDocx(bytes)
  if (isOle(bytes)) return (await import('./word/read-doc.ts')).readDoc(bytes)
  if (bytes.subarray(0, 64).includes('{\\rtf')) return (await import('./word/read-rtf.ts')).readRtf(bytes)
  if (['pdf', 'docx', 'xlsx'].includes(ending)) return refuse(`这个文件不是真正的 .${ending}，可能没有下载完整。请重新下载再试。`)
  if (isMht(bytes)) return (await import('./web/read-mht.ts')).readMht(bytes)
  const text = decodeText(bytes)
  if (text === null) return refuse(`这个文件读不出文字。能用的有：${FILE_KINDS}。`)
  const isMarkdown = ending === 'md' || ending === 'markdown'
  if (isPage(ending, text) || isMarkdown) {
    if (text.length > LONGEST_PAGE || countUpTo(text, '<', MOST_TAGS) >= MOST_TAGS) return refuse('这个网页太大、太复杂，读不了。请把正文复制到 txt 文件里再加。')
    return isMarkdown ? (await import('./web/read-markdown.ts')).readMarkdown(text) : (await import('./web/read-html.ts')).readHtml(text)
  }
  if (text.length > LONGEST_TEXT && text.replaceAll(/\s+/g, '').length > LONGEST_TEXT) return refuse(TOO_MUCH_TEXT)
  return /^\s*<\?xml\b/i.test(text) ? refuse('这个文件是 XML，不是文档。请在 Word 里打开，“另存为” docx 再试。') : (await import('./text/read-text.ts')).readText(text)
}

export const isPdf = (bytes: Buffer): boolean => bytes.subarray(0, 1024).includes('%PDF-')
export const isZip = (bytes: Buffer): boolean => startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)
export const isOle = (bytes: Buffer): boolean => startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)
const startsWith = (bytes: Buffer, ...start: number[]): boolean => bytes.subarray(0, start.length).equals(Buffer.from(start))

/** A saved web page is a letter of parts: it has a mail's head. */
const isMht = (bytes: Buffer): boolean => /^(?:[\w-]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n)*?(?:mime-version|content-type)\s*:\s*(?:1\.0|multipart\/|text\/html)/i.test(bytes.subarray(0, 4_000).toString('latin1').replace(/^[\ufeff\s]+/, ''))

/** By its name, by how it begins, or, where an office document was promised, by its tags. */
function isPage(ending: string, text: string): boolean {
  if (/^html?$|^xhtml$/.test(ending) || /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*)?<(?:!doctype html|html|head|body)\b/i.test(text)) return true
  return /^(?:docx?|xlsx?|wps|et)$/.test(ending) && (text.slice(0, 100_000).match(/<(?:p|div|table|tr|td|br|span|h[1-6])\b[^>]*>/gi)?.length ?? 0) >= 2
}

function countUpTo(text: string, letter: string, most: number): number {
  let count = 0
  for (let at = text.indexOf(letter); at !== -1 && count < most; at = text.indexOf(letter, at + 1)) count += 1
  return count
}
