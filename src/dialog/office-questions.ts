import type { Asked, Move, MoveType, ReadContext, Reader, Reading } from '../domain/messages/moves.ts'

/** Whether a message surely asks what the community itself answers. */
export type AsksCommunity = (message: string, options: { previousQuestion?: string; leastOdds?: number }) => Promise<boolean>

/** Words that are what they are: commands, and what binds. Of all else "今天上班吗" may sound like small talk, "有人吗" like a wish for a person. */
const PLAIN: ReadonlySet<MoveType> = new Set<MoveType>([
  'bind', 'announce', 'agree', 'refuse', 'confirm', 'cancel', 'withdraw', 'my_data', 'delete_data', 'withdraw_consent', 'subscribe', 'unsubscribe', 'details', 'pass_on', 'useful', 'useless', 'acknowledge', 'safe', 'leave_volunteers', 'pause_volunteering',
])
const mayBeMeant = ({ type }: Move): boolean => !PLAIN.has(type)
/** Nothing is asked that the words may answer. */
const NOTHING_ASKED: ReadonlySet<Asked | null> = new Set<Asked | null>(['nothing', 'receipt', 'answer'])
/** What may be a danger is none only when it is all but certain: odds of 50 to 1. */
const SURE_ODDS_IN_DOUBT = 4

/** The reader, for whom what surely asks for the office's own facts is a question, whatever else the words sound like. */
export function readOfficeQuestions(reader: Reader, asksCommunity: AsksCommunity): Reader {
  return {
    ...reader,
    read: async (text, context) => {
      const reading = await reader.read(text, context)
      return mayAskOffice(reading, context) ? takeForQuestions(reading, { text, context, asksCommunity }) : reading
    },
  }
}

function mayAskOffice({ moves, blank }: Reading, { asked, form, afterEmergency }: ReadContext): boolean {
  if (form !== undefined || afterEmergency === true || blank !== undefined || !NOTHING_ASKED.has(asked)) return false
  return moves.every((move) => move.type !== 'emergency' || !move.isSure) && (moves.length === 0 || moves.some(mayBeMeant))
}

async function takeForQuestions(reading: Reading, of: { text: string; context: ReadContext; asksCommunity: AsksCommunity }): Promise<Reading> {
  const { text, context, asksCommunity } = of
  const isDoubtful = reading.moves.some(({ type }) => type === 'emergency')
  const said = reading.moves.length === 0 ? [text] : [...new Set(reading.moves.filter(mayBeMeant).map((move) => move.text))]
  const asking: string[] = []
  const options = { ...(context.lastQuestion !== undefined && { previousQuestion: context.lastQuestion }), ...(isDoubtful && { leastOdds: SURE_ODDS_IN_DOUBT }) }
  for (const words of said) if (await asksCommunity(words, options)) asking.push(words)
  if (asking.length === 0) return reading
  const questions = asking.map((words): Move => ({ type: 'ask', text: words, isSure: true }))
  const others = reading.moves.filter((move) => !asking.includes(move.text))
  const { either: _either, doubtful: _doubtful, ...read } = reading
  const intent = others.length === 0 ? 'ask_policy' : reading.intent
  return { ...read, moves: [...others, ...questions], intent, intents: [...new Set([intent, ...(others.length === 0 ? [] : reading.intents), 'ask_policy' as const])], isSure: true }
}
