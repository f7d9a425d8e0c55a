import type { Answer } from '../domain/answers.ts'
import type { Button, Reply } from '../domain/messages.ts'
import type { Change, DraftState, Outcome } from '../domain/outcome.ts'
import { advance, askAgain, correctValue, fillMissing, findField, findFieldByWord, goBack, MOST_MISSES, openDraft, overwriteSaid, setValue, summarise } from '../forms/engine.ts'
import type { Form, FormField } from '../forms/form.ts'
import { FORMS } from '../forms/forms.ts'
import { findCategory } from '../language/categories.ts'
import { isBlank } from '../language/clean.ts'
import { findCommand } from '../language/commands.ts'
import { readName } from '../language/values/names.ts'
import { sentenceFor } from './attachments.ts'
import { takeInEdit } from './edits.ts'
import { rememberAnswer, toReply } from './questions.ts'
import { button, NOTICE_VERSION, text } from './text.ts'
import { isOfEarlierForm, isOutdatedButton, staleButton } from './stale-buttons.ts'
import type { Turn } from './turn.ts'

const PAUSE_MS = 2 * 60 * 60 * 1000

/** Commands that are another route's business even while a form is open. */
const LEAVES_FORM: ReadonlySet<string> = new Set(['status', 'details', 'pass_on', 'human', 'help', 'rate'])

/** A digit alone answers the open form, unless a rating was asked for. */
const isBareDigit = (turn: Turn): boolean => turn.state.ratingRequestId === undefined && /^\s*[1-5１-５一二三四五]\s*$/.test(turn.message.text)

/** A form goes on in the private conversation in which it was opened; elsewhere there is no draft to continue. */
export function continueDraft(turn: Turn): Outcome | undefined {
  if (!turn.draft) return undefined
  // A notice of a request says nothing to the form.
  if (turn.facts.button?.requestId) return undefined
  if ((LEAVES_FORM.has(turn.command?.type ?? '') && !isBareDigit(turn)) || (turn.command === undefined && turn.understanding.intent === 'human_handoff')) return undefined
  const form = FORMS[turn.draft.form]
  const draft: DraftState = { ...turn.draft, messageIds: [...turn.draft.messageIds, turn.context.inboundId], touchedAt: turn.now.toISOString() }
  if (isOfEarlierForm(turn, turn.draft)) return keepAskingAfterButton(turn, turn.draft)
  return (
    correctByEdit(turn, form, draft) ??
    endOrGoBack(turn, form, draft) ??
    explainConsent(turn, form, draft) ??
    leaveFormOpen(turn, form, draft) ??
    (draft.stage === 'consent' ? answerConsent(turn, form, draft) : draft.stage === 'confirm' ? answerSummary(turn, form, draft) : answerField(turn, form, draft))
  )
}

/** A message that was put right: what the form holds of it follows; anything else of it is no answer to what is being asked. */
function correctByEdit(turn: Turn, form: Form, draft: DraftState): Outcome | undefined {
  const { earlier } = turn
  if (earlier === undefined || turn.draft === null) return undefined
  const edited = takeInEdit(turn, form, draft)
  if (edited) return goOn(turn, form, edited, { lead: text.changed })
  if (turn.command?.type === 'refuse' && draft.stage !== 'consent' && findCommand(earlier.text)?.type === 'agree') {
    return { intent: 'cancel', replies: [{ to: 'private', kind: 'text', text: text.consentRefused }], draft: null, changes: [{ type: 'withdraw_consent' }, blank(draft)] }
  }
  const isAnswerAnew = turn.draft.misses > 0 && turn.draft.messageIds.at(-1) === earlier.inboundId
  if (turn.command !== undefined || turn.facts.answer !== undefined || isAnswerAnew) return undefined
  return draft.messageIds.includes(earlier.inboundId) ? { intent: form.id, replies: [], draft, changes: [] } : keepAsking(turn, form, turn.draft, text.editBeforeForm)
}

