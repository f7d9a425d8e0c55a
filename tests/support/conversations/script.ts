import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

/** What a reply asks for, told by the words that no asking does without. A consent and a summary are told by their buttons. */
export const ASKED = {
  name: /称呼|姓名|名字|贵姓|姓什么|叫什么/,
  phone: /电话|手机|号码/,
  address: /地址|什么地方|哪里|哪儿|在哪|几号楼|哪栋|哪个小区|位置|住哪/,
  matter: /什么事|怎么了|什么问题|坏了|说说|出了|要办|帮什么/,
  time: /什么时候|几点|哪天|时间/,
  age: /多大|年龄|几岁|岁数|年纪|周岁|出生/,
  skills: /会什么|会做|会干|特长|能做|擅长|能帮|做什么|干什么/,
  availability: /什么时候|有空|时间|哪天/,
  area: /小区|社区|住哪|住在|哪一片|哪个村/,
  guardian: /监护人|家长|父母|爸爸|妈妈/,
  score: /几分|1.{0,4}5|一.{0,3}五|打分/,
} as const
const BY_BUTTON = { consent: '同意', confirm: '确认' } as const
export const askedByButton = (thing: Asked): string | undefined => (thing in BY_BUTTON ? BY_BUTTON[thing as keyof typeof BY_BUTTON] : undefined)

const asked = z.enum([...(Object.keys(ASKED) as (keyof typeof ASKED)[]), ...(Object.keys(BY_BUTTON) as (keyof typeof BY_BUTTON)[])])
export type Asked = z.infer<typeof asked>

/** One word, or several of which one is enough. */
const oneOf = z.union([z.string(), z.array(z.string()).min(1)]).transform((words) => (typeof words === 'string' ? [words] : words))
const listOf = z.array(oneOf).default([])
const noneOf = z.array(z.string()).default([])
/** The same for a value; null = none is there. */
const value = z.union([z.string(), z.null(), z.array(z.string().nullable()).min(1)]).transform((values) => (Array.isArray(values) ? values : [values]))

const expectation = z.strictObject({
  intent: oneOf.optional(),
  says: listOf,
  lacks: noneOf,
  asks: z.union([asked, z.array(asked)]).transform((things) => (typeof things === 'string' ? [things] : things)).optional(),
  /** labels */
  buttons: listOf,
  /** how many buttons, whatever they are called: from, to */
  choices: z.tuple([z.int(), z.int()]).optional(),
  /** in characters, all replies together */
  longest: z.int().optional(),
  /** at most so many that are not empty */
  lines: z.int().optional(),
  /** what of it the whole group reads */
  group: z.strictObject({ says: listOf, lacks: noneOf }).optional(),
  silent: z.literal(true).optional(),
})
export type Expectation = z.infer<typeof expectation>

const said = z.strictObject({
  /** what is said; with `button`, the labels of which the first that is offered is pressed */
  say: oneOf,
  /** another sender than the resident whose conversation it is */
  as: z.string().optional(),
  /** a group, in which the assistant is mentioned */
  in: z.string().optional(),
  /** not mentioned: it is none of the assistant's business */
  overheard: z.literal(true).optional(),
  /** true: pressed, and it must be there; if_offered: left out where it is not there; old: pressed though another question is open by now */
  button: z.union([z.literal(true), z.enum(['if_offered', 'old'])]).optional(),
  /** the platform brings the sender's message before this one a second time */
  again: z.literal(true).optional(),
  /** the text so many times over */
  times: z.int().optional(),
  expect: expectation.optional(),
})
export type Said = z.infer<typeof said>

/** staff set the status of the request so-and-so many, counted from 1 */
const setByStaff = z.strictObject({ staff_set: z.enum(['accepted', 'in_progress', 'waiting_resident', 'resolved', 'closed']), of: z.int().default(1), note: z.string().default('') })
export type SetByStaff = z.infer<typeof setByStaff>

const turn = z.union([
  said,
  z.strictObject({ hours_pass: z.number() }),
  z.strictObject({ restart: z.literal(true) }),
  setByStaff,
])
export type Turn = z.infer<typeof turn>

const request = z.strictObject({
  kind: oneOf,
  category: value.optional(),
  status: oneOf.optional(),
  /** substrings, blanks left out on both sides */
  description: listOf,
  description_lacks: noneOf,
  address: listOf,
  /** begins so */
  area: z.string().optional(),
  name: value.optional(),
  phone: value.optional(),
  /** begins so */
  wanted_time: value.optional(),
  score: z.union([z.int().nullable(), z.array(z.int().nullable())]).transform((scores) => (Array.isArray(scores) ? scores : [scores])).optional(),
  /** stands in a line of its history */
  history: listOf,
  /** staff see it somewhere with the request */
  anywhere: listOf,
  nowhere: noneOf,
  /** it is right whether there is one or not */
  optional: z.literal(true).optional(),
})
export type ExpectedRequest = z.infer<typeof request>

const volunteer = z.strictObject({
  name: z.string(),
  age: z.int().nullable().optional(),
  phone: z.string().optional(),
  /** each is part of one of them */
  skills: listOf,
  availability: listOf,
  availability_lacks: noneOf,
  area: z.string().optional(),
  status: oneOf.optional(),
  guardian: z.strictObject({ name: z.string().optional(), phone: z.string().optional() }).nullable().optional(),
  optional: z.literal(true).optional(),
})
export type ExpectedVolunteer = z.infer<typeof volunteer>

const records = z.strictObject({
  requests: z.array(request).default([]),
  volunteers: z.array(volunteer).default([]),
  none_other: z.boolean().default(true),
  /** stands in no table any more: neither in a record nor in a kept message, reply or draft */
  nowhere: noneOf,
  /** who gets announcements */
  subscribed: z.record(z.string(), z.boolean()).default({}),
})
export type Records = z.infer<typeof records>

const conversation = z.strictObject({
  name: z.string(),
  now: z.iso.datetime({ offset: true }).optional(),
  turns: z.array(turn).min(1),
  /** several: one of them is right */
  records: z.union([records, z.array(records)]).transform((either) => (Array.isArray(either) ? either : [either])),
})
export type Conversation = z.infer<typeof conversation>

/** Every `*.yml` of a folder: theme (the file's name) and its conversations. Throws with file and place for what is written wrongly. */
export function loadConversations(folder: string): { theme: string; conversations: Conversation[] }[] {
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.yml')).sort()
  const themes = files.map((file) => {
    const read = z.array(conversation).safeParse(parse(fs.readFileSync(path.join(folder, file), 'utf8')))
    if (!read.success) throw new Error([`${file} is written wrongly`, ...read.error.issues.map((issue) => describe(issue))].join('\n'))
    return { theme: file.replace(/\.yml$/, ''), conversations: read.data }
  })
  const names = themes.flatMap(({ conversations }) => conversations.map(({ name }) => name))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`two conversations are called ${twice}`)
  return themes
}

/** Of the forms that something may have, that which it fails least says what is wrong with it. */
function describe(issue: z.core.$ZodIssue, above: PropertyKey[] = []): string {
  const place = [...above, ...issue.path]
  const nearest = issue.code === 'invalid_union' ? [...issue.errors].sort((one, other) => one.length - other.length)[0]?.[0] : undefined
  return nearest === undefined ? `${place.map(String).join('.')}: ${issue.message}` : describe(nearest, place)
}
