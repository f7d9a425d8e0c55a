import type { ConversationState } from '../../domain/kept-state.ts'
import type { Move } from '../../domain/messages/moves.ts'
import type { ReadTurn } from '../turn.ts'

/*
 * Some type a thought in pieces: 厨房, 下水道, 堵了. What was too short to be understood is kept for a moment, so that the next piece can be
 * read together with it.
 */

const LONGEST_PIECE = 8
const LONGEST_TOGETHER = 40
const WITHIN_MS = 2 * 60 * 1000

/** Moves that a word or two may be read as, and that do nothing where nobody was asked to help. */
const DO_LITTLE: ReadonlySet<Move['type']> = new Set<Move['type']>(['ask', 'chat', 'accept_offer', 'decline_offer', 'offer_done'])

/** What was said just before and may be the beginning of this. */
export const piecesBefore = ({ pieces }: ConversationState, now: Date): string | undefined => (pieces !== undefined && now.getTime() - new Date(pieces.at).getTime() <= WITHIN_MS ? pieces.text : undefined)

/** The pieces so far, when this turn was one more of them: words that did nothing. */
export function keepPiece(turn: ReadTurn): Pick<ConversationState, 'pieces'> {
  const { message, reading, context, draft, state, now } = turn
  const isPiece = draft === null && context.conversation.kind === 'private' && reading.blank === undefined && message.text.length <= LONGEST_PIECE && reading.moves.every(({ type }) => DO_LITTLE.has(type))
  const text = `${piecesBefore(state, now) ?? ''}${message.text}`
  if (!isPiece || text.length > LONGEST_TOGETHER) return {}
  return { pieces: { text, at: now.toISOString(), messageIds: [...(piecesBefore(state, now) === undefined ? [] : (state.pieces?.messageIds ?? [])), context.inboundId] } }
}