/** The outcome of a draft that goes on: the next question, after `lead` if there is something to say first. */
export function goOn(turn: Turn, form: Form, draft: DraftState, options: { lead?: string; intent?: Outcome['intent']; changes?: Change[]; hasConsent?: boolean; replies?: Reply[] } = {}): Outcome {
  const hasConsent = options.hasConsent ?? hasGivenConsent(turn)
  const next = advance(form, draft, turn.form, hasConsent)
  return { intent: options.intent ?? form.id, replies: [...(options.replies ?? []), ask(turn, form, next, options.lead)], draft: next, changes: options.changes ?? [] }
}

export const hasGivenConsent = (turn: Turn): boolean => turn.context.person.consentVersion === NOTICE_VERSION

/** What a resident who does not go on with a form is promised: nothing of it is kept. */
export const blank = (draft: DraftState): Change => ({ type: 'blank_messages', messageIds: draft.messageIds, since: draft.openedAt })

/** What was filled in so far, for the member of staff who takes over; '' without a form or without consent. */
export function describeDraft(turn: Turn): string {
  if (!turn.draft || !hasGivenConsent(turn)) return ''
  const form = FORMS[turn.draft.form]
  const filled = summarise(form, turn.draft).replaceAll('\n', '；')
  return filled === '' ? '' : `（正在填${form.title}：${filled}）`
}

/** Reminds of the open form after something else was dealt with. */
export function remind(turn: Turn, outcome: Outcome): Outcome {
  if (!turn.draft || outcome.draft !== undefined || outcome.draftIn !== undefined) return outcome
  return { ...outcome, replies: [...outcome.replies, ask(turn, FORMS[turn.draft.form], turn.draft, text.goOn)] }
}

function ask(turn: Turn, form: Form, draft: DraftState, lead = ''): Reply {
  const { words, buttons, kind } = question(turn, form, draft)
  return { to: 'private', kind, text: lead === '' ? words : `${lead}\n${words}`, ...(buttons.length > 0 && { buttons }) }
}

function question(turn: Turn, form: Form, draft: DraftState): { words: string; buttons: Button[]; kind: Reply['kind'] } {
  if (draft.stage === 'consent') {
    const understood = summarise(form, draft)
    return { words: `${understood === '' ? '' : `先记下：\n${understood}\n\n`}${text.consentNotice}\n${text.consentQuestion}`, buttons: [button('同意'), button('不同意')], kind: 'confirm' }
  }
  const field = draft.stage === 'field' ? findField(form, draft.asking) : undefined
  if (field) return { words: field.question(draft.values, turn.form), buttons: [...(field.buttons?.(draft.values, turn.form) ?? []), ...(field.canSkip ? [button('跳过')] : []), button('取消')], kind: 'question' }
  return { words: `${form.title}，请您看看：\n${summarise(form, draft)}\n${text.confirmQuestion}`, buttons: [button('确认'), button('修改'), button('取消')], kind: 'confirm' }
}

const LONGEST_CANCEL = 24

function endOrGoBack(turn: Turn, form: Form, draft: DraftState): Outcome | undefined {
  const isCancelled = turn.command === undefined && turn.understanding.intent === 'cancel' && turn.message.text.length <= LONGEST_CANCEL
  switch (isCancelled ? 'cancel' : turn.command?.type) {
    case 'cancel':
      return { intent: 'cancel', replies: [{ to: 'private', kind: 'text', text: text.cancelled }], draft: null, changes: [blank(draft)] }
    case 'back': {
      const previous = goBack(draft)
      return previous ? keepAsking(turn, form, previous) : goOn(turn, form, draft, { lead: text.nothingToGoBack })
    }
    case 'restart': {
      const empty = openDraft(form, { text: '', slots: {}, context: turn.form, inboundId: turn.context.inboundId })
      return goOn(turn, form, { ...empty, messageIds: draft.messageIds, openedAt: draft.openedAt }, { lead: text.restarted })
    }
    default:
      return undefined
  }
}

