const ZERO_WIDTH_JOINER = '\u200d'
// By code point, since a class that holds joiners and marks themselves is easily misread.
const INVISIBLE_RANGES: readonly (readonly [from: number, to: number])[] = [
  [0x00, 0x08], [0x0b, 0x0c], [0x0e, 0x1f], [0x7f, 0x9f], [0xad, 0xad], [0x34f, 0x34f], [0x61c, 0x61c], [0x115f, 0x1160], [0x17b4, 0x17b5], [0x180b, 0x180f],
  [0x200b, 0x200c], [0x200e, 0x200f], [0x202a, 0x202e], [0x2060, 0x206f], [0x3164, 0x3164], [0xfeff, 0xfeff], [0xffa0, 0xffa0], [0xfff9, 0xfffd], [0xe0001, 0xe007f],
]
const hex = (codePoint: number): string => `\\u{${codePoint.toString(16)}}`
const INVISIBLE = new RegExp(INVISIBLE_RANGES.map(([from, to]) => (from === to ? hex(from) : `[${hex(from)}-${hex(to)}]`)).join('|'), 'gu')
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const JOINER_OUTSIDE_EMOJI = /(?<![\p{Extended_Pictographic}\ufe0f\p{Emoji_Modifier}])\u200d|\u200d(?!\p{Extended_Pictographic})/gu
const VARIATION_OUTSIDE_EMOJI = /(?<![\p{Emoji}])[\ufe00-\ufe0f]/gu

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

const TAG = /<\/?[a-z!?][^<>]*>?/gi
// After a scheme or www. anything up to a blank; otherwise a host with a known ending. Chinese text may follow at once.
const LINK = /(?:[a-z][a-z0-9+.-]{1,15}:\/\/|www\.)[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*|(?:javascript|data|vbscript|tg|weixin|mailto|tel):[^\s\u4e00-\u9fff]*/gi
const BARE_HOST = /(?<![a-z0-9@.-])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|io|me|top|xyz|vip|cc|ru|info|site|shop|app|dev|link|club|online|tv|gov|edu|co|im|ly|gl|la|fun|icu|work|win|biz|pro|live|store|tech|wang|ltd)(?::\d+)?(?:\/[^\s\u4e00-\u9fff]*)?(?![a-z0-9-])/gi
const MASS_MENTION = /[@＠﹫]\s*(?:所有人|全体成员|全体|全员|大家|everyone|every\s*body|all|here|channel|room)/gi
const AT_SIGNS = /[@＠﹫]/g

function removeUntilStable(text: string, patterns: RegExp[]): string {
  let result = text
  for (let before = ''; before !== result; ) {
    before = result
    for (const pattern of patterns) result = result.replace(pattern, '')
  }
  return result
}

/** How a typed value is repeated in a reply: no tags, links, mass mentions, nor Markdown that would become a link or formatting. */
export function cleanForEcho(text: string): string {
  const unlinked = cleanTyped(text).replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
  const withoutMarks = removeUntilStable(unlinked, [TAG, LINK, BARE_HOST, MASS_MENTION])
    .replace(/[<>`[\]]|\*{2,}|_{2,}|~{2,}|\|{2,}/g, '')
    .replace(AT_SIGNS, '')
  return cleanTyped(withoutMarks)
}

const LONGEST_NICKNAME = 20
export const UNNAMED = '邻居'

/** A nickname as it is stored and shown: cleaned, in one line, no mentions, at most 20 characters; `邻居` when nothing is left. */
export function cleanNickname(name: string): string {
  const line = cleanForEcho(name.slice(0, 500)).replace(/[\n\r\t]+/g, ' ').replace(/^[=+\-@|\s]+/, '')
  const short = Array.from(new Intl.Segmenter('zh', { granularity: 'grapheme' }).segment(line), (part) => part.segment)
    .slice(0, LONGEST_NICKNAME)
    .join('')
  const cut = cutText(short, 80).trim()
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(cut) ? cut : UNNAMED
}

/** Why a message says nothing in words; undefined when it does say something. */
export type Blankness = 'empty' | 'emoji' | 'punctuation'

/** Whether a message is blank, and of what kind: nothing visible, only emoji, or only marks. */
export function isBlank(text: string): Blankness | undefined {
  const cleaned = cleanTyped(text)
  if (cleaned === '') return 'empty'
  if (/[\p{L}\p{N}]/u.test(cleaned.replace(/[#*0-9]\ufe0f?\u20e3/gu, ''))) return undefined
  return /[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3]/u.test(cleaned) ? 'emoji' : 'punctuation'
}
