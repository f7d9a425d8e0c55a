import { cleanLine, LONGEST_TEXT, refuse, TOO_MUCH_TEXT } from '../../lines.ts'
import type { ImportLine, ReadLines } from '../../lines.ts'
import type { TableCell } from '../table-grid.ts'
import { tableLines } from '../tables.ts'
import { readTokens } from './rtf-tokens.ts'

/** Groups whose words are not the document's text. */
const SKIPPED = new Set('fonttbl colortbl stylesheet info pict header headerl headerr headerf footer footerl footerr footerf xmlnstbl listtable listoverridetable themedata datastore rsidtbl fldinst annotation atnid atnauthor atnref nonshppict shprslt template filetbl revtbl bkmkstart bkmkend sn sv objdata objclass pgptbl ftnsep ftnsepc aftnsep mmathPr'.split(' '))
/** Marked as "to be passed over by older readers", and text all the same. */
const KEPT = new Set(['shpinst', 'ud', 'footnote'])
const CHARACTERS: Readonly<Record<string, string>> = { emdash: '—', endash: '–', lquote: '‘', rquote: '’', ldblquote: '“', rdblquote: '”', bullet: '•', tab: ' ', line: '\n', emspace: ' ', enspace: ' ' }
const ENCODING_OF_CHARSET: Readonly<Record<number, string>> = { 134: 'gb18030', 136: 'big5', 128: 'shift_jis', 129: 'euc-kr', 0: 'windows-1252' }
const ENCODING_OF_CODE_PAGE: Readonly<Record<number, string>> = { 936: 'gb18030', 54936: 'gb18030', 950: 'big5', 932: 'shift_jis', 949: 'euc-kr', 65001: 'utf-8' }
const MOST_GROUPS = 10_000
/** Cells that end so near to each other end at the same place. */
const SAME_PLACE = 40

interface State {
  /** `twice`: the same follows for readers that know Unicode. */
  skips: 'no' | 'all' | 'twice'
  isHidden: boolean
  /** How many characters stand after each \u for readers that know no Unicode. */
  fallback: number
  font: number
  /** Set where the group is a note or a text box of its own. */
  aside: Aside | null
}

interface Aside {
  prefix: string
  text: string
  lines: string[]
}

type Merge = 'across' | 'down' | null

interface Row {
  cells: TableCell[]
  /** Where each cell ends, in twentieths of a point. */
  ends: readonly number[]
}

/** The paragraphs of a rich-text file (.rtf), tables, notes and text boxes included; hidden and struck text is left out. */
export function readRtf(file: Buffer): ReadLines {
  const reader = new RtfReader()
  for (const token of readTokens(file)) {
    if (token.kind === 'open') reader.open()
    else if (token.kind === 'close') reader.close()
    else if (token.kind === 'bytes') reader.addBytes(token.bytes)
    else if (token.kind === 'symbol') reader.readSymbol(token.name)
    else reader.readWord(token.name, token.value)
    if (reader.letters > LONGEST_TEXT) return refuse(TOO_MUCH_TEXT)
    if (reader.depth > MOST_GROUPS) return refuse('这个 rtf 的结构太深，读不了。请在 Word 里打开，“另存为” docx 再试。')
  }
  return { outcome: 'read', lines: reader.finish() }
}

class RtfReader {
  readonly #lines: ImportLine[] = []
  readonly #states: State[] = []
  #state: State = { skips: 'no', isHidden: false, fallback: 1, font: -1, aside: null }
  readonly #fonts = new Map<number, string>()
  #definedFont = -1
  #isFontTable = false
  #encoding = 'gb18030'
  #bytes: Buffer[] = []
  #left = 0
  #isStarred = false
  #text = ''
  #asides: string[] = []
  #notes = 0
  #isInTable = false
  #level: number | undefined
  #cell: string[] = []
  #row: TableCell[] = []
  #rows: Row[] = []
  #merges: Merge[] = []
  #ends: number[] = []
  #merge: Merge = null
  #tables = 0

  /** How many letters were read so far; paragraphs count as one. */
  letters = 0