/** Asks the field that the draft points at, whatever else is open. */
const keepAsking = (turn: Turn, form: Form, draft: DraftState, lead?: string): Outcome => ({ intent: form.id, replies: [ask(turn, form, draft, lead)], draft, changes: [] })

const keepAskingAfterButton = (turn: Turn, draft: DraftState): Outcome => ({ ...keepAsking(turn, FORMS[draft.form], draft, `${text.staleButton}\n${text.goOn}`), isStaleButton: true })

/** A button under what is not being asked any more answers nothing, whatever is open now. */
export function dismissOutdatedButton(turn: Turn): Outcome | undefined {
  const { draft } = turn
  const asked = draft && question(turn, FORMS[draft.form], draft).words
  return !isOutdatedButton(turn, asked) ? undefined : draft ? keepAskingAfterButton(turn, draft) : staleButton(turn)
}

/** What is said in the middle of a form and is not about it: answered, then the form goes on where it was. */
function leaveFormOpen(turn: Turn, form: Form, draft: DraftState): Outcome | undefined {
  const { answer } = turn.facts
  const kept: DraftState = { ...draft, messageIds: turn.draft?.messageIds ?? [] }
  if (answer && isQuestionAside(turn, answer)) {
    const remembered = rememberAnswer(turn, answer)
    return { ...goOn(turn, form, kept, { lead: text.goOn, intent: 'ask_policy', replies: [toReply(turn, answer)], changes: remembered.changes }), ...(remembered.state && { state: remembered.state }), ...(remembered.answered && { answered: remembered.answered }) }
  }
  const isGreeting = turn.understanding.intent === 'smalltalk' && turn.command === undefined && Object.keys(turn.understanding.slots).length === 0
  if (isGreeting && !isPaused(turn)) return keepAsking(turn, form, kept, text.goOn)
  if (isPaused(turn) && (turn.understanding.intent === 'smalltalk' || turn.command === undefined) && turn.understanding.intent !== form.id) {
    return goOn(turn, form, kept, { lead: `${text.pausedForm}${form.title}。接着填就回答下面这一句，不填了就说“取消”。` })
  }
  return undefined
}

const isPaused = (turn: Turn): boolean => turn.draft !== null && turn.now.getTime() - new Date(turn.draft.touchedAt).getTime() > PAUSE_MS

const isQuestionAside = (turn: Turn, answer: Answer): boolean => turn.understanding.intent === 'ask_policy' && answer.question !== ''

/** Somebody who asks why the data are needed gets one plain sentence, not a clause. */
const explainConsent = (turn: Turn, form: Form, draft: DraftState): Outcome | undefined =>
  (draft.stage === 'consent' ? ASKS_WHY : ASKS_WHY_PERSONAL).test(turn.message.text) && turn.message.text.length <= 30 && turn.command === undefined ? goOn(turn, form, draft, { lead: text.consentWhy }) : undefined

const ASKS_WHY_PERSONAL = /(?:为啥|为什么|为何|怎么还?|干啥|干嘛|凭啥|凭什么|非得|一定|必须)[^,，。]{0,4}(?:要|填|留|写|问|给)[^,，。]{0,4}(?:名|姓|电话|手机|号码|地址|岁数|年龄)|(?:要|填|留|写|问)[^,，。]{0,4}(?:名字?|姓名|电话|手机号?|号码|地址|岁数|年龄)(?:干|做|有)(?:啥|什么|嘛)/
const ASKS_WHY = /(?:为啥|为什么|为何|干啥|干什么|干嘛|什么用|啥用|安全|泄露|靠谱|骗|凭啥|凭什么|必须).*[?？吗呢么啊]?|保密/

/** Shortest text, in characters, that is taken for a description where it was not asked for. */
const SHORTEST_TOLD = 4

