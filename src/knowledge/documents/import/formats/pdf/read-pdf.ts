import { createRequire } from 'node:module'
import path from 'node:path'
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { joinPages } from './join-pages.ts'
import type { Page } from './join-pages.ts'
import { setLines } from './page-lines.ts'
import { readPieces } from './page-pieces.ts'
import { readRules } from './page-rules.ts'
import { readRuledTables } from './ruled-tables.ts'
import { refuse } from '../../lines.ts'
import type { ReadLines } from '../../lines.ts'

const MOST_PAGES = 500
/** Fewer characters a page than this are page numbers and stamps on pictures of pages. */
const LEAST_CHARACTERS_A_PAGE = 20
const LONGEST_READ_MS = 60_000
const LEAST_SIDE_BY_SIDE = 2

/** The paragraphs of a PDF with its page numbers, running headers and broken lines mended. */
export async function readPdf(bytes: Buffer, onProgress: () => void = () => undefined): Promise<ReadLines> {
  const folder = path.dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
  const task = getDocument({
    data: new Uint8Array(bytes),
    cMapUrl: `${path.join(folder, 'cmaps')}${path.sep}`,
    cMapPacked: true,
    standardFontDataUrl: `${path.join(folder, 'standard_fonts')}${path.sep}`,
    isEvalSupported: false,
    // Pictures are not looked at.
    maxImageSize: 1,
    disableFontFace: true,
    useSystemFonts: false,
    verbosity: VerbosityLevel.ERRORS,
  })
  try {
    const document = await task.promise
    if (document.numPages > MOST_PAGES) return refuse(`这个 PDF 有 ${document.numPages} 页，太长了，最多 ${MOST_PAGES} 页。请拆开再加。`)
    const startedAt = performance.now()
    const pages: Page[] = []
    for (let number = 1; number <= document.numPages; number += 1) {
      if (performance.now() - startedAt > LONGEST_READ_MS) return refuse('这个 PDF 读得太慢，没有读完。请拆开，或者改用 Word 文件再试。')
      pages.push(await readPage(document, number))
      onProgress()
    }
    const characters = pages.reduce((sum, page) => sum + countLetters(page), 0)
    if (characters < LEAST_CHARACTERS_A_PAGE * pages.length) return refuse('这个 PDF 是扫描的图片，里面没有文字。请用 Word 原文，或者先做文字识别（OCR）再加。')
    return { outcome: 'read', lines: joinPages(pages) }
  } catch (error) {
    const isLocked = error instanceof Error && error.name === 'PasswordException'
    return refuse(isLocked ? '这个 PDF 加了密码，打不开。请去掉密码再试。' : '这个 PDF 打不开，文件可能坏了。请重新下载，或者改用 Word 文件再试。')
  } finally {
    await task.destroy()
  }
}

const countLetters = ({ lines, tables }: Page): number => lines.reduce((sum, line) => sum + line.text.length, 0) + tables.flatMap((table) => table.rows.flat()).reduce((sum, cell) => sum + cell.paragraphs.join('').length, 0)

type PdfDocument = Awaited<ReturnType<typeof getDocument>['promise']>

/** The lines of a page, top to bottom, and its tables. */
async function readPage(document: PdfDocument, number: number): Promise<Page> {
  const page = await document.getPage(number)
  const viewport = page.getViewport({ scale: 1 })
  const toPage = viewport.transform
  const { items } = await page.getTextContent()
  const pieces = readPieces(items.flatMap((item) => ('str' in item ? [{ str: item.str, width: item.width, transform: item.transform as number[] }] : [])), toPage)
  // Borders are looked for only where words stand side by side.
  const isPlain = setLines(pieces, viewport.height).filter((line) => line.segments.length > 1).length < LEAST_SIDE_BY_SIDE
  const rules = isPlain ? [] : readRules(await page.getOperatorList(), toPage)
  page.cleanup()
  const { tables, rest } = readRuledTables(pieces, rules)
  return { lines: setLines(rest, viewport.height), tables }
}
