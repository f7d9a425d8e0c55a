/** One line of a PDF page: where it begins, in points from the left and from the bottom, and the height of its letters. */
export interface PdfLine {
  text: string
  x: number
  y: number
  size: number
}

/**
 * A PDF by hand: pages of lines in a Chinese font that is not embedded (STSong-Light with the predefined UniGB-UCS2-H), as old office systems write them, so
 * that reading it needs the character maps that come with pdfjs.
 * @param encrypt adds a dictionary that asks for a password
 */
export function writePdf(pages: readonly (readonly PdfLine[])[], options: { encrypt?: boolean } = {}): Buffer {
  const objects: string[] = []
  const add = (body: string) => objects.push(body)
  add('<< /Type /Catalog /Pages 2 0 R >>')
  const first = 6
  add(`<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, page) => `${first + page * 2} 0 R`).join(' ')}] >>`)
  add('<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>')
  add('<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R /DW 1000 >>')
  add('<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>')
  for (const [page, lines] of pages.entries()) {
    add(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${first + page * 2 + 1} 0 R >>`)
    const stream = lines.map(({ text, x, y, size }) => `BT /F1 ${size} Tf ${x} ${y} Td <${toHex(text)}> Tj ET`).join('\n')
    add(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`)
  }
  if (options.encrypt === true) add(`<< /Filter /Standard /V 1 /R 2 /O <${'ab'.repeat(32)}> /U <${'cd'.repeat(32)}> /P -44 >>`)
  return assemble(objects, options.encrypt === true ? ` /Encrypt ${objects.length} 0 R /ID [<00> <00>]` : '')
}

const toHex = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('hex')

function assemble(objects: readonly string[], trailer: string): Buffer {
  let file = '%PDF-1.4\n'
  const offsets = objects.map((body, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${body}\nendobj\n`
    return offset
  })
  const start = file.length
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  return Buffer.from(`${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R${trailer} >>\nstartxref\n${start}\n%%EOF\n`, 'latin1')
}

/** A whole text as a typesetter sets it: 30 characters a line, a header and a page number on every page. */
export function setPages(title: string, paragraphs: readonly string[], header: string): PdfLine[][] {
  const lines: { text: string; indent: number }[] = paragraphs.flatMap((text) => {
    const first = 28
    const rest = [...text.slice(first)]
    const broken = Array.from({ length: Math.ceil(rest.length / 30) }, (_, at) => rest.slice(at * 30, at * 30 + 30).join(''))
    return [{ text: text.slice(0, first), indent: 28 }, ...broken.map((part) => ({ text: part, indent: 0 }))]
  })
  const perPage = 12
  const pages: PdfLine[][] = []
  for (let start = 0; start < lines.length; start += perPage) {
    const body = lines.slice(start, start + perPage).map(({ text, indent }, row): PdfLine => ({ text, x: 85 + indent, y: 660 - row * 26, size: 14 }))
    const number = pages.length + 1
    pages.push([
      { text: header, x: 200, y: 800, size: 9 },
      ...(number === 1 ? [{ text: title, x: 150, y: 720, size: 22 }] : []),
      ...body,
      { text: `— ${number} —`, x: 280, y: 40, size: 10 },
    ])
  }
  return pages
}
