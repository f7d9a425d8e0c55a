import { z } from 'zod'
import { ASKED, DANGERS, MOVE_NAMES } from '../../domain/messages/moves.ts'
import { REGISTERS, SPAN_KINDS, type Span, type SpanKind, type Talk } from '../../domain/messages/talk.ts'
import { FormId, Intent } from '../../domain/messages/understanding.ts'
import { sameMessageKey } from '../../language/compare/same-words.ts'
import { addProblem, parseYaml, type SourceFile } from './load-file.ts'

const Metadata = z.strictObject({
  register: z.enum(REGISTERS, { error: `register 只能是 / must be one of: ${REGISTERS.join(' ')}` }).default('plain'),
  category: z.string().min(1).optional(),
  danger: z.enum(DANGERS, { error: `danger 只能是 / must be one of: ${DANGERS.join(' ')}` }).optional(),
})

const severalOf = <T extends string>(one: z.ZodType<T>) => z.string().transform((said, context): T[] => {
  const names: T[] = []
  for (const name of said.split('+')) {
    const parsed = one.safeParse(name.trim())
    if (parsed.success) names.push(parsed.data)
    else context.addIssue({ code: 'custom', message: `不认识“${name.trim()}” / unknown label` })
  }
  return names
})

const Examples = z.string()
const IntentBlock = z.strictObject({ intent: severalOf(Intent), metadata: Metadata.prefault({}), examples: Examples })
/** Without `intent` a message with marks wants its form; `none`: it only answers one. */
const SpanBlock = z.strictObject({ form: FormId, intent: z.union([Intent, z.literal('none')]).optional(), metadata: Metadata.prefault({}), examples: Examples })
const MoveBlock = z.strictObject({ move: severalOf(z.enum(MOVE_NAMES)), asked: z.enum(ASKED), form: FormId.optional(), examples: Examples })
const file = <T>(block: z.ZodType<T>) => z.strictObject({ version: z.string().optional(), nlu: z.array(block).min(1) })

const MARK = /\[([^[\]]+)\]\(([a-z_]+)\)/g

/** A message without its marks, and what they marked. What is wrong with them is said by `complain`. */
export function readMarks(marked: string, complain: (what: string) => void): { text: string; spans: Span[] } {
  const spans: Span[] = []
  let text = ''
  let at = 0
  for (const match of marked.matchAll(MARK)) {
    text += marked.slice(at, match.index)
    const [whole, words = '', kind = ''] = match
    if (isSpanKind(kind)) spans.push({ start: text.length, end: text.length + words.length, kind })
    else complain(`不认识标记“${kind}” / unknown mark`)
    text += words
    at = match.index + whole.length
  }
  text += marked.slice(at)
  if (/\]\(|\[[^[\]]*$/.test(text)) complain(`标记没有写完，要像 [刘桂兰](name) / a mark does not close: ${marked.slice(0, 40)}`)
  return { text, spans }
}

const isSpanKind = (kind: string): kind is SpanKind => SPAN_KINDS.some((known) => known === kind)

/** The messages of the talk folder read so far; says where the same one stands already. */
export class TalkRegister {
  readonly talk: Talk = { intents: [], spans: [], moves: [], heldBack: [] }
  readonly #places = new Map<string, { label: string; place: string }>()

  addIntents(source: SourceFile, isHeldBack = false): void {
    for (const { block, lines } of blocksOf(source, IntentBlock)) {
      const [intent, ...also] = block.intent
      if (intent === undefined) continue
      for (const { marked, line } of lines) {
        const { text } = readMarks(marked, (what) => addProblem(source, line, what))
        if (!this.#isNew(source, line, 'intents', text, block.intent.join('+'))) continue
        const { register, category, danger } = block.metadata
        const list = isHeldBack ? this.talk.heldBack : this.talk.intents
        list.push({ text, intent, also, register, ...(category !== undefined && { category }), ...(danger !== undefined && { danger }) })
      }
    }
  }

  addSpans(source: SourceFile): void {
    for (const { block, lines } of blocksOf(source, SpanBlock)) {
      for (const { marked, line } of lines) {
        const read = readMarks(marked, (what) => addProblem(source, line, what))
        if (this.#isNew(source, line, `spans ${block.form}`, marked, '')) this.talk.spans.push({ ...read, form: block.form, intent: block.intent === 'none' ? null : (block.intent ?? block.form), register: block.metadata.register })
      }
    }
  }

  addMoves(source: SourceFile): void {
    for (const { block, lines } of blocksOf(source, MoveBlock)) {
      for (const { marked, line } of lines) {
        const read = readMarks(marked, (what) => addProblem(source, line, what))
        if (this.#isNew(source, line, `moves ${block.asked}`, read.text, block.move.join('+'))) this.talk.moves.push({ ...read, asked: block.asked, form: block.form ?? null, moves: block.move })
      }
    }
  }

  #isNew(source: SourceFile, line: number, where: string, text: string, label: string): boolean {
    const key = `${where} ${sameMessageKey(text)}`
    const earlier = this.#places.get(key)
    if (earlier === undefined) {
      this.#places.set(key, { label, place: `${source.name}:${line}` })
      return true
    }
    const what = earlier.label === label ? `“${text}”和 ${earlier.place} 几乎一样 / nearly the same message is already there` : `“${text}”在 ${earlier.place} 是 ${earlier.label} / the same message stands there under another label`
    addProblem(source, line, what)
    return false
  }
}

/** The blocks of a file, each with the messages that it lists and their lines. */
function blocksOf<T extends { examples: string }>(source: SourceFile, schema: z.ZodType<T>): { block: T; lines: { marked: string; line: number }[] }[] {
  if (source.text === '') return []
  const parsed = parseYaml(source, file(schema))
  if (parsed === null) return []
  return parsed.value.nlu.map((block, index) => {
    const first = parsed.lineOf(['nlu', index, 'examples']) + 1
    const lines: { marked: string; line: number }[] = []
    for (const [offset, written] of block.examples.split('\n').entries()) {
      if (written.trim() === '') continue
      const marked = /^\s*- ?(.*)$/.exec(written)?.[1]?.trim()
      if (marked === undefined || marked === '') addProblem(source, first + offset, '每一行要用“- ”开头 / each line must begin with "- "')
      else lines.push({ marked, line: first + offset })
    }
    return { block, lines }
  })
}
