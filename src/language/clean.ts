const ZERO_WIDTH_JOINER = '\u200d'
const INVISIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffd\u{e0001}-\u{e007f}]/gu
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
  const bare = removeUntilStable(cleanTyped(text), [TAG, LINK, BARE_HOST, MASS_MENTION])
  const withoutMarks = bare
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
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
