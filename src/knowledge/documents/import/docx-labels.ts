import { load } from 'cheerio'

/** How one level of an automatic numbering writes itself: `第%1条`, in Chinese numerals. */
interface Level {
  start: number
  format: string
  text: string
}

interface Numbering {
  levels: Map<number, Level>
}

/**
 * Writes Word's automatic numbers (`第%1条`, `（%1）`) into the paragraphs as text: they stand nowhere in the document itself, and a converter
 * to HTML drops them. Takes and returns `word/document.xml`; `numbering` and `styles` are the files of that name, '' when there are none.
 */
export function writeLabels(documentXml: string, numbering: string, styles: string): string {
  if (numbering === '') return documentXml
  const definitions = readNumbering(numbering)
  const ofStyle = readStyles(styles)
  const counters = new Map<string, number[]>()
  const xml = load(documentXml, { xml: true })
  xml('w\\:p').each((_, paragraph) => {
    const properties = xml(paragraph).children('w\\:pPr').first()
    const own = properties.children('w\\:numPr').first()
    const styled = ofStyle.get(properties.children('w\\:pStyle').attr('w:val') ?? '')
    const id = own.children('w\\:numId').attr('w:val') ?? styled?.id
    const level = Number(own.children('w\\:ilvl').attr('w:val') ?? styled?.level ?? 0)
    const definition = id === undefined || id === '0' ? undefined : definitions.get(id)
    if (id === undefined || definition === undefined || xml(paragraph).text().trim() === '') return
    const label = nextLabel(definition, counters, id, level)
    own.remove()
    if (label !== '') properties.after(`<w:r><w:t xml:space="preserve">${escapeXml(label)}${/[)）、.．]$/.test(label) ? '' : ' '}</w:t></w:r>`)
  })
  return xml.xml()
}

function nextLabel({ levels }: Numbering, counters: Map<string, number[]>, id: string, level: number): string {
  const counts = counters.get(id) ?? []
  counters.set(id, counts)
  counts[level] = (counts[level] ?? (levels.get(level)?.start ?? 1) - 1) + 1
  counts.length = level + 1
  const own = levels.get(level)
  if (own === undefined || own.format === 'bullet' || own.format === 'none') return ''
  return own.text.replaceAll(/%(\d)/g, (_, place: string) => {
    const shown = levels.get(Number(place) - 1)
    return formatCount(counts[Number(place) - 1] ?? shown?.start ?? 1, shown?.format ?? 'decimal')
  })
}

function readNumbering(numberingXml: string): Map<string, Numbering> {
  const xml = load(numberingXml, { xml: true })
  const abstract = new Map<string, Numbering>()
  xml('w\\:abstractNum').each((_, element) => {
    const levels = new Map<number, Level>()
    xml(element)
      .children('w\\:lvl')
      .each((_position, level) => {
        const value = (name: string) => xml(level).children(`w\\:${name}`).attr('w:val')
        levels.set(Number(xml(level).attr('w:ilvl') ?? 0), { start: Number(value('start') ?? 1), format: value('numFmt') ?? 'decimal', text: value('lvlText') ?? '' })
      })
    abstract.set(xml(element).attr('w:abstractNumId') ?? '', { levels })
  })
  const used = new Map<string, Numbering>()
  xml('w\\:num').each((_, element) => {
    const definition = abstract.get(xml(element).children('w\\:abstractNumId').attr('w:val') ?? '')
    if (definition !== undefined) used.set(xml(element).attr('w:numId') ?? '', definition)
  })
  return used
}

function readStyles(stylesXml: string): Map<string, { id: string; level: number }> {
  const found = new Map<string, { id: string; level: number }>()
  if (stylesXml === '') return found
  const xml = load(stylesXml, { xml: true })
  xml('w\\:style').each((_, style) => {
    const numbered = xml(style).find('w\\:numPr').first()
    const id = numbered.children('w\\:numId').attr('w:val')
    if (id !== undefined) found.set(xml(style).attr('w:styleId') ?? '', { id, level: Number(numbered.children('w\\:ilvl').attr('w:val') ?? 0) })
  })
  return found
}

const CHINESE_FORMATS = /chinese|ideograph|japanese|taiwanese|korean/i
const NUMERALS = '零一二三四五六七八九'

function formatCount(count: number, format: string): string {
  if (format === 'decimalEnclosedCircle' && count >= 1 && count <= 20) return String.fromCodePoint(0x2460 + count - 1)
  if (CHINESE_FORMATS.test(format) && !/enclosed|legal/i.test(format)) return toChinese(count)
  if (format === 'lowerLetter' || format === 'upperLetter') return String.fromCodePoint((format === 'lowerLetter' ? 97 : 65) + ((count - 1) % 26))
  return String(count)
}

/** 105 -> 一百零五; from 1 to 9999. */
export function toChinese(count: number): string {
  let result = ''
  let isAfterGap = false
  for (const [size, unit] of [[1000, '千'], [100, '百'], [10, '十'], [1, '']] as const) {
    const digit = Math.floor(count / size) % 10
    if (digit === 0) isAfterGap = result !== ''
    else {
      result += `${isAfterGap ? '零' : ''}${size === 10 && digit === 1 && result === '' ? '' : NUMERALS.charAt(digit)}${unit}`
      isAfterGap = false
    }
  }
  return result
}

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
