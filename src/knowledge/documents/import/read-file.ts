import { unpackedSize } from '../../../model/zip.ts'
import { isOle, isPdf, isZip, readByKind } from './formats/read-by-kind.ts'
import { LONGEST_TEXT, refuse, TOO_MUCH_TEXT } from './lines.ts'
import type { ReadLines } from './lines.ts'
import { readInThread } from './read-thread.ts'

export const LONGEST_FILE_BYTES = 20 * 1024 * 1024
/** What is so short, unpacked too, cannot take long. */
const HARMLESS_BYTES = 64 * 1024
const HARMLESS_UNPACKED_BYTES = 1024 * 1024

/**
 * The paragraphs of a md, txt, html, mht, doc, docx, rtf, xlsx or pdf file. What the bytes are decides, then the name's ending. Never throws for what stands in
 * the file: whatever cannot be used, or would take too much time or memory, is refused in one Chinese sentence. Long and packed files are read in a thread of their own.
 */
export async function readFileLines(name: string, bytes: Buffer): Promise<ReadLines> {
  if (bytes.length > LONGEST_FILE_BYTES) return refuse(describeTooLarge(bytes.length))
  if (bytes.length === 0) return refuse('文件是空的。')
  const result = await (isHarmless(bytes) ? readByKind(name, bytes) : readInThread(name, bytes))
  if (result.outcome === 'refused') return result
  const length = result.lines.reduce((sum, line) => sum + line.text.length, 0)
  if (length === 0) return refuse('文件里没有文字。')
  return length > LONGEST_TEXT ? refuse(TOO_MUCH_TEXT) : result
}

export const describeTooLarge = (bytes: number): string => `文件太大（${Math.round(bytes / 1024 / 1024)} MB），最多 ${LONGEST_FILE_BYTES / 1024 / 1024} MB。请拆开，或者去掉图片再试。`

const isHarmless = (bytes: Buffer): boolean => bytes.length <= HARMLESS_BYTES && !isPdf(bytes) && !isOle(bytes) && (!isZip(bytes) || unpackedSize(bytes) <= HARMLESS_UNPACKED_BYTES)
