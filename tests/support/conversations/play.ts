import { changeRequest } from '../../../src/desk/requests/change-request.ts'
import { openTestAssistant, type TestAssistant } from '../assistant.ts'
import { ASKED, askedByButton, type Conversation, type Expectation, type Said, type SetByStaff } from './script.ts'
import { holds, readRecords, recordFaults } from './records.ts'
import { staffNamed } from '../staff.ts'

type Turn = Awaited<ReturnType<TestAssistant['say']>>
type Button = { label: string; text: string }
const RESIDENT = 'resident-1'
const PHONE = /(?<!\d)1[3-9]\d{9}(?!\d)/g
const START = '2026-11-24T02:00:00Z'

const phonesIn = (text: string) => text.normalize('NFKC').replace(/(?<=\d)[ -](?=\d)/g, '').match(PHONE) ?? []
const buttonsOf = (turn: Turn): Button[] => turn.replies.flatMap((reply) => ('buttons' in reply && reply.buttons ? (reply.buttons as Button[]) : []))

/** Plays a conversation to its end; what was wrong, as a transcript, or null. */
export async function play(conversation: Conversation): Promise<string | null> {
  const test = await openTestAssistant(conversation.now === undefined ? START : new Date(conversation.now).toISOString())
  try {
    const { lines, isWrong } = await playTurns(conversation, test)
    const found = await readRecords(test)
    const faults = conversation.records.map((wanted) => recordFaults(found, wanted)).sort((one, other) => one.length - other.length)[0] ?? []
    if (!isWrong && faults.length === 0) return null
    return [...lines, '  in the store:', ...(faults.length === 0 ? ['    as it should be'] : faults.map((fault) => `    ✗ ${fault}`))].join('\n')
  } finally {
    await test.close()
  }
}

async function playTurns(conversation: Conversation, test: TestAssistant): Promise<{ lines: string[]; isWrong: boolean }> {
  const lines = ['', `  ${conversation.name}`]
  const offered = new Map<string, Button[]>()
  const everOffered = new Map<string, Button[]>()
  const said: { sender: string; text: string }[] = []
  const ids = new Map<string, string>()
  let isWrong = false
  const blame = (fault: string) => {
    isWrong = true
    lines.push(`    ✗ ${fault}`)
  }
  for (const [index, turn] of conversation.turns.entries()) {
    if ('hours_pass' in turn) {
      test.clock.now = new Date(test.clock.now.getTime() + turn.hours_pass * 3_600_000)
      lines.push(`  (${turn.hours_pass} h later)`)
      continue
    }
    if ('restart' in turn) {
      await test.reopen()
      lines.push('  (the assistant is started anew)')
      continue
    }
    if ('staff_set' in turn) {
      lines.push(`  (staff: request ${turn.of} is ${turn.staff_set} ${turn.note})`)
      if (!(await setAsStaff(test, turn.of, turn.staff_set, turn.note))) blame(`there is no request ${turn.of}`)
      continue
    }
    const sender = turn.as ?? RESIDENT
    const text = textOf(turn, offered.get(sender) ?? [], everOffered.get(sender) ?? [])
    if (text === null && turn.button === 'if_offered') continue
    lines.push(`  ${sender === RESIDENT ? '居民' : sender}${turn.in === undefined ? '' : ` @ ${turn.in}`}：${shorten(text ?? turn.say.join('/'))}`)
    if (text === null) blame(`no button ${turn.say.join(' or ')}`)
    const id = (turn.again ? ids.get(sender) : undefined) ?? `m${index}`
    ids.set(sender, id)
    said.push({ sender, text: text ?? turn.say[0] ?? '' })
    const result = await test.say(text ?? turn.say[0] ?? '', { id, sender, ...(turn.in !== undefined && { group: turn.in, nickname: sender }), ...(turn.overheard && { isAddressed: false }) })
    const buttons = buttonsOf(result)
    if (!turn.overheard) offered.set(sender, buttons)
    everOffered.set(sender, [...(everOffered.get(sender) ?? []), ...buttons])
    lines.push(...show(result))
    if (turn.again && !result.isDuplicate) blame('a message that came twice was taken for a new one')
    for (const fault of [...alwaysFaults(result, turn, sender, said, conversation), ...(await numberFaults(result, test)), ...(turn.expect === undefined ? [] : expectationFaults(result, turn.expect))]) blame(fault)
  }
  return { lines, isWrong }
}

async function setAsStaff(test: TestAssistant, of: number, status: SetByStaff['staff_set'], note: string): Promise<boolean> {
  const request = (await test.store.read.serviceRequest.findMany({ orderBy: { number: 'asc' } }))[of - 1]
  if (request === undefined) return false
  const result = await changeRequest({ store: test.store, now: () => test.clock.now, wakeOutbox: () => undefined }, staffNamed('wang'), { id: request.id, status, note })
  if (result.outcome !== 'changed') throw new Error(`staff cannot set ${status}: ${result.outcome}`)
  return true
}

