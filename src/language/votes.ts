import { plain } from './normalize.ts'

/** What somebody thinks of an answer; `code` names the answer, absent = the one just given. */
export interface SaidVote {
  isUseful: boolean
  code?: string
}

const CODED = /^(有用|没用)\s*#([0-9a-f]{6})$/i
const ABOUT = '(?:这个?|这条|您的?|你的?|刚才的?|刚刚的?)?(?:回答|答案|答复|解释)?'
const USEFUL = new RegExp(`^${ABOUT}(?:很|挺|真|非常|太|还是?|都|是)*(?:有用|有帮助|管用|帮上忙了?)(?:的|了|啊|呀|谢谢)*$`)
const USELESS = new RegExp(`^${ABOUT}(?:对我|根本|完全|一点都?|还是|都|也|真)*(?:没有?(?:什么|啥)?(?:用|帮助)|不管用|没帮上忙|不是我(?:想|要)问的|答非所问|答错了|答得?不对)(?:的|了|啊|呀|处)*$`)
const THUMBS: [RegExp, boolean][] = [
  [/^(?:👍[\u{1f3fb}-\u{1f3ff}]?)+$/u, true],
  [/^(?:👎[\u{1f3fb}-\u{1f3ff}]?)+$/u, false],
]

/** The vote that a short text is; undefined when it is none. Only what was said before tells whether words without a code are meant for an answer. */
export function readVote(text: string): SaidVote | undefined {
  const said = text.trim()
  const [, word, code] = CODED.exec(said) ?? []
  if (word !== undefined && code !== undefined) return { isUseful: word === '有用', code: code.toLowerCase() }
  if (said.length > 16) return undefined
  const thumb = THUMBS.find(([pattern]) => pattern.test(said.replace(/\ufe0f/g, '')))
  if (thumb !== undefined) return { isUseful: thumb[1] }
  const words = plain(said).replace(/[\s,.。!~]+/g, '')
  if (USELESS.test(words)) return { isUseful: false }
  return USEFUL.test(words) ? { isUseful: true } : undefined
}

/** What is shown of such a vote where people read it again. */
export const withoutVoteCode = (text: string): string => (CODED.test(text) ? text.slice(0, 2) : text)
