/** How often a text is cleaned again because taking something out brought together what was apart. */
export const MOST_PASSES = 20

const OPEN = '(?:[<＜﹤]|&(?:amp;){0,9}(?:lt|#0{0,9}60|#x0{0,9}3c);?)'
const CLOSE = '(?:[>＞﹥]|&(?:amp;){0,9}(?:gt|#0{0,9}62|#x0{0,9}3e);?)'
/** A tag that browsers would read; one without its end reaches to the next. */
const TAG = /<\/?[a-z!?][^<>]*>?/gi
/** A tag that is written full-width or escaped, and would be one after the next program’s unescaping or folding. */
const DISGUISED_TAG = new RegExp(`${OPEN}[/／]?[a-zａ-ｚ!?][^<>＜＞﹤﹥&]{0,200}${CLOSE}`, 'gi')
const ESCAPED_MARK = /&(?:amp;){0,9}(?:[lg]t;?|#\d{1,7};?|#x[0-9a-f]{1,6};?)/gi

/** `text` without tags, also full-width and escaped ones. */
export function removeTags(text: string): string {
  let result = text
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const before = result
    result = result.replace(TAG, '').replace(DISGUISED_TAG, '')
    if (result === before) break
  }
  return result.replace(ESCAPED_MARK, '')
}

// A link ends at a blank, at Chinese text and at its punctuation. Chinese text may follow at once.
const REST = '[^\\s\\u3000-\\u303f\\u4e00-\\u9fff\\uff00-\\uffef]'
const LABEL = '[a-z0-9-]{1,63}'
const LETTERED_LABEL = '(?=[a-z0-9-]{0,62}[a-z])[a-z0-9-]{1,63}'
const HOST_START = '(?<![a-z0-9@.-])'
const ENDINGS = [
  'com|cn|net|org|io|me|top|xyz|vip|cc|ru|info|site|shop|app|dev|link|club',
  'online|tv|gov|edu|co|im|ly|gl|la|fun|icu|work|win|biz|pro|live|store|tech|wang|ltd',
  'xn--[a-z0-9-]{1,59}',
]
/** Endings that follow no sentence by chance: with 。 for a dot, and after Chinese names, only these count. */
const PLAIN_ENDINGS = 'com|cn|net|org|gov|edu|top|xyz|vip|cc|ru|info'
const CHINESE_ENDINGS = ['中国|中國|公司|网络|網絡|网址|網址|中文网|在线|商城|网店|集团', '我爱你|手机|移动|信息|游戏|购物|政务|公益|网站|商店|娱乐|企业']

const EMAIL = new RegExp(`[a-z0-9._%+-]{1,64}@(?:${LABEL}\\.){1,9}[a-z][a-z0-9-]{1,62}`, 'gi')
// tel: is not among these: neighbours write "tel:" before a number that must stay.
const SCHEME = new RegExp(`(?:[a-z][a-z0-9+.-]{1,15}[:：﹕]//|www\\.)${REST}*|(?:javascript|data|vbscript|tg|weixin|mailto):[^\\s\\u4e00-\\u9fff]*`, 'gi')
const BARE_HOSTS = ENDINGS.map((endings) => new RegExp(`${HOST_START}(?:${LABEL}\\.)+(?:${endings})(?::\\d+)?(?:/${REST}*)?(?![a-z0-9-])`, 'gi'))
const HOST_WITH_PATH = new RegExp(`${HOST_START}(?:${LETTERED_LABEL}\\.){1,9}[a-z]{2,24}(?::\\d+)?/${REST}*`, 'gi')
const PUNYCODE = new RegExp(`(?<![a-z0-9-])xn--[a-z0-9-]{1,59}(?:\\.${LABEL}){1,9}(?:/${REST}*)?`, 'gi')
const ADDRESS = new RegExp(`(?<![\\d.])\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d{2,5}(?!\\d)(?:/${REST}*)?|/${REST}*)`, 'g')
const CHINESE_HOSTS = CHINESE_ENDINGS.map((endings) => new RegExp(`${HOST_START}(?=[a-z0-9-]{0,62}[a-z])[a-z0-9-]{2,63}\\.(?:${endings})(?:/${REST}*|(?![\\u4e00-\\u9fff]))`, 'gi'))
// After a Chinese name only the ending goes, since nobody can tell where the name began.
const AFTER_CHINESE = [
  new RegExp(`(?<=[\\u4e00-\\u9fff])\\.(?:${PLAIN_ENDINGS})(?:/${REST}*)?(?![a-z0-9-])`, 'gi'),
  ...CHINESE_ENDINGS.map((endings) => new RegExp(`(?<=[\\u4e00-\\u9fff])\\.(?:${endings})/${REST}*`, 'gi')),
  /(?<=[\u4e00-\u9fff])\.(?:中国|中國|网址|網址|中文网)(?![\u4e00-\u9fff\d])/g,
]

