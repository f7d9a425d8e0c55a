import { normalize } from '../normalize.ts'
import { beginsLikeNoName, COMPOUND_SURNAMES, isSurname, NO_NAME_TAILS } from './surnames.ts'

const HAN = '[\\u3400-\\u9fff]'
const TITLES = [
  '大妈', '大爷', '大娘', '大叔', '大婶', '大姐', '大哥', '大嫂', '奶奶', '爷爷', '阿姨', '叔叔', '伯伯', '婶子', '嫂子', '师傅',
  '老师', '医生', '大夫', '先生', '女士', '小姐', '同志', '太太', '老太', '老太太', '大嫂子', '大姨', '大舅', '大伯', '经理', '主任',
  '姨', '叔', '婶', '姐', '哥', '嫂', '爷', '奶', '伯', '妈', '总', '工',
] as const
const titles: ReadonlySet<string> = new Set(TITLES)
const MINORITY_NAME = /^[\u3400-\u9fff]{1,8}(?:[·•・][\u3400-\u9fff]{1,8}){1,3}$/
const ONLY_HAN = /^[\u3400-\u9fff]+$/

/** The surname at the head of a text, a compound one first; undefined when none is there. */
function surnameAt(text: string, at = 0): string | undefined {
  const compound = COMPOUND_SURNAMES.find((surname) => text.startsWith(surname, at))
  if (compound !== undefined) return compound
  const first = text.charAt(at)
  return isSurname(first) ? first : undefined
}

/** Whether a text begins or ends like a word that is no name ("修好", "小区"). */
export function isNoName(text: string): boolean {
  return beginsLikeNoName(text) || NO_NAME_TAILS.test(text)
}

const isTitled = (text: string): boolean => {
  const surname = surnameAt(text)
  return surname !== undefined && titles.has(text.slice(surname.length))
}
const isFamiliar = (text: string): boolean => text.length === 2 && /^[老小大阿]/.test(text) && isSurname(text.charAt(1))

/** Whether characters look like a person's name: a surname with one or two more, a minority name with ·, or a title (王大妈, 老张). */
export function isNameLike(text: string): boolean {
  if (text.length > 40 || isNoName(text)) return false
  if (MINORITY_NAME.test(text) || isTitled(text) || isFamiliar(text)) return true
  const surname = surnameAt(text)
  if (surname === undefined) return false
  const given = text.length - surname.length
  return given >= 1 && given <= 2 && ONLY_HAN.test(text)
}

/** The longest answer that can be a name with what is said around it. */
const LONGEST_ANSWER = 40
// Words that are names too where a name was asked for.
const NAMES_WHEN_ASKED: ReadonlySet<string> = new Set(['高兴', '安静', '文明', '平安', '安康', '和平', '方圆', '幸福', '路遥', '康健', '清明', '温暖', '江山', '边疆', '路路通', '明亮', '安然'])
const TITLE_AFTER_NAME = /(?:先生|女士|小姐|同志|师傅|老师|大夫|医生)$/
const BEFORE_NAME = /^(?:(?:大家都?|你们?)?(?:就|都)?(?:叫我|喊我|称呼我)|我?就?叫做?|我名叫|我的?名字(?:是|叫)?|我是|鄙人|在下|本人|大名|名字是?|姓名是?|是|哦|嗯|好的?|那就|写|填|改成|改为|[,:：。\s])+/
const AFTER_ANSWER = /(?:就行|就好|就可以|即可|吧|了|啊|呀|哈|呢|谢谢|[,。.!\s])+$/
// A rarer surname begins with none of these.
const NO_NAME_HEAD = /^(?:[等稍快慢为干怎咋好太真很都就又还再别先给把被让找问看说听想要会能可这那哪啥什算拉没不你我他她它咱谁谢对是嗯哦啊哎唉随来去有在修换通弄搞办报改过]|哈[喽罗啰哈士])/
const NO_NAME_WORDS = /^(?:自己|人家|[今明昨后前]天|现在|马上|一会|待会|回头|以后|已经|刚才)/
const NO_NAME_INSIDE = /[吗呢吧么不没的了呀啊哦嘛呗啦]/
const COMMANDS: ReadonlySet<string> = new Set(['取消', '返回', '确认', '确定', '同意', '不同意', '跳过', '重来', '帮助', '修改', '提交', '退出', '菜单', '人工', '转人工', '删除', '订阅', '退订', '进度', '查进度'])

/** What an answer comes to when it corrects itself: "潘金连，不对，潘金莲" is the latter. */
const CORRECTS_ITSELF = /[,。\s](?:不对|错了|[写打说]错了|不是)[,。\s]*(?:应该)?(?:是|叫)?([\u3400-\u9fff·]{2,8})[。.!\s]*$/