function answerConsent(turn: Turn, form: Form, draft: DraftState): Outcome {
  const type = turn.command?.type
  if (type === 'refuse') return { intent: 'cancel', replies: [{ to: 'private', kind: 'text', text: text.consentRefused }], draft: null, changes: [blank(draft)] }
  const { description, ...others } = turn.understanding.slots
  const isTold = description !== undefined && description.length >= SHORTEST_TOLD
  const filled = fillMissing(form, draft, isTold ? turn.understanding.slots : others, turn.form)
  if (type === 'agree' || type === 'confirm') {
    return goOn(turn, form, { ...filled, misses: 0 }, { lead: text.consentThanks, hasConsent: true, changes: [{ type: 'grant_consent', noticeVersion: NOTICE_VERSION, subscribes: true }] })
  }
  const corrected = correct(turn, form, filled)
  if (corrected) return goOn(turn, form, corrected)
  const hasNew = Object.keys(filled.values).length > Object.keys(draft.values).length
  return hasNew ? goOn(turn, form, filled) : missed(turn, form, draft, text.consentUnclear)
}

function answerSummary(turn: Turn, form: Form, draft: DraftState): Outcome {
  const type = turn.command?.type
  if (type === 'confirm' || type === 'agree') return submit(turn, form, draft)
  const corrected = correct(turn, form, draft)
  if (corrected) return goOnOrAsk(turn, form, corrected)
  const named = turn.message.text.length <= 8 ? form.fields.find((field) => [field.label, ...field.words].includes(turn.message.text.trim())) : undefined
  if (named) return keepAsking(turn, form, askAgain(draft, named.name))
  if (type === 'correct' || type === 'refuse') {
    const buttons = form.fields.filter((field) => draft.values[field.name] !== undefined).map((field) => button(`修改${field.label}`))
    return { intent: form.id, replies: [{ to: 'private', kind: 'question', text: text.whichField, buttons }], draft, changes: [] }
  }
  const said = saidAgain(turn, form, draft)
  return said ? goOn(turn, form, { ...said, misses: 0 }) : missed(turn, form, draft, text.confirmUnclear)
}

/** A correction that emptied a field asks that one again; one that filled it says so and goes on. */
const goOnOrAsk = (turn: Turn, form: Form, draft: DraftState): Outcome =>
  draft.stage === 'field' && draft.asking !== turn.draft?.asking ? keepAsking(turn, form, draft) : goOn(turn, form, draft, { lead: text.changed })

/** The draft with values that were filled already and are now said again; null when nothing is. What happened is never replaced by a remark. */
function saidAgain(turn: Turn, form: Form, draft: DraftState): DraftState | null {
  const filled = form.fields.map((field) => field.name).filter((name) => name !== 'description' && name !== 'time' && draft.values[name] !== undefined)
  const said = overwriteSaid(form, draft, turn.understanding.slots, turn.form, filled)
  if (said || draft.stage !== 'confirm') return said
  const bareName = turn.message.text.trim().length <= 4 ? readName(turn.message.text) : undefined
  return bareName !== undefined && draft.values['name'] !== undefined ? { ...draft, values: { ...draft.values, name: bareName } } : null
}

function submit(turn: Turn, form: Form, draft: DraftState): Outcome {
  const change = form.record(draft.values, turn.form)
  const fed = change.type === 'create_request' || change.type === 'save_volunteer' ? { ...change, fedBy: draft.messageIds } : change
  return {
    intent: form.id,
    replies: [{ to: 'private', kind: 'receipt', text: form.receipt(draft.values, turn.form), buttons: [button('查进度')] }],
    draft: null,
    changes: [fed],
  }
}

/** 修改电话, 电话改成139…, 地址不对，是5号楼: the draft with the field set, or asking it again; null when the message corrects nothing. */
function correct(turn: Turn, form: Form, draft: DraftState): DraftState | null {
  if (turn.command?.type !== 'correct' || turn.command.field === '') return null
  const { field: word, value } = turn.command
  const service = /类/.test(word) && value !== undefined ? findCategory(value, turn.form.services) : undefined
  if (service) return setValue(draft, 'category', service.name)
  const field = findFieldByWord(form, word, draft, turn.form)
  if (!field) return null
  const corrected = value === undefined ? null : correctValue(form, draft, field, value, turn.form)
  const category = field.name === 'description' && value !== undefined ? findCategory(value, turn.form.services) : undefined
  return corrected && category ? setValue(corrected, 'category', category.name) : (corrected ?? askAgain(draft, field.name))
}

