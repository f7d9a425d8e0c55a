import type { CheerioAPI } from 'cheerio'
import { readParagraph, readRun, valueOf } from './docx-styles.ts'
import type { DocxStyles, StyleSays } from './docx-styles.ts'

/** Paragraphs with this style are headings of that level for whoever converts the document. */
export const headingStyle = (level: number): string => `linli-heading-${level}`
const LONGEST_HEADING = 80
const MOST_HEADINGS = 6

/**
 * Makes of `word/document.xml` (or its notes) what its reader sees, in the plain form that converters know: hidden, struck and deleted text goes, text boxes are
 * said once, what stands in wrappings (fields, ruby, formulas) is text, and paragraphs that are headings by their outline say so.
 */
export function keepSeen(xml: CheerioAPI, styles: DocxStyles): void {
  dropMarks(xml.root().toArray())
  removeDeleted(xml)
  unfoldTextBoxes(xml)
  unwrap(xml)
  const isHidden = ({ isVanished, isStruck, isDoublyStruck }: StyleSays) => isVanished === true || isStruck === true || isDoublyStruck === true
  for (const element of xml('w\\:p').toArray()) {
    const paragraph = xml(element)
    const properties = paragraph.children('w\\:pPr')
    const style = valueOf(properties, 'pStyle')
    const styled = styles.find(style ?? styles.paragraph)
    for (const run of paragraph.find('w\\:r').toArray()) {
      const own = xml(run).children('w\\:rPr')
      const says = { ...styled, ...styles.find(valueOf(own, 'rStyle')), ...present(readRun(own)) }
      if (isHidden(says) && xml(run).closest('w\\:p').is(paragraph)) xml(run).remove()
    }
    const outline = readParagraph(properties).outline ?? styled.outline
    if (outline === undefined || outline >= MOST_HEADINGS || /^(?:heading [1-6]|title|标题)$/i.test(styled.name ?? '')) continue
    const text = paragraph.text().trim()
    if (text.length > LONGEST_HEADING || /[。；]$/.test(text)) continue
    properties.children('w\\:pStyle').remove()
    if (properties.length === 0) paragraph.prepend(`<w:pPr><w:pStyle w:val="${headingStyle(outline + 1)}"/></w:pPr>`)
    else properties.prepend(`<w:pStyle w:val="${headingStyle(outline + 1)}"/>`)
  }
}

/** What a converter would read for nothing: marks of proof-reading, the measures of pages, fonts. */
const DROPPED = new Set('w:proofErr w:bookmarkStart w:bookmarkEnd w:lastRenderedPageBreak w:sectPr w:rFonts w:sz w:szCs w:lang w:color w:spacing w:ind w:jc w:tblPr w:tblGrid w:tcW w:tcBorders w:shd w:vAlign w:kern w:snapToGrid w:widowControl w:tabs w:pBdr w:rPrChange w:pPrChange w:tblPrChange w:trPrChange w:tcPrChange w:sectPrChange'.split(' '))
type Node = ReturnType<ReturnType<CheerioAPI['root']>['parent']>[number]['children'][number]
interface Parent {
  children: Node[]
}

function dropMarks(parents: readonly Parent[]): void {
  const left = [...parents]
  for (let parent = left.pop(); parent !== undefined; parent = left.pop()) {
    const children = parent.children.filter((child) => !('name' in child && DROPPED.has(child.name)))
    if (children.length < parent.children.length) parent.children = children
    for (const child of children) if ('children' in child) left.push(child)
  }
}

const present = (says: StyleSays): StyleSays => Object.fromEntries(Object.entries(says).filter(([, value]) => value !== undefined))

function removeDeleted(xml: CheerioAPI): void {
  xml('w\\:moveFrom').remove()
  // Within properties the same name says that the paragraph's mark or the row was deleted.
  for (const element of xml('w\\:del').toArray()) {
    const parent = xml(element).parent()
    if (parent.is('w\\:trPr')) parent.closest('w\\:tr').remove()
    else if (!parent.is('w\\:rPr')) xml(element).remove()
  }
  xml('w\\:trPr > w\\:hidden').closest('w\\:tr').remove()
}

/** Word writes a text box twice, for newer and for older readers; converters know the older way. */
function unfoldTextBoxes(xml: CheerioAPI): void {
  for (const element of xml('mc\\:AlternateContent').toArray()) {
    const both = xml(element)
    const older = both.children('mc\\:Fallback')
    const newer = both.children('mc\\:Choice').first()
    if (older.find('w\\:txbxContent').length > 0) both.children('mc\\:Choice').remove()
    else if (newer.find('w\\:txbxContent').length > 0) {
      older.remove()
      both.replaceWith(newer.children())
    }
  }
  for (const element of xml('wps\\:txbx').toArray()) {
    const drawing = xml(element).closest('w\\:drawing')
    const content = xml(element).children('w\\:txbxContent')
    if (drawing.length > 0) drawing.before(`<w:pict><v:shape><v:textbox>${xml.xml(content)}</v:textbox></v:shape></w:pict>`)
  }
  xml('w\\:drawing').has('w\\:txbxContent').remove()
}

function unwrap(xml: CheerioAPI): void {
  for (const element of xml('w\\:ruby').toArray()) {
    const base = xml(element).children('w\\:rubyBase').text()
    xml(element).replaceWith(`<w:t xml:space="preserve">${escapeXml(base)}</w:t>`)
  }
  for (const element of xml('m\\:den').toArray()) xml(element).before('<m:t>/</m:t>')
  for (const element of xml('m\\:oMath').toArray()) xml(element).replaceWith(`<w:r><w:t xml:space="preserve">${escapeXml(xml(element).find('m\\:t').text())}</w:t></w:r>`)
  for (const element of xml('m\\:oMathPara, w\\:customXml, w\\:smartTag, w\\:fldSimple, w\\:bdo, w\\:dir').toArray()) xml(element).replaceWith(xml(element).contents())
}

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
