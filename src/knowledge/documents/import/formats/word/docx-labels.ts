import { load } from 'cheerio'
import type { CheerioAPI } from 'cheerio'
import { formatCount } from '../count-label.ts'
import { readParagraph, valueOf } from './docx-styles.ts'
import type { DocxStyles } from './docx-styles.ts'

type Elements = ReturnType<ReturnType<CheerioAPI['root']>['parent']>

/** How one level of an automatic numbering writes itself: `第%1条`, in Chinese numerals. */
interface Level {
  start: number
  format: string
  text: string
  /** The style whose paragraphs stand on this level. */
  style: string | undefined
  /** All numbers in Arabic digits, whatever their own levels say. */
  isLegal: boolean
}

interface Numbering {
  /** Lists with the same definition go on counting where the other stopped. */
  counter: string
  levels: Map<number, Level>
  /** Levels that begin anew with this list, and from what. */
  restarts: Map<number, number>
}

/**
 * Writes Word's automatic numbers (`第%1条`, `（%1）`) into the paragraphs of `word/document.xml` as text, also those that a style or one it is based on brings: they stand nowhere in the document itself, and a converter
 * to HTML drops them.
 * @param numberingXml the file of that name, '' when there is none
 */
export function writeLabels(xml: CheerioAPI, numberingXml: string, styles: DocxStyles): void {
  if (numberingXml === '') return
  const definitions = readNumbering(numberingXml, styles)
  const counters = new Map<string, (number | undefined)[]>()
  const used = new Set<string>()
  for (const element of xml('w\\:p').toArray()) {
    const paragraph = xml(element)
    const properties = paragraph.children('w\\:pPr').first()
    const style = valueOf(properties, 'pStyle') ?? styles.paragraph
    const own = readParagraph(properties)
    const styled = styles.find(style)
    const id = own.numbering ?? styled.numbering
    const definition = id === undefined || id === '0' ? undefined : definitions.get(id)
    if (id === undefined || definition === undefined || paragraph.text().trim() === '') continue
    const level = own.level ?? (own.numbering === undefined ? levelOfStyle(definition, style) : undefined) ?? styled.level ?? 0
    if (!used.has(id)) {
      used.add(id)
      const counts = counters.get(definition.counter)
      for (const [at, start] of definition.restarts) if (counts !== undefined) counts[at] = start - 1
    }
    const label = nextLabel(definition, counters, level)
    properties.children('w\\:numPr').remove()
    if (label !== '') (properties.length === 0 ? paragraph.prepend.bind(paragraph) : properties.after.bind(properties))(`<w:r><w:t xml:space="preserve">${escapeXml(label)}${/[)）、.．]$/.test(label) ? '' : ' '}</w:t></w:r>`)
  }
}

const levelOfStyle = ({ levels }: Numbering, style: string): number | undefined => [...levels].find(([, level]) => level.style === style)?.[0]

function nextLabel({ counter, levels, restarts }: Numbering, counters: Map<string, (number | undefined)[]>, level: number): string {
  const counts = counters.get(counter) ?? []
  counters.set(counter, counts)
  counts[level] = (counts[level] ?? (restarts.get(level) ?? levels.get(level)?.start ?? 1) - 1) + 1
  counts.length = level + 1
  const own = levels.get(level)
  if (own === undefined || own.format === 'bullet' || own.format === 'none') return ''
  return own.text.replaceAll(/%(\d)/g, (_, place: string) => {
    const shown = levels.get(Number(place) - 1)
    return formatCount(counts[Number(place) - 1] ?? shown?.start ?? 1, own.isLegal ? 'decimal' : (shown?.format ?? 'decimal'))
  })
}

function readNumbering(numberingXml: string, styles: DocxStyles): Map<string, Numbering> {
  const xml = load(numberingXml, { xml: true })
  const definitions = new Map<string, { levels: Map<number, Level>; link: string | undefined }>()
  for (const element of xml('w\\:abstractNum').toArray()) {
    const levels = readLevels(xml, xml(element))
    definitions.set(xml(element).attr('w:abstractNumId') ?? '', { levels, link: valueOf(xml(element), 'numStyleLink') })
  }
  const nums = xml('w\\:num').toArray().map((element) => ({ id: xml(element).attr('w:numId') ?? '', counter: valueOf(xml(element), 'abstractNumId') ?? '', num: xml(element) }))
  const found = new Map<string, Numbering>()
  for (const { id, counter, num } of nums) {
    const definition = definitions.get(counter)
    if (definition === undefined) continue
    // A definition may only name the style that holds the real one.
    const linked = definition.link === undefined ? undefined : nums.find((other) => other.id === styles.find(definition.link).numbering)
    const restarts = new Map<number, number>()
    const levels = new Map((linked === undefined ? undefined : definitions.get(linked.counter)?.levels) ?? definition.levels)
    for (const element of num.children('w\\:lvlOverride').toArray()) {
      const override = xml(element)
      const start = Number(valueOf(override, 'startOverride') ?? Number.NaN)
      if (Number.isSafeInteger(start)) restarts.set(Number(override.attr('w:ilvl') ?? 0), start)
      for (const [at, level] of readLevels(xml, override)) levels.set(at, level)
    }
    found.set(id, { counter: linked?.counter ?? counter, levels, restarts })
  }
  return found
}

function readLevels(xml: CheerioAPI, parent: Elements): Map<number, Level> {
  const levels = new Map<number, Level>()
  for (const element of parent.children('w\\:lvl').toArray()) {
    const level = xml(element)
    levels.set(Number(level.attr('w:ilvl') ?? 0), { start: Number(valueOf(level, 'start') ?? 1), format: valueOf(level, 'numFmt') ?? 'decimal', text: valueOf(level, 'lvlText') ?? '', style: valueOf(level, 'pStyle'), isLegal: level.children('w\\:isLgl').length > 0 })
  }
  return levels
}

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
