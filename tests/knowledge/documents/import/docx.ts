import { writeZip } from '../../../../src/model/write-zip.ts'

const NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
const TYPES = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
const RELATIONS = `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
const STYLES = `<?xml version="1.0"?><w:styles ${NAMES}><w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style><w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/></w:style></w:styles>`

export interface Paragraph {
  text: string
  style?: string
  /** Number and level of an automatic numbering. */
  numbering?: [id: number, level: number]
}

export const paragraph = ({ text, style, numbering }: Paragraph): string =>
  `<w:p><w:pPr>${style === undefined ? '' : `<w:pStyle w:val="${style}"/>`}${numbering === undefined ? '' : `<w:numPr><w:ilvl w:val="${numbering[1]}"/><w:numId w:val="${numbering[0]}"/></w:numPr>`}</w:pPr><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`

export const table = (rows: readonly string[][]): string =>
  `<w:tbl>${rows.map((row) => `<w:tr>${row.map((cell) => `<w:tc>${paragraph({ text: cell })}</w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`

/** A Word document as Word writes one: its body, and the formats of the levels of numbering 1 (`第%1条`, chineseCounting). */
export function writeDocx(body: readonly string[], levels: readonly [text: string, format: string][] = [], extra: Record<string, Buffer> = {}): Buffer {
  const numbering = `<?xml version="1.0"?><w:numbering ${NAMES}><w:abstractNum w:abstractNumId="0">${levels.map(([text, format], level) => `<w:lvl w:ilvl="${level}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/></w:lvl>`).join('')}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`
  return writeZip({
    '[Content_Types].xml': Buffer.from(TYPES),
    '_rels/.rels': Buffer.from(RELATIONS),
    'word/document.xml': Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><w:document ${NAMES}><w:body>${body.join('')}</w:body></w:document>`),
    'word/styles.xml': Buffer.from(STYLES),
    'word/numbering.xml': Buffer.from(numbering),
    ...extra,
  }, { deflated: true })
}
