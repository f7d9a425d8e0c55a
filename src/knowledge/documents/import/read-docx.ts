import path from 'node:path'
import mammoth from 'mammoth'
import { writeZip } from '../../../model/write-zip.ts'
import { readZipEntry } from '../../../model/zip.ts'
import { writeLabels } from './docx-labels.ts'
import { refuse } from './lines.ts'
import type { ReadLines } from './lines.ts'
import { readHtml } from './read-html.ts'

/** Of one part, unpacked. A thousand pages of text are some 15 MB of Word's XML. */
const LONGEST_PART_BYTES = 24 * 1024 * 1024
const TYPES = '[Content_Types].xml'
const STYLE_MAP = ["p[style-name='Title'] => h1:fresh", "p[style-name='标题'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"]

/**
 * The paragraphs of a Word document, automatic numbers and tables included; pictures are left out. Only the parts that hold text are unpacked, each
 * up to a limit, so that a zip bomb stays packed; the converter never sees the file itself.
 */
export async function readDocx(bytes: Buffer): Promise<ReadLines> {
  const isInside = (name: string) => bytes.includes(Buffer.from(name))
  const read = (name: string) => readZipEntry(bytes, name, LONGEST_PART_BYTES)?.toString('utf8') ?? ''
  const main = findMainPart(read('_rels/.rels'))
  const document = read(main)
  if (document === '') {
    if (!isInside(main)) return refuse('这个文件不是 Word 的 .docx。能用的有：md、txt、html、docx、pdf。')
    return refuse('这个 docx 解不开：里面的内容大得不正常，或者文件坏了。请在 Word 里打开，“另存为”一份再试。')
  }
  const [styles, numbering] = [beside(main, 'styles.xml'), beside(main, 'numbering.xml')].map(read)
  // Word writes no document type; entities that multiply do.
  if ([document, styles, numbering].some((xml) => /<!(?:DOCTYPE|ENTITY)/i.test(xml ?? ''))) return refuse('这个 docx 里有不该有的内容，没有读。请在 Word 里打开，“另存为”一份再试。')
  try {
    const parts = {
      [TYPES]: read(TYPES),
      '_rels/.rels': read('_rels/.rels'),
      [main]: writeLabels(document, numbering ?? '', styles ?? ''),
      [relationsOf(main)]: withoutPictures(read(relationsOf(main))),
      [beside(main, 'styles.xml')]: styles ?? '',
      [beside(main, 'footnotes.xml')]: read(beside(main, 'footnotes.xml')),
      [beside(main, 'endnotes.xml')]: read(beside(main, 'endnotes.xml')),
    }
    const zip = writeZip(Object.fromEntries(Object.entries(parts).filter(([, xml]) => xml !== '')))
    const { value } = await mammoth.convertToHtml({ buffer: zip }, { styleMap: STYLE_MAP, includeEmbeddedStyleMap: false, externalFileAccess: false, convertImage: mammoth.images.imgElement(async () => ({ src: '' })) })
    return readHtml(value)
  } catch {
    return refuse('这个 docx 读不了，文件可能坏了。请在 Word 里打开，“另存为”一份再试。')
  }
}

function findMainPart(relations: string): string {
  const [relation = ''] = /<Relationship\b[^>]*\/officeDocument"[^>]*>/.exec(relations) ?? []
  return /Target="\/?([^"]+)"/.exec(relation)?.[1] ?? 'word/document.xml'
}

const beside = (main: string, name: string): string => path.posix.join(path.posix.dirname(main), name)
const relationsOf = (main: string): string => path.posix.join(path.posix.dirname(main), '_rels', `${path.posix.basename(main)}.rels`)
const withoutPictures = (relations: string): string => relations.replaceAll(/<Relationship\b[^>]*\/(?:comments|header|footer)"[^>]*\/>/g, '')