  get depth(): number {
    return this.#states.length
  }

  open(): void {
    this.#decode()
    this.#states.push(this.#state)
    this.#state = { ...this.#state, aside: null }
    this.#isStarred = false
    this.#left = 0
  }

  close(): void {
    this.#decode()
    const { aside } = this.#state
    if (aside !== null) {
      const own = [...aside.lines, aside.text].map(cleanLine).filter((text) => text !== '')
      if (own.length > 0) this.#asides.push(...own.map((text, at) => (at === 0 ? aside.prefix + text : text)))
    }
    this.#state = this.#states.pop() ?? this.#state
    if (this.#states.length <= 1) this.#isFontTable = false
    this.#left = 0
  }

  addBytes(bytes: Buffer): void {
    this.#isStarred = false
    if (this.#state.skips !== 'no') return
    const passed = Math.min(this.#left, bytes.length)
    this.#left -= passed
    if (passed < bytes.length) this.#bytes.push(bytes.subarray(passed))
  }

  readSymbol(name: string): void {
    if (name === '*') {
      this.#isStarred = true
      return
    }
    this.#decode()
    if (name === '~') this.#add(' ')
    else if (name === '_') this.#add('-')
    else if ('\\{}'.includes(name)) this.#add(name)
  }

  readWord(name: string, value: number | null): void {
    this.#decode()
    const isStarred = this.#isStarred
    this.#isStarred = false
    if (name === 'fonttbl') this.#isFontTable = true
    if (this.#isFontTable) this.#readFont(name, value)
    if (SKIPPED.has(name) || (isStarred && !KEPT.has(name))) this.#state.skips = 'all'
    if (name === 'upr' && this.#state.skips === 'no') this.#state.skips = 'twice'
    if (name === 'ud' && this.#state.skips === 'twice') this.#state.skips = 'no'
    if (this.#state.skips !== 'no') return
    if (name === 'u' && value !== null) {
      this.#add(String.fromCharCode(value < 0 ? value + 65_536 : value))
      this.#left = this.#state.fallback
    } else if (name === 'ansicpg') this.#encoding = ENCODING_OF_CODE_PAGE[value ?? 0] ?? this.#encoding
    else if (CHARACTERS[name] !== undefined) this.#add(CHARACTERS[name] ?? '')
    else if (!this.#readFormat(name, value)) this.#readLayout(name, value)
  }

  finish(): ImportLine[] {
    this.#decode()
    this.#endParagraph()
    this.#endTable()
    return this.#lines
  }

  #readFont(name: string, value: number | null): void {
    if (name === 'f') this.#definedFont = value ?? 0
    else if (name === 'fcharset') {
      const encoding = ENCODING_OF_CHARSET[value ?? 0]
      if (encoding !== undefined && value !== 0) this.#fonts.set(this.#definedFont, encoding)
    }
  }

  #readFormat(name: string, value: number | null): boolean {
    if (['v', 'strike', 'striked', 'deleted'].includes(name)) this.#state.isHidden = value !== 0
    else if (name === 'plain') this.#state.isHidden = false
    else if (name === 'uc') this.#state.fallback = Math.max(0, Math.min(value ?? 1, 10))
    else if (name === 'f') this.#state.font = value ?? 0
    else if (name === 'footnote') this.#state.aside = { prefix: `注${(this.#notes += 1)}：`, text: '', lines: [] }
    else if (name === 'shptxt') this.#state.aside = { prefix: '', text: '', lines: [] }
    else return false
    return true
  }

  #readLayout(name: string, value: number | null): void {
    const aside = this.#aside()
    if (name === 'par' || name === 'sect' || name === 'page') {
      if (aside !== null) {
        aside.lines.push(aside.text)
        aside.text = ''
      } else this.#endParagraph()
    } else if (aside !== null) return
    else if (name === 'pard') {
      this.#isInTable = false
      this.#level = undefined
    } else if (name === 'intbl') this.#isInTable = true
    else if (name === 'outlinelevel') this.#level = value !== null && value < 6 ? value + 1 : undefined
    else if (name === 'cell' || name === 'nestcell') {
      this.#cell.push(...this.#takeParagraph())
      this.#row.push({ paragraphs: this.#cell })
      this.#cell = []
    } else if (name === 'trowd') {
      this.#merges = []
      this.#ends = []
    }
    else if (name === 'clvmrg') this.#merge = 'down'
    else if (name === 'clmrg') this.#merge = 'across'
    else if (name === 'cellx') {
      this.#merges.push(this.#merge)
      this.#ends.push(value ?? 0)
      this.#merge = null
    } else if (name === 'row' || name === 'nestrow') this.#endRow()
  }

  /** A cell that is merged into the one beside or above it makes that one larger. */
  #endRow(): void {
    const cells: TableCell[] = []
    for (const [at, cell] of this.#row.entries()) {
      const merge = this.#merges[at] ?? null
      const above = this.#rows.at(-1)
      const aboveAt = above?.ends.findIndex((end) => Math.abs(end - (this.#ends[at] ?? 0)) <= SAME_PLACE) ?? -1
      cells.push((merge === 'across' ? cells.at(-1) : merge === 'down' ? above?.cells[aboveAt] : undefined) ?? cell)
    }
    if (cells.length > 0) this.#rows.push({ cells, ends: this.#ends })
    this.#row = []
    this.#isInTable = true
  }

  #endParagraph(): void {
    const paragraphs = this.#takeParagraph()
    if (this.#isInTable) this.#cell.push(...paragraphs)
    else {
      if (paragraphs.length === 0) return
      this.#endTable()
      const [level] = [this.#level]
      this.#lines.push(...paragraphs.map((text, at) => ({ text, ...(level === undefined || at > 0 ? {} : { level }) })))
    }
  }

  #takeParagraph(): string[] {
    const paragraphs = [...this.#text.split('\n').map(cleanLine).filter((text) => text !== ''), ...this.#asides]
    this.#text = ''
    this.#asides = []
    return paragraphs
  }

  #endTable(): void {
    // What a cut-off file leaves of a row.
    if (this.#cell.length > 0) this.#row.push({ paragraphs: this.#cell })
    if (this.#row.length > 0) this.#rows.push({ cells: this.#row, ends: [] })
    const over = this.#lines.at(-1)
    const rows = tableLines({ rows: setAcross(this.#rows), over: over !== undefined && over.text.length <= 40 && !/[。；，！？]$/.test(over.text) ? over.text : undefined }, this.#tables + 1)
    if (rows.some((line) => line.row !== undefined)) this.#tables += 1
    this.#lines.push(...rows)
    this.#cell = []
    this.#row = []
    this.#rows = []
  }

  #aside(): Aside | null {
    if (this.#state.aside !== null) return this.#state.aside
    return this.#states.findLast((state) => state.aside !== null)?.aside ?? null
  }

  #add(text: string): void {
    if (this.#state.skips !== 'no' || this.#state.isHidden) return
    this.letters += text.length
    const aside = this.#aside()
    if (aside === null) this.#text += text
    else aside.text += text
  }

  #decode(): void {
    if (this.#bytes.length === 0) return
    const encoding = this.#fonts.get(this.#state.font) ?? this.#encoding
    this.#add(new TextDecoder(encoding).decode(Buffer.concat(this.#bytes)))
    this.#bytes = []
  }
}

/** A cell covers as many columns as there are ends in any row within it. */
function setAcross(rows: readonly Row[]): TableCell[][] {
  const all = [...new Set(rows.flatMap((row) => row.ends))].sort((left, right) => left - right)
  const places = all.filter((end, at) => at === 0 || end - (all[at - 1] ?? 0) > SAME_PLACE)
  return rows.map(({ cells, ends }) => cells.flatMap((cell, at) => {
    const from = ends[at - 1] ?? -Infinity
    const columns = places.filter((place) => place > from + SAME_PLACE && place <= (ends[at] ?? 0) + SAME_PLACE).length
    return Array.from({ length: Math.max(1, columns) }, () => cell)
  }))
}
