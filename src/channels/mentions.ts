/** A half-open range of a text, in UTF-16 units. */
export interface TextSpan {
  start: number
  end: number
}

/** What WeChat writes after the name that it completed. */
const AFTER_MENTION = '\u2005'
const BLANKS = /[ \t\u2005\u00a0\u3000]/
/** An `@` after one of these belongs to an address such as `a@bot`. */
const ADDRESS_BEFORE = /[A-Za-z0-9._%+-]/
/** These go on with a name or an address when a letter or digit follows: `@bot.com`, `@bot_2`. */
const JOINS_NAME = /^[._-][\p{L}\p{N}]/u
const ENDS_NAME = /^(?:$|[\s\u2005]|[\p{P}\p{S}])/u

/**
 * Where a text mentions one of `names` by `@name`, bounded by U+2005, white space, punctuation or the end; never inside
 * `a@bot`, and never where a longer name stands (`@bot 二号` closed by U+2005). Each span takes one blank after it along.
 */
export function findNameMentions(text: string, names: readonly string[]): TextSpan[] {
  const wanted = names.map((name) => asciiLower(name.trim())).filter((name) => name !== '').sort((a, b) => b.length - a.length)
  const lower = asciiLower(text)
  const spans: TextSpan[] = []
  for (let at = 0; at < text.length; at += 1) {
    if (!isAtSign(text, at)) continue
    const name = wanted.find((candidate) => lower.startsWith(candidate, at + 1) && isWholeName(text, at + 1, candidate.length))
    if (name === undefined) continue
    const span = withBlankAfter(text, { start: at, end: at + 1 + name.length })
    spans.push(span)
    at = span.end - 1
  }
  return spans
}

/** The span with one blank that follows it: the one that belongs to a mention. */
export const withBlankAfter = (text: string, { start, end }: TextSpan): TextSpan => ({ start, end: BLANKS.test(text.charAt(end)) ? end + 1 : end })

/** Keeps the length, which a full lower-casing may change. */
const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

const isAtSign = (text: string, at: number): boolean => /[@＠]/.test(text.charAt(at)) && !(at > 0 && ADDRESS_BEFORE.test(text.charAt(at - 1)))

function isWholeName(text: string, start: number, length: number): boolean {
  const rest = text.slice(start + length)
  if (JOINS_NAME.test(rest) || !ENDS_NAME.test(rest)) return false
  if (!/^ /.test(rest)) return true
  const close = rest.indexOf(AFTER_MENTION)
  return close < 0 || /[@＠\n]/.test(rest.slice(0, close))
}

/** The spans of completed mentions, `@anything` closed by U+2005; for a mention that only the platform's ids tell. */
export function findClosedMentions(text: string): TextSpan[] {
  return Array.from(text.matchAll(/[@＠][^@＠\u2005\n]{1,40}\u2005/gu), (match) => ({ start: match.index, end: match.index + match[0].length }))
}

/** The text without these spans, and without the blanks and commas that they leave at its beginning. */
export function removeSpans(text: string, spans: readonly TextSpan[]): string {
  let rest = ''
  let from = 0
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.start > from) rest += text.slice(from, span.start)
    from = Math.max(from, span.end)
  }
  rest += text.slice(from)
  return rest.replace(/\u2005/g, ' ').replace(/^[\s,，:：、。;；]+/u, '').trim()
}

export interface QuotedReply {
  /** Display name of whom it quotes. */
  name: string
  quoted: string
  reply: string
}

/** A quote as WeChat writes it into the text: `「name：words」`, a line of dashes, the reply; null when there is none. */
export function readQuote(text: string): QuotedReply | null {
  const match = /^\s*「([^：:\n]{1,64})[：:]([\s\S]*)」[ \t]*\r?\n[ \t]*(?:[-—–][ \t]*){3,}\r?\n?([\s\S]*)$/u.exec(text)
  if (match === null) return null
  return { name: (match[1] ?? '').trim(), quoted: match[2] ?? '', reply: (match[3] ?? '').trim() }
}
