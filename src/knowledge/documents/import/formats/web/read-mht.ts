import PostalMime from 'postal-mime'
import { refuse } from '../../lines.ts'
import type { ReadLines } from '../../lines.ts'
import { readText } from '../text/read-text.ts'
import { readHtml } from './read-html.ts'

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
