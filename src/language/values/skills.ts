import { normalize } from '../normalize.ts'

/** Of a longer answer only the head is split; nobody lists more. */
const LONGEST_READ = 300
const LONGEST_SKILL = 14
const MOST_SKILLS = 20

const SEPARATOR = /[,，、;；。.!！?？|\n\t/]|\s+|还有|以及|或者|另外|(?<=.)(?:[和跟及与]|还会|也会|又会|还能|也能|再就是)(?=.)/u
/** What leads in: "我会", "可以帮忙". It goes only before what is left of two characters or more. */
const LEAD = /^(?:我们?|俺们?|本人|她|他|也|还|都|就|平时|平常|没事|只|主要|会|能|可以|可|愿意|想|懂|点儿?|一点儿?|一些|擅长|特长|技能|爱好|专长|拿手|拿手的|是|有|:|：|的|干过|做过|学过|当过)+(?=\S{2})/
const TAIL = /(?:什么的|啥的|之类的?|等等?|都行|都可以|都会|都能|都中|这些|这类|方面的?|的活儿?|没问题|都没问题|行|的|了|吧|啊|呢|呗|哈)+$/
/** "能帮忙买菜" is 买菜; said alone (帮忙打印资料, 帮老人读报) it stays as typed. */
const HELP = /^(?:帮忙|帮着|帮助)(?=\S{2})/
const NOT_A_SKILL = /^(?:没有?|不会|没啥|没什么|啥也不会|什么都不会|随便|跳过|不知道|都行|都可以|啥都行|啥都能干|你好|好的|谢谢)$/
const NEGATED = /^(?:我|但|就是|可是)*(?:不会|不太会|不能|不懂|不擅长|没学过|干不了|做不了|不想)/

function cleanSkill(part: string): string | undefined {
  const plain = normalize(part)
  if (NEGATED.test(plain)) return undefined
  const from = LEAD.exec(plain)?.[0].length ?? 0
  const withoutHelp = from + (from === 0 ? 0 : (HELP.exec(plain.slice(from))?.[0].length ?? 0))
  const tail = TAIL.exec(plain.slice(withoutHelp))?.[0] ?? ''
  const to = plain.length - tail.length
  const said = part.slice(withoutHelp, to - withoutHelp >= 2 ? to : undefined).trim()
  return said.length < 2 || said.length > LONGEST_SKILL || NOT_A_SKILL.test(normalize(said)) || !/\p{L}/u.test(said) ? undefined : said
}

/**
 * The skills that a span, a list or an answer names, as typed, each once, in the order said: "我会修电脑和理发" -> 修电脑, 理发.
 * [] when it names none ("没有"), or says only what one can't do.
 */
export function readSkills(said: string): string[] {
  const parts = said.slice(0, LONGEST_READ).split(SEPARATOR)
  const skills = parts.flatMap((part) => (part === '' ? [] : (cleanSkill(part) ?? [])))
  return [...new Set(skills)].slice(0, MOST_SKILLS)
}

/** The skills of several spans of one message, each once. */
export const joinSkills = (spans: readonly string[]): string[] => [...new Set(spans.flatMap(readSkills))].slice(0, MOST_SKILLS)

const SAYS_CAN = /(?<![不学开机社协大都])(?:会|能|可以帮着?|以前是|原来是|退休前是|退休前干)(?![来去行抽够不])([^\s,，。；;、！!?？]{2,10})/g

/** What somebody says that they can do or have been, where nothing was marked: "我会做饭，上午有空" -> 做饭. */
export const findSkills = (text: string): string[] => joinSkills([...text.matchAll(SAYS_CAN)].flatMap(([, skill]) => skill ?? []))
