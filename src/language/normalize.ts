import { Converter } from 'opencc-js/t2cn'

// The package's own types don't resolve under NodeNext.
const createConverter = Converter as (options: { from: 't'; to: 'cn' }) => (text: string) => string
let converter: ((text: string) => string) | undefined

// Cantonese function words and a few forms that the dictionary leaves alone; one unit for one unit.
const CANTONESE: Record<string, string> = { 嘅: '的', 唔: '不', 冇: '没', 喺: '在', 咗: '了', 佢: '他', 哋: '们', 睇: '看', 嚟: '来', 啲: '些', 嗰: '那', 著: '着', 搵: '找', 畀: '给', 揾: '找', 俺: '我' }

function simplify(text: string): string {
  const toSimplified = (converter ??= createConverter({ from: 't', to: 'cn' }))
  const whole = toSimplified(text)
  if (whole.length === text.length) return whole
  return Array.from(text, (character) => sameLength(toSimplified(character), character)).join('')
}

const sameLength = (candidate: string, original: string): string => (candidate.length === original.length ? candidate : original)

/** What each character is in compatible form and lower case; filled as they come, since looking them up anew takes most of the time. */
const compatibleForms = new Map<string, string>()
const MOST_CHARACTERS_KEPT = 20_000

function compatibleForm(character: string): string {
  const known = compatibleForms.get(character)
  if (known !== undefined) return known
  const form = /\s/.test(character) ? ' ' : sameLength(character.normalize('NFKC').toLowerCase(), character)
  if (compatibleForms.size < MOST_CHARACTERS_KEPT) compatibleForms.set(character, form)
  return form
}

function toNormalForm(text: string): string {
  let compatible = ''
  for (const character of text) compatible += compatibleForm(character)
  const simplified = /[\u3400-\u9fff]/.test(compatible) ? simplify(compatible) : compatible
  return simplified.replace(/[嘅唔冇喺咗佢哋睇嚟啲嗰著搵畀揾俺]/g, (character) => CANTONESE[character] ?? character)
}

/** The texts normalised last, the newest at the end: one message is read by many parsers. */
const recent = new Map<string, string>()
const MOST_TEXTS_KEPT = 32
const LONGEST_TEXT_KEPT = 12_000

/**
 * One form for what is written in many ways: full width to half width, traditional to simplified, lower case,
 * every blank a space. The result has the same length in UTF-16 units as `text`, so that a position found in it is a position in `text`.
 */
export function normalize(text: string): string {
  const known = recent.get(text)
  if (known !== undefined) return known
  const normal = toNormalForm(text)
  if (text.length > LONGEST_TEXT_KEPT) return normal
  if (recent.size >= MOST_TEXTS_KEPT) for (const oldest of recent.keys()) {
    recent.delete(oldest)
    break
  }
  recent.set(text, normal)
  return normal
}

// Spoken and north-eastern words, and typing slips that keep coming back, as the plain word. Lengths change: only for deciding what is meant.
const COLLOQUIAL: [RegExp, string][] = [
  [/(?:咋|怎么)整(?![合理改治修顿])|咋弄|咋办|咋个办|点办|怎么破|咋搞/g, '怎么办'],
  [/咋(?!呼)/g, '怎么'],
  [/点解/g, '为什么'],
  [/[唔不]使/g, '不用'],
  [/快啲|快些(?=来|派)/g, '快点'],
  [/边度|哪嘎达|哪旮旯|哪疙瘩|哪块儿|搁哪儿?|哪嘎|啥地方/g, '哪里'],
  [/嘎达|旮旯|疙瘩|嘎嘎/g, '地方'],
  [/埋了?汰|埋里埋汰/g, '脏'],
  [/系咪|系唔系|是不系/g, '是不是'],
  [/啥(?!也)/g, '什么'],
  [/乜嘢?/g, '什么'],
  [/木有|莫得|没得|米有/g, '没有'],
  [/唠嗑|唠唠/g, '聊天'],
  [/自愿者|志愿着|志愿这|志原者|志远者|志愿员/g, '志愿者'],
  [/从新/g, '重新'],
  [/做为/g, '作为'],
  [/灯怀了/g, '灯坏了'],
  [/怀了(?=[,。!]|$)/g, '坏了'],
  [/露水(?=了|露)/g, '漏水'],
  [/陋水|漏睡/g, '漏水'],
  [/夏水道|下水到|下税道/g, '下水道'],
  [/(?<=[道管池桶漏所口])赌(?=了|住|上|死|得)/g, '堵'],
  [/水(?:官|馆)(?=漏|裂|爆|坏|冻)/g, '水管'],
  [/暖汽/g, '暖气'],
  [/电[题剃](?=坏|停|不|卡|响|又|没)/g, '电梯'],
  [/报休|报修修/g, '报修'],
  [/垃极|拉圾|垃级/g, '垃圾'],
  [/煤汽/g, '煤气'],
  [/燃[器汽](?=[味泄漏跑管爆])|天燃气/g, '燃气'],
  [/着活了/g, '着火了'],
  [/起火啦|着火啦/g, '着火了'],
  [/人公(?=服务|客服|$)/g, '人工'],
]

/** `normalize`, and dialect and frequent slips as plain words; not for positions. Blanks between Chinese characters go. */
export function plain(text: string): string {
  const folded = COLLOQUIAL.reduce((result, [pattern, word]) => result.replace(pattern, word), normalize(text))
  return folded.replace(/(?<=[\u4e00-\u9fff,。!?]) +(?=[\u4e00-\u9fff,。!?])/g, ',').trim()
}