const SURNAME_SAID = new RegExp(`^(?:我|本人|敝|免贵|贱)*姓(${HAN}{1,4})$`)
const SURNAME_AND_GIVEN = new RegExp(`^(?:我|本人|敝|免贵|贱)*姓(${HAN}{1,2})[,。\\s]*(?:名字?叫?|叫|单名一?个?|名)(${HAN}{1,3}?)字?$`)
const SURNAME_THEN_NAME = new RegExp(`^(?:我|本人|敝|免贵|贱)*姓(${HAN}{1,2})[,。\\s]*(?:名字?叫?|我?叫)?(?=\\1)`)

/** The same characters as they were typed (traditional ones stay). */
function asTyped(original: string, normalized: string, name: string): string {
  const at = normalized.indexOf(name)
  return at < 0 ? name : original.slice(at, at + name.length)
}

/** The first clause of an answer that says more than a name: "刘桂兰，电话13800138001". */
const nameBeforeMore = (core: string): string | undefined => {
  const head = /^[\u3400-\u9fff·]{2,10}(?=[,，。;；\s\d]|电话|手机|今年|住)/.exec(core)?.[0]
  return head !== undefined && isNameLike(head) ? head : undefined
}

/** The words of an answer that may be the name: no opening, no nickname in brackets, no title after a whole name. */
function coreOfAnswer(plain: string): string {
  const last = CORRECTS_ITSELF.exec(plain)?.[1] ?? plain
  const bracket = last.search(/[(【]/)
  const said = (bracket > 0 ? last.slice(0, bracket) : last).replace(BEFORE_NAME, '').replace(AFTER_ANSWER, '')
  const untitled = said.replace(TITLE_AFTER_NAME, '')
  return untitled.length >= 2 && isNameLike(untitled) && !isTitled(said) ? untitled : said
}

/** "不方便说全名，姓常" */
const SURNAME_LAST = /[,，。\s](?:我|就)?姓([\u3400-\u9fff])$/

/**
 * The name that a short answer to "your name?" is: a bare name, "叫我刘姨就行", "我姓刘叫桂兰"; a surname alone from "我姓刘"; titles stay as typed (王先生).
 * undefined for a sentence, a command, or anything that is no name.
 */
export function readName(said: string): string | undefined {
  const typed = said.trim()
  if (typed.length === 0 || typed.length > LONGEST_ANSWER) return undefined
  const plain = normalize(typed)
  if (COMMANDS.has(plain.replace(/[。.!,\s]+$/, ''))) return undefined
  const last = SURNAME_LAST.exec(plain)?.[1]
  if (last !== undefined && isSurname(last)) return asTyped(typed, plain, last)
  const core = coreOfAnswer(plain)
  const parts = SURNAME_AND_GIVEN.exec(core)
  if (parts?.[1] !== undefined && parts[2] !== undefined) return parts[2].startsWith(parts[1]) ? parts[2] : parts[1] + parts[2]
  const again = SURNAME_THEN_NAME.exec(core)
  const rest = again === null ? core : core.slice(again[0].length)
  const surname = SURNAME_SAID.exec(rest)?.[1]
  if (surname !== undefined && (surname.length === 1 || surnameAt(surname) === surname)) return asTyped(typed, plain, surname)
  const joined = rest.replace(/ /g, '')
  if (joined !== rest && isNameLike(joined)) return joined
  if (isNameLike(rest) || NAMES_WHEN_ASKED.has(rest) || (rest.length === 1 && isSurname(rest) && typed.length === 1)) return asTyped(typed, plain, rest)
  const bare = nameBeforeMore(rest)
  if (bare !== undefined) return asTyped(typed, plain, bare)
  // Where the name was asked for, a rarer surname or a Latin name is one too.
  const isRare = /^[\u3400-\u9fff]{2,4}$/.test(rest) && !isNoName(rest) && !NO_NAME_HEAD.test(rest) && !NO_NAME_WORDS.test(rest) && !NO_NAME_INSIDE.test(rest)
  if (isRare) return asTyped(typed, plain, rest)
  return /^[a-z][a-z .'-]{1,30}$/i.test(typed) && /[a-z]{2}/i.test(typed) ? typed : undefined
}

/** The longest name or title that is kept. */
const LONGEST_NAME = 20

/** A name as a span of a message gives it, for whoever tells names from other words already: trimmed of marks and of what leads in; undefined when no letters are left or it is a sentence. */
export function cleanName(span: string): string | undefined {
  if (span.length > 2 * LONGEST_ANSWER) return undefined
  const plain = normalize(span)
  const from = /^(?:我叫做?|我是|叫我|姓名|名字|叫|是|[\s,，。、:：;；()（）"“”])+(?=\S)/.exec(plain)?.[0].length ?? 0
  const name = span.slice(from).replace(/[\s,，。.、:：;；!！()（）"“”]+$/, '')
  return /\p{L}/u.test(name) && name.length <= LONGEST_NAME && !/[,，。;；!！?？\n\d]/.test(name) ? name : undefined
}
