import { findName } from './names.ts'
import { isNameLike } from './values/names.ts'
import { normalize } from './normalize.ts'
import { findPhones } from './values/phones.ts'

export interface Guardian {
  name?: string
  /** Digits only. */
  phone?: string
  /** The text without what is said of the guardian: the sender's own name and phone are read from it. */
  rest: string
}

const ROLE = '(?:监护人|家长|妈妈|爸爸|母亲|父亲|老妈|老爸|妈|爸|奶奶|爷爷|姥姥|姥爷|外公|外婆)'
const HAN = '[\\u3400-\\u9fff]'
const OWNER = '(?:我的?|俺|孩子的?|他的?|她的?)?'
// What may stand between the role and a name; then the name itself, which is tried from the longest.
const NAMED = new RegExp(`${OWNER}${ROLE}(?:的)?(?:姓名|名字)?(?:叫做?|是|名叫|为|:|,|\\s)*(?=${HAN})`, 'g')
const PHONE_OF_ROLE = new RegExp(`${OWNER}${ROLE}(?:的)?(?:(?:电话|手机|联系方式|号码)(?:号码?)?)?(?:是|为|:|,|\\s|[+(])*$`)
const PHONE_AFTER = /^[\s,、;:()]*(?:(?:他|她|我|其|的)*(?:联系)?(?:电话|手机|联系方式|号码)(?:号码?)?(?:是|为|:|\s)*)?[\s,(+]*(?:86)?[-\s]*$/
const IS_PARENT = new RegExp(`我(?:就)?是(?:他|她|孩子|小孩|[\\u3400-\\u9fff]{2,4})的?(${ROLE})[,\\s]*(?:我?叫|名叫|姓名)?[:\\s]*(?=${HAN})`, 'g')
const OWN_NAME_TAIL = /^(?:$|[,。;!?、\s()\d:]|电话|手机|号码|联系|也?同意|知道|的(?:电话|手机))/

interface Span {
  start: number
  end: number
}

function nameAt(plain: string, start: number): Span | undefined {
  const lengths = [4, 3, 2].filter((length) => isNameLike(plain.slice(start, start + length)) && !/[的是叫和她他]/.test(plain.slice(start, start + length)) && OWN_NAME_TAIL.test(plain.slice(start + length)))
  const [length] = lengths
  return length === undefined ? undefined : { start, end: start + length }
}

// "王芳（妈妈）", "王芳，我妈".
const NAME_FIRST = new RegExp(`(?<=^|[,。;\\s])(${HAN}{2,4})[(,]\\s*(?:是)?${OWNER}${ROLE}\\)?(?=[,。\\s\\d]|$)`)

// Who signs up a child says 我叫 of themselves.
const OFFSPRING = '(?:儿子|女儿|闺女|姑娘|孩子|孙子|孙女|外孙女?|小孩)'
const FOR_CHILD = new RegExp(`(?:给|替|帮|为)我?(?:的|家)?${OFFSPRING}|我(?:的|家)?${OFFSPRING}[^。!?]{0,10}(?:想|要|报名)`)
const SPEAKER = new RegExp(`我(?:的名字)?叫(?=${HAN})`, 'g')

/** From the role's word to the end of the name after it. */
function findNamed(plain: string): { whole: Span; name: Span } | undefined {
  const first = NAME_FIRST.exec(plain)
  if (first?.[1] !== undefined && isNameLike(first[1])) {
    return { whole: { start: first.index, end: first.index + first[0].length }, name: { start: first.index, end: first.index + first[1].length } }
  }
  for (const cue of FOR_CHILD.test(plain) ? [IS_PARENT, SPEAKER, NAMED] : [IS_PARENT, NAMED]) {
    for (const match of plain.matchAll(cue)) {
      const name = nameAt(plain, match.index + match[0].length)
      if (name !== undefined) return { whole: { start: match.index, end: name.end }, name }
    }
  }
  return undefined
}

function withoutSpans(text: string, spans: Span[]): string {
  const ordered = spans.toSorted((one, other) => other.start - one.start)
  const cut = ordered.reduce((left, { start, end }) => `${left.slice(0, start)}，${left.slice(end)}`, text)
  return cut.replace(/[，,\s]*，[，,\s]*/g, '，').replace(/^[，\s]+|[，\s]+$/g, '')
}

/** The phone right after the guardian's name, or after 监护人电话; with the words that lead to it. */
function findGuardianPhone(plain: string, named: Span | undefined): { span: Span; phone: string } | undefined {
  for (const found of findPhones(plain)) {
    const role = PHONE_OF_ROLE.exec(plain.slice(0, found.start))
    if (role !== null) return { span: { start: role.index, end: found.end }, phone: found.phone }
    if (named !== undefined && found.start >= named.end && PHONE_AFTER.test(plain.slice(named.end, found.start))) return { span: { start: named.end, end: found.end }, phone: found.phone }
  }
  return undefined
}

/**
 * The parent or guardian that a sign-up names: "我妈叫王芳，她电话13644445555", "监护人王芳，电话…", "我是他妈妈李梅，电话…".
 * undefined when neither name nor phone of one is said, and when the parent is the one who signs up ("我妈王芳想当志愿者").
 */
export function findGuardian(text: string): Guardian | undefined {
  const plain = normalize(text)
  if (SIGNS_UP_PARENT.test(plain)) return undefined
  const named = findNamed(plain)
  const reached = findGuardianPhone(plain, named?.whole)
  if (named === undefined && reached === undefined) return undefined
  const spans = [named?.whole, reached?.span].filter((span) => span !== undefined)
  return {
    ...(named !== undefined && { name: text.slice(named.name.start, named.name.end) }),
    ...(reached !== undefined && { phone: reached.phone }),
    rest: withoutSpans(text, spans),
  }
}

const SIGNS_UP_PARENT = new RegExp(`(?:给|替|帮|为)我?(?:的)?${ROLE}[^。!?]{0,6}(?:报名|报个名|登记|申请|注册)|${ROLE}[^。!?]{0,12}(?:想|要|也想|愿意)[^,。]{0,4}(?:报名|当|做|参加)(?![^。]*(?:监护人|家长))`)

const CHILD = new RegExp(`(?:(?:我(?:的|家)?)?${OFFSPRING}(?:今年|才|刚)*(?:[\\d一二三四五六七八九十]{1,3}周?岁了?)?[,]?(?:名字)?(?:叫做?|名叫|是|:)?|(?:他|她)(?:的名字)?叫)\\s*(?=${HAN})`, 'g')

/** The name of the child whom a parent signs up ("我儿子王一博今年12岁想当小志愿者"); undefined when none is named. */
export function findChildName(text: string): string | undefined {
  const plain = normalize(text)
  // Who gives their own name signs up themselves.
  if (/我(?:的名字)?叫|本人|(?<!孩子)姓名/.test(plain)) return undefined
  for (const match of plain.matchAll(CHILD)) {
    const start = match.index + match[0].length
    const name = findName(`我叫${plain.slice(start)}`)
    if (name !== undefined && plain.startsWith(name, start)) return text.slice(start, start + name.length)
  }
  return undefined
}
