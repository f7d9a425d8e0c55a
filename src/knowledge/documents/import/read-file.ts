import { readByKind } from './formats/read-by-kind.ts'
import { LONGEST_TEXT, refuse, TOO_MUCH_TEXT } from './lines.ts'
import type { ReadLines } from './lines.ts'

export const LONGEST_FILE_BYTES = 20 * 1024 * 1024
const QUICK_BYTES = 20 * 1024
const QUICK_LINE_BYTES = 4 * 1024

/** The paragraphs of a md, txt, html, mht, doc, docx, rtf, xlsx or pdf file. What the bytes are decides, then the name's ending. What cannot be used is refused in one Chinese sentence. */
export async function readFileLines(name: string, bytes: Buffer, onProgress: () => void = () => undefined): Promise<ReadLines> {
  const result = await readByKind(name, bytes, onProgress)
  if (result.outcome === 'refused') return result
  const length = result.lines.reduce((sum, line) => sum + line.text.length, 0)
  if (length === 0) return refuse('文件里没有文字。')
  return length > LONGEST_TEXT ? refuse(TOO_MUCH_TEXT) : result
}

export const describeTooLarge = (bytes: number): string => `文件太大（${Math.round(bytes / 1024 / 1024)} MB），最多 ${LONGEST_FILE_BYTES / 1024 / 1024} MB。请拆开，或者去掉图片再试。`

/** Whether a file is some pages of plain text, without a tag and in lines that a person wrote: whatever it says, all of its import takes less than 50 ms. */
export function isQuick(name: string, bytes: Buffer): boolean {
  if (bytes.length > QUICK_BYTES || !/\.(?:txt|md|markdown)$/i.test(name)) return false
  const text = bytes.toString('latin1')
  return !/[<\u0000]|^PK|%PDF-|\{\\rtf|MIME-/i.test(text) && text.split('\n').every((line) => line.length <= QUICK_LINE_BYTES)
}
