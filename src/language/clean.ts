import type { Blankness } from '../domain/messages/moves.ts'
import { MOST_PASSES, removeLinks, removeTags } from './links.ts'
import { normalize } from './normalize.ts'

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

/** Words in a name by which a resident would be taken for staff, for an office or for the service itself. */
const OFFICE_WORDS = [
  '社区', '居委', '村委', '委员会', '街道', '办事处', '政府', '民政', '派出所', '公安', '警', '城管', '消防', '法院', '检察', '信访', '税务', '社保', '医保', '纪委', '党委', '支部',
  '书记', '主任', '所长', '站长', '网格', '社工', '物业', '服务中心', '服务站', '热线', '12345', '12349', '工作人员', '值班', '管理员', '管理处', '群主',
  '官方', '客服', '系统', '通知', '公告', '邻里', '小助手', '机器人', 'admin', 'system', 'official', 'police', 'staff',
]
const RESIDENT_MARK = '（居民）'

const GRAPHEMES = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** A resident's nickname as others read it: one that poses as an office says beside it what its owner is. Staff who are known by their login need no mark. */
export function showNickname(nickname: string): string {
  const name = normalize(nickname).replace(/[^\p{L}\p{N}]/gu, '')
  return nickname.endsWith(RESIDENT_MARK) || !OFFICE_WORDS.some((word) => name.includes(word)) ? nickname : `${nickname}${RESIDENT_MARK}`
}

/** A nickname as it is stored: cleaned, in one line, no mentions, at most 20 characters (and the mark, where it has it); `邻居` when nothing is left. */
export function cleanNickname(name: string): string {
  const mark = name.endsWith(RESIDENT_MARK) ? RESIDENT_MARK : ''
  const line = cleanForEcho(name.slice(0, -mark.length || undefined).slice(0, 500)).replace(/[\n\r\t]+/g, ' ').replace(/^[=+\-@|\s]+/, '')
  const short = Array.from(GRAPHEMES.segment(line), (part) => part.segment)
    .slice(0, LONGEST_NICKNAME)
    .join('')
  const cut = cutText(short, 80).trim()
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(cut) ? cut + mark : UNNAMED
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
