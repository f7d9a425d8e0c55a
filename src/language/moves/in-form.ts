import type { Asked, Move, MoveName } from '../../domain/messages/moves.ts'
import type { FormId } from '../../domain/messages/understanding.ts'
import { readCorrection } from '../corrections.ts'
import { afterMore } from '../said-in-forms.ts'
import { FORM_OF, LIKELY, VERY_LIKELY, type Part } from './part.ts'

/** A further trouble in the middle of one is clearly another, and told in more than a word. */
const CLEARLY_ANOTHER = 0.7
const SHORTEST_MATTER = 6

/** Moves that are no answer to a form, whatever it asks. */
const ASIDES: ReadonlySet<MoveName> = new Set<MoveName>([
  'ask', 'person', 'status', 'announce', 'my_data', 'delete_data', 'withdraw_consent', 'subscribe', 'unsubscribe', 'details', 'pass_on', 'greet', 'thank', 'bye', 'help', 'cancel', 'back', 'restart', 'ask_form', 'withdraw', 'mended',
])
/** Asides that a value beside them speaks against. */
const ONLY_ALONE: ReadonlySet<MoveName> = new Set<MoveName>(['greet', 'cancel'])
/** Consent is given or it is not, and a form sent or not: "嗯，我寻思寻思" does neither. */
const SURELY_AGREED = 0.85
const CLEARLY_AGREED = 0.8
const BINDING: ReadonlySet<MoveName> = new Set<MoveName>(['agree', 'confirm'])
const leastOf = (move: MoveName, asked: Asked | null): number => (BINDING.has(move) && asked === 'consent' ? SURELY_AGREED : BINDING.has(move) && asked === 'summary' ? CLEARLY_AGREED : move === 'same_contact' ? VERY_SURE : LIKELY)
/** What stands elsewhere is taken over only when it is surely meant. */
const VERY_SURE = 0.75
/** Short answers; what they say besides is tried as a value. */
const SHORT_ANSWERS: ReadonlySet<MoveName> = new Set<MoveName>(['agree', 'refuse', 'confirm', 'skip', 'same_contact'])

/** What an open form takes a part for, the likeliest reading first; an answer is tried besides. */
export function readInForm(part: Part, form: FormId): Move[] {
  const { likeliest, likelihood, text, context } = part
  if (part.isCalledOff()) return [{ type: 'safe', text }]
  const correction = readCorrection(text)
  const named: Move[] = correction === undefined ? [] : [{ ...correction, text, slots: part.read.slots }]
  const answers = [...named, part.give()]
  if (context.asked === 'category') return answers
  if (ASIDES.has(likeliest)) return readAside(part, answers)
  if (FORM_OF[likeliest] !== undefined) return readMatter(part, form, answers)
  if (likeliest === 'add' && isRatherReport(part)) return [reportOf(part), ...answers]
  if (likeliest === 'add') return context.asked === 'summary' && !saysValues(part) ? [part.move('add')] : [...answers, part.move('add')]
  if (likeliest === 'correct') return named.length > 0 ? answers : [part.move('correct'), part.give()]
  const isAnswer = SHORT_ANSWERS.has(likeliest) && likelihood >= leastOf(likeliest, context.asked) && !(likeliest === 'skip' && givesFreeTime(part))
  return isAnswer ? [part.move(likeliest), ...answers] : answers
}

function readAside(part: Part, answers: Move[]): Move[] {
  const { likeliest, likelihood } = part
  // A telephone beside the wish for a person is where that one may call.
  if (likeliest === 'person' && likelihood >= VERY_LIKELY) return [part.move('person')]
  if (likelihood >= LIKELY && answers.length === 1 && !saysValues(part)) return [part.move(likeliest === 'withdraw' || likeliest === 'mended' ? 'cancel' : likeliest)]
  return likelihood >= VERY_LIKELY && !ONLY_ALONE.has(likeliest) ? [...answers, part.move(likeliest)] : answers
}

/** What a message wants by itself is plain from here on. */
const PLAINLY_WANTED = 0.8
/** "还有电梯也坏了": led in as more, as likely a trouble as a remark, and one by what it wants. */
const isRatherReport = (part: Part): boolean =>
  part.context.asked === 'summary' && afterMore(part.text) !== undefined && part.probabilityOf('report') >= LIKELY && (part.read.gist.probabilities.get('service_request') ?? 0) >= PLAINLY_WANTED

/** A trouble by itself, without what led it in. */
function reportOf(part: Part): Move {
  const said = afterMore(part.text) ?? part.text
  return { type: 'report', text: said, slots: part.readAlone(said).slots }
}

/** Another trouble, or the other form's matter, in the middle of one. */
function readMatter(part: Part, form: FormId, answers: Move[]): Move[] {
  const { likeliest, likelihood, text, context } = part
  const isOwn = FORM_OF[likeliest] === form
  const led = afterMore(text)
  const isClear = likelihood >= (led !== undefined ? LIKELY : isOwn ? CLEARLY_ANOTHER : VERY_LIKELY)
  if (!isClear || (isOwn && (context.asked === 'description' || text.length < SHORTEST_MATTER))) return answers
  const said = led ?? text
  const move: Move = likeliest === 'report' ? reportOf(part) : { type: 'offer_help', text: said, slots: part.readAlone(said).slots, adds: false }
  return isOwn ? [move, ...answers] : [move]
}

/** 随便 may be nobody's name, but 都行 is when somebody is free. */
const givesFreeTime = ({ context, read }: Part): boolean => context.asked === 'availability' && read.slots.availability !== undefined

/** A telephone is no aside, nor who somebody is together with something else. */
function saysValues({ read: { slots } }: Part): boolean {
  return slots.phone !== undefined || (slots.name !== undefined && (slots.address !== undefined || slots.age !== undefined))
}