const spaced = (word: string): string => Array.from(word).join('[\\s._·・-]{0,3}')
const EVERYBODY = ['群里所有人', '所有人', '所有成员', '所有成員', '全体成员', '全體成員', '全体人员', '全体居民', '全部成员', '全体', '全體', '全员', '全員', '群成员', '群成員', '大家', '各位']
const EVERYBODY_IN_ENGLISH = ['everyone', 'everybody', 'channel', 'room', 'here', 'all']
const MASS_MENTIONS = [
  ...EVERYBODY.map((word) => new RegExp(`@\\s{0,9}${spaced(word)}`, 'gi')),
  ...EVERYBODY_IN_ENGLISH.map((word) => new RegExp(`@\\s{0,9}${spaced(word)}(?![a-z])`, 'gi')),
]

const LINKS = [EMAIL, SCHEME, PUNYCODE, ...BARE_HOSTS, HOST_WITH_PATH, ADDRESS, ...CHINESE_HOSTS, ...AFTER_CHINESE]

/** `text` without links, hosts, e-mail addresses and mentions of everybody, in whatever letters they are written. */
export function removeLinks(text: string): string {
  let result = text
  let view = fold(text)
  for (const pattern of view.folded.includes('@') ? [...LINKS, ...MASS_MENTIONS] : LINKS) {
    const rest = cutOut(result, view, pattern)
    if (rest === result) continue
    result = rest
    view = fold(rest)
  }
  return result
}

/** What stands between a link's scheme and its last @ before the path: browsers take it for a name and a password. */
const CREDENTIALS = /([a-z][a-z0-9+.-]{0,15}:\/\/)[^\s/\\?#<>"\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*@/gi

/** `text` with its links, but no name and password in them: they are nobody's business, and `https://bank.cn@evil.example` leads elsewhere than it reads. */
export const removeCredentials = (text: string): string => (text.includes('://') ? text.replace(CREDENTIALS, '$1') : text)

/** What a text looks like in plain letters, and where each of its units comes from. */
interface View {
  folded: string
  origins: number[]
}

function cutOut(text: string, { folded, origins }: View, pattern: RegExp): string {
  let kept = ''
  let from = 0
  for (const match of folded.matchAll(pattern)) {
    kept += text.slice(from, origins[match.index])
    from = origins[match.index + match[0].length] ?? text.length
  }
  return kept + text.slice(from)
}

/** Full-width, mathematical, circled … letters, digits and the marks of links as plain ones; all else stays, so that Chinese punctuation still ends a link. */
function fold(text: string): View {
  let folded = ''
  const origins: number[] = []
  let at = 0
  for (const character of text) {
    const plain = foldCharacter(character)
    for (let unit = 0; unit < plain.length; unit += 1) origins.push(at + unit)
    folded += plain
    at += character.length
  }
  origins.push(at)
  return { folded: foldDots(folded), origins }
}

function foldCharacter(character: string): string {
  if (character < '\u0080') return character
  const plain = character.normalize('NFKC')
  return /^[a-z0-9@./_-]$/i.test(plain) ? plain : character
}

const DOTTED = new RegExp(`(?<![a-z0-9-])${LABEL}(?:[.。｡]${LABEL}){1,9}(?=(/?))`, 'gi')
const PLAIN_ENDING = new RegExp(`[.。｡](?:${PLAIN_ENDINGS})$`, 'i')

/** 。 is a dot within what can only be a host: before a known ending or a path. Elsewhere it ends a sentence. */
const foldDots = (text: string): string =>
  text.replace(DOTTED, (host: string, slash: string) => (/[a-z]/i.test(host) && (slash !== '' || PLAIN_ENDING.test(host)) ? host.replace(/[。｡]/g, '.') : host))