function textOf(turn: Said, now: Button[], ever: Button[]): string | null {
  if (turn.button === undefined) return (turn.say[0] ?? '').repeat(turn.times ?? 1)
  const choice = turn.button === 'old' ? ever : now
  for (const label of turn.say) {
    const button = choice.find((one) => one.label === label)
    if (button !== undefined) return button.text
  }
  return null
}

/** What holds of every reply, whatever the conversation is about. */
function alwaysFaults(result: Turn, turn: Said, sender: string, said: { sender: string; text: string }[], conversation: Conversation): string[] {
  const faults: string[] = []
  if (turn.overheard && result.replies.length > 0) faults.push('it answers what was not said to it')
  if (turn.in === undefined && result.text.trim() === '' && !result.isDuplicate) faults.push('a private message gets no answer')
  if (/undefined|\[object|\bNaN\b|\bnull\b/.test(result.text)) faults.push('a piece of the program shows')
  const own = new Set(said.filter((one) => one.sender === sender).flatMap((one) => phonesIn(one.text)))
  const others = said.filter((one) => one.sender !== sender).flatMap((one) => phonesIn(one.text)).filter((phone) => !own.has(phone))
  for (const phone of others) if (holds(result.text, [phone])) faults.push(`somebody else’s telephone is told: ${phone}`)
  const inGroup = result.replies.filter((reply) => reply.to === 'group').map((reply) => reply.text).join('\n')
  const personal = [...phonesIn(said.map((one) => one.text).join('\n')), ...conversation.records.flatMap((records) => records.requests.flatMap((request) => [...(request.name ?? []), ...(request.phone ?? [])])), ...conversation.records.flatMap((records) => records.volunteers.flatMap((volunteer) => [volunteer.name]))]
  for (const word of new Set(personal)) if (word !== null && inGroup.includes(word)) faults.push(`the whole group reads ${word}`)
  return faults
}

async function numberFaults(result: Turn, test: TestAssistant): Promise<string[]> {
  const told = [...new Set(result.text.replace(/(?:比如|例如)[^。\n]*/g, '').match(/SR-\d{8}-\d{4}/g) ?? [])]
  const there = new Set((await test.store.read.serviceRequest.findMany()).map((request) => request.number))
  return told.filter((number) => !there.has(number)).map((number) => `${number} is told and is not in the store`)
}

function expectationFaults(result: Turn, expected: Expectation): string[] {
  const labels = buttonsOf(result).map((button) => button.label)
  const inGroup = result.replies.filter((reply) => reply.to === 'group').map((reply) => reply.text).join('\n')
  const lines = result.text.split('\n').filter((line) => line.trim() !== '').length
  const asks = (expected.asks ?? []).filter((thing) => {
    const label = askedByButton(thing)
    return label === undefined ? !ASKED[thing as keyof typeof ASKED].test(result.text) : !labels.includes(label)
  })
  return [
    ...(expected.silent && result.replies.length > 0 ? ['it should say nothing'] : []),
    ...(expected.intent !== undefined && !expected.intent.includes(result.intent) ? [`intent is ${result.intent}, should be ${expected.intent.join(' or ')}`] : []),
    ...expected.says.filter((words) => !holds(result.text, words)).map((words) => `it should say ${words.join(' or ')}`),
    ...expected.lacks.filter((word) => holds(result.text, [word])).map((word) => `it should not say ${word}`),
    ...asks.map((thing) => `it should ask for ${thing}`),
    ...expected.buttons.filter((words) => !words.some((word) => labels.includes(word))).map((words) => `no button ${words.join(' or ')}`),
    ...(expected.choices !== undefined && (labels.length < expected.choices[0] || labels.length > expected.choices[1]) ? [`${labels.length} buttons, should be ${expected.choices.join(' to ')}`] : []),
    ...(expected.longest !== undefined && result.text.length > expected.longest ? [`${result.text.length} characters, should be ${expected.longest} at most`] : []),
    ...(expected.lines !== undefined && lines > expected.lines ? [`${lines} lines, should be ${expected.lines} at most`] : []),
    ...(expected.group?.says ?? []).filter((words) => !holds(inGroup, words)).map((words) => `the group should read ${words.join(' or ')}`),
    ...(expected.group?.lacks ?? []).filter((word) => holds(inGroup, [word])).map((word) => `the group should not read ${word}`),
  ]
}

const shorten = (text: string) => (text.length > 400 ? `${text.slice(0, 300)} … (${text.length} characters)` : text)

function show(result: Turn): string[] {
  const replies = result.replies.map((reply) => {
    const labels = 'buttons' in reply && reply.buttons ? (reply.buttons as Button[]).map((button) => ` [${button.label}]`).join('') : ''
    return `  邻里${reply.to === 'group' ? '（群里）' : ''}：${shorten(reply.text).replaceAll('\n', '\n        ')}${labels}`
  })
  return replies.length === 0 ? ['  邻里：（不说话）'] : replies
}
