import PostalMime from 'postal-mime'
import { refuse } from '../../lines.ts'
import type { ReadLines } from '../../lines.ts'
import { readText } from '../text/read-text.ts'
import { readHtml } from './read-html.ts'

/** A saved web page is a letter of parts: it has a mail's head. */
export const isMht = (bytes: Buffer): boolean => /^(?:[\w-]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n)*?(?:mime-version|content-type)\s*:\s*(?:1\.0|multipart\/|text\/html)/i.test(bytes.subarray(0, 4_000).toString('latin1').replace(/^[\ufeff\s]+/, ''))

/** The paragraphs of a web page saved in one file (.mht), whatever its parts are coded in. */
export async function readMht(bytes: Buffer): Promise<ReadLines> {
  try {
    const { html, text } = await PostalMime.parse(bytes, { maxNestingDepth: 20, maxHeadersSize: 1_000_000 })
    if (html !== undefined && html.trim() !== '') return readHtml(html)
    if (text !== undefined && text.trim() !== '') return readText(text)
  } catch {
    // What it throws is about the file.
  }
  return refuse('这个 mht 里没有网页的正文，文件可能坏了。请用浏览器打开，“另存为”网页（html）再试。')
}
