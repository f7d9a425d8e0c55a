import path from 'node:path'
import { load } from 'cheerio'
import mammoth from 'mammoth'
import { writeZip } from '../../../../../model/write-zip.ts'
import { readZipEntry } from '../../../../../model/zip.ts'
import { LONGEST_TEXT, refuse, TOO_MUCH_TEXT } from '../../lines.ts'
import type { ReadLines } from '../../lines.ts'
import { readPage } from '../web/read-html.ts'
import { writeLabels } from './docx-labels.ts'
import { moveNotes } from './docx-notes.ts'
import { DocxStyles } from './docx-styles.ts'
import { headingStyle, keepSeen } from './docx-visible.ts'

/** Of one part, unpacked. A thousand pages of text are some 15 MB of Word's XML. */
const LONGEST_PART_BYTES = 16 * 1024 * 1024
/** Word's XML packs to a tenth or a twentieth; what packs a hundredfold is no text. */
const LARGE_PART = 2 * 1024 * 1024
const MOST_INFLATED = 100
const TYPES = '[Content_Types].xml'
const STYLE_MAP = ["p[style-name='Title'] => h1:fresh", "p[style-name='标题'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"]

/**
 * The paragraphs of a Word document as its reader sees them, automatic numbers, notes, text boxes and tables included; pictures are left out. Only the parts that hold text
 * are unpacked, each up to a limit, so that a zip bomb stays packed; the converter never sees the file itself.
 */
export async function readDocx(bytes: Buffer): Promise<ReadLines> {
  const isInside = (name: string) => bytes.includes(Buffer.from(name))
  const read = (name: string) => readZipEntry(bytes, name, LONGEST_PART_BYTES)?.toString('utf8') ?? ''
  const main = findMainPart(read('_rels/.rels'))
  const document = read(main)
  if (document === '') {
    if (!isInside(main)) return refuse('这个文件不是 Word 的 .docx，也不是 Excel 的 .xlsx。能用的有：md、txt、html、mht、doc、docx、rtf、xlsx、pdf。')
    return refuse('这个 docx 解不开：里面的内容大得不正常，或者文件坏了。请在 Word 里打开，“另存为”一份再试。')
  }
  if (document.length > LARGE_PART && document.length > bytes.length * MOST_INFLATED) return refuse('这个 docx 解开来大得不正常，没有读。请在 Word 里打开，“另存为”一份再试。')
  if (document.replaceAll(/<[^>]*>/g, '').length > LONGEST_TEXT) return refuse(TOO_MUCH_TEXT)
  const [styles = '', numbering = '', footnotes = '', endnotes = ''] = ['styles.xml', 'numbering.xml', 'footnotes.xml', 'endnotes.xml'].map((name) => read(beside(main, name)))
  // Word writes no document type; entities that multiply do.
  if ([document, styles, numbering, footnotes, endnotes].some((xml) => /<!(?:DOCTYPE|ENTITY)/i.test(xml))) return refuse('这个 docx 里有不该有的内容，没有读。请在 Word 里打开，“另存为”一份再试。')
  try {
    const known = new DocxStyles(styles)
    const parts = {
      [TYPES]: read(TYPES),
      '_rels/.rels': read('_rels/.rels'),
      [main]: prepare(document, known, numbering),
      [relationsOf(main)]: withoutPictures(read(relationsOf(main))),
      [beside(main, 'styles.xml')]: withHeadings(styles),
      [beside(main, 'footnotes.xml')]: footnotes === '' ? '' : prepare(footnotes, known, ''),
      [beside(main, 'endnotes.xml')]: endnotes === '' ? '' : prepare(endnotes, known, ''),
    }
    const zip = writeZip(Object.fromEntries(Object.entries(parts).filter(([, xml]) => xml !== '')))
    const { value } = await mammoth.convertToHtml({ buffer: zip }, { styleMap: STYLE_MAP, includeEmbeddedStyleMap: false, externalFileAccess: false, convertImage: mammoth.images.imgElement(async () => ({ src: '' })) })
    const page = load(value)
    moveNotes(page)
    return readPage(page)
  } catch {
    return refuse('这个 docx 读不了，文件可能坏了。请在 Word 里打开，“另存为”一份再试。')
  }
}

function prepare(part: string, styles: DocxStyles, numbering: string): string {
  const xml = load(part, { xml: true })
  keepSeen(xml, styles)
  writeLabels(xml, numbering, styles)
  return xml.xml()
}

/** The styles' names, which are all that the converter looks at, and those of headings by outline. */
function withHeadings(stylesXml: string): string {
  const headings = [1, 2, 3, 4, 5, 6].map((level) => `<w:style w:type="paragraph" w:styleId="${headingStyle(level)}"><w:name w:val="heading ${level}"/></w:style>`).join('')
  const [open = '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'] = /<w:styles\b[^>]*>/.exec(stylesXml) ?? []
  const names = [...stylesXml.matchAll(/(<w:style\b[^>]*>)\s*(<w:name\b[^>]*\/>)/g)].map(([, style = '', name = '']) => `${style}${name}</w:style>`)
  return `${open.replace(/\/>$/, '>')}${names.join('')}${headings}</w:styles>`
}

function findMainPart(relations: string): string {
  const [relation = ''] = /<Relationship\b[^>]*\/officeDocument"[^>]*>/.exec(relations) ?? []
  return /Target="\/?([^"]+)"/.exec(relation)?.[1] ?? 'word/document.xml'
}

const beside = (main: string, name: string): string => path.posix.join(path.posix.dirname(main), name)
const relationsOf = (main: string): string => path.posix.join(path.posix.dirname(main), '_rels', `${path.posix.basename(main)}.rels`)
const withoutPictures = (relations: string): string => relations.replaceAll(/<Relationship\b[^>]*\/(?:comments|header|footer)"[^>]*\/>/g, '')
