import type { Blankness } from '../domain/messages/moves.ts'
import { MOST_PASSES, removeLinks, removeTags } from './links.ts'

const ZERO_WIDTH_JOINER = '\u200d'
// Joiners and variation selectors are dealt with below, since emoji need them.
const INVISIBLE = /(?!\n|\t|\u200d|[\ufe00-\ufe0f])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufffc\ufffd]/gu
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const JOINER_OUTSIDE_EMOJI = /(?<![\p{Extended_Pictographic}\ufe0f\p{Emoji_Modifier}])\u200d|\u200d(?!\p{Extended_Pictographic})/gu
/** A digit takes one as part of a keycap only; anywhere else it would hide in a phone number. */
const VARIATION_OUTSIDE_EMOJI = /[\ufe00-\ufe0d]|(?<!\p{Extended_Pictographic}|[0-9#*](?=[\ufe0e\ufe0f]\u20e3))[\ufe0e\ufe0f]/gu

/**
 * What a person typed, safe to store and to repeat as plain text: no control, zero-width or bidirectional characters,
 * no lone surrogates; line breaks stay, other runs of blanks become one space. Joiners inside an emoji stay.
 * @param options.longest in UTF-16 units; longer text is cut, never inside a character
 */
export function cleanTyped(text: string, options: { longest?: number } = {}): string {
  const cleaned = text
    .replace(LONE_SURROGATE, '')
    .replace(/\r\n?|\u2028|\u2029|\u0085/g, '\n')
    .replace(INVISIBLE, '')
    .replace(VARIATION_OUTSIDE_EMOJI, '')
    .replace(JOINER_OUTSIDE_EMOJI, '')
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  return options.longest === undefined ? cleaned : cutText(cleaned, options.longest)
}

/** At most `longest` UTF-16 units of `text`, cut between characters, never leaving half an emoji pair or a dangling joiner. */
function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text
  return text.slice(0, longest).replace(/[\ud800-\udbff]$/, '').replace(new RegExp(`${ZERO_WIDTH_JOINER}+$`), '').trimEnd()
}

const LONGEST_MARKDOWN_TITLE = 500
const MARKDOWN_LINK = new RegExp(`!?\\[([^\\[\\]\\n]{0,${LONGEST_MARKDOWN_TITLE}})\\]\\([^()\\n]{0,${LONGEST_MARKDOWN_TITLE}}\\)`, 'g')
const MARKS = /[<>`[\]]|\*{2,}|_{2,}|~{2,}|\|{2,}/g
const AT_SIGNS = /[@＠﹫]/g

/** How a typed value is repeated in a reply: no tags, links, addresses of e-mail, mass mentions, nor Markdown that would become a link or formatting. */
export function cleanForEcho(text: string): string {
  let result = removeTags(cleanTyped(text))
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const before = result
    // What is taken out may bring together what was apart, so marks go in the same round.
    result = removeTags(removeLinks(result.replace(MARKDOWN_LINK, '$1')).replace(MARKS, '').replace(AT_SIGNS, ''))
    if (result === before) return cleanTyped(result)
  }
  // Nobody writes like this by chance: without these there is no link left to be made.
  return cleanTyped(result.replace(/[.:/．：／。｡]/g, ''))
}

const LONGEST_NICKNAME = 20
export const UNNAMED = '邻居'

/** Names under which a resident would be taken for the service itself or for staff. */
const OFFICES = new Set(['管理员', '管理員', '系统管理员', '社区管理员', '群管理员', '系统', '系統', '系统消息', '系统通知', '社区工作人员', '工作人员', '官方', '社区官方', '官方客服', 'admin', 'administrator', 'system'])
const isOffice = (name: string): boolean => OFFICES.has(name.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''))

const GRAPHEMES = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** A nickname as it is stored and shown: cleaned, in one line, no mentions, at most 20 characters; `邻居` when nothing is left or it is the name of an office. */
export function cleanNickname(name: string): string {
  const line = cleanForEcho(name.slice(0, 500)).replace(/[\n\r\t]+/g, ' ').replace(/^[=+\-@|\s]+/, '')
  const short = Array.from(GRAPHEMES.segment(line), (part) => part.segment)
    .slice(0, LONGEST_NICKNAME)
    .join('')
  const cut = cutText(short, 80).trim()
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(cut) && !isOffice(cut) ? cut : UNNAMED
}


/** A text without the one mention it may begin with ("@邻里 查进度"): whom it is said to is no part of what is said. */
export const withoutMention = (text: string): string => text.replace(/^\s*[@＠﹫][^\s@＠﹫,，:：]{1,30}[\s,，:：]+(?=\S)/u, '')

/** Whether a message is blank, and of what kind: nothing visible, only emoji, or only marks. */
export function isBlank(text: string): Blankness | undefined {
  const cleaned = cleanTyped(text)
  if (cleaned === '') return 'empty'
  if (/[\p{L}\p{N}]/u.test(cleaned.replace(/[#*0-9]\ufe0f?\u20e3/gu, ''))) return undefined
  return /[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3]/u.test(cleaned) ? 'emoji' : 'punctuation'
}