const STARTS_CORRECTION = /^(?:等一?[下等]|不对|不是|[写说填弄搞]?错了?|刚才|我?其实)/
const CORRECTS = /错|不对|应该|改|不是|更正/

function answerField(turn: Turn, form: Form, draft: DraftState): Outcome {
  const field = findField(form, draft.asking)
  if (!field) return goOn(turn, form, draft)
  const corrected = correct(turn, form, draft)
  if (corrected) return goOnOrAsk(turn, form, corrected)
  if (turn.command?.type === 'skip') {
    return field.canSkip ? goOn(turn, form, { ...draft, skipped: [...draft.skipped, field.name], misses: 0 }) : missed(turn, form, draft, text.canNotSkip)
  }
  const said = STARTS_CORRECTION.test(turn.message.text) ? saidAgain(turn, form, draft) : null
  if (said) return goOn(turn, form, { ...said, misses: 0 }, { lead: text.changed })
  const filled = readAnswer(turn, form, draft, field)
  if (typeof filled === 'string') {
    const late = CORRECTS.test(turn.message.text) ? saidAgain(turn, form, draft) : null
    return late ? goOn(turn, form, { ...late, misses: 0 }, { lead: text.changed }) : missed(turn, form, draft, filled)
  }
  return goOn(turn, form, { ...filled, misses: 0 })
}

/** The draft with the answer in it; or a hint when the message answers nothing that is open. */
function readAnswer(turn: Turn, form: Form, draft: DraftState, field: FormField): DraftState | string {
  const { slots } = turn.understanding
  const others = fillMissing(form, { ...draft, values: { ...draft.values, [field.name]: draft.values[field.name] ?? '' } }, slots, turn.form)
  const hasFilledOthers = form.fields.some((other) => other.name !== field.name && draft.values[other.name] === undefined && others.values[other.name] !== undefined)
  const slot = field.fromSlots(slots, turn.form)
  const parsed = field.parse(turn.message.text, turn.form)
  const isAboutOthers = hasFilledOthers && slot === undefined && remainder(turn).length < 4
  if (slot !== undefined && (!parsed.ok || hasFilledOthers)) return setValue(others, field.name, slot)
  if (parsed.ok && !isAboutOthers) return setValue(others, field.name, parsed.value)
  if (hasFilledOthers) return { ...others, values: Object.fromEntries(Object.entries(others.values).filter(([name]) => name !== field.name)) }
  return parsed.ok ? '' : parsed.hint
}

/** What is left of a message when the values found in it are taken out: tells an answer from a mention of something else. */
function remainder(turn: Turn): string {
  const { name, phone, address, availability, guardian } = turn.understanding.slots
  let left = turn.message.text.replace(/[\d\s\-+]{7,}/g, '')
  for (const value of [name, phone, address, availability, guardian?.name]) if (value !== undefined) left = left.replace(value, '')
  return left.replace(/我叫|我是|监护人|家长|[爸妈]+|姓名|名字|联系|电话|手机|号码|地址|年龄|今年|岁|[\s,，。.;；:：是]/g, '')
}

function missed(turn: Turn, form: Form, draft: DraftState, hint: string): Outcome {
  const misses = draft.misses + 1
  const blank = isBlank(turn.message.text)
  const lead = blank === 'empty' ? (turn.message.attachments.length > 0 ? sentenceFor(turn.message.attachments) : text.blank) : hint
  const offered = misses >= MOST_MISSES
  const next = { ...draft, misses }
  const reply = ask(turn, form, next, offered ? `${lead}\n${text.offerPerson}` : lead)
  return { intent: form.id, replies: [offered ? { ...reply, buttons: [button('转人工'), ...(reply.buttons ?? [])] } : reply], draft: next, changes: [] }
}
