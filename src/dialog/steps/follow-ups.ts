import type { RequestSummary } from '../../domain/facts.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { isFinished } from '../../domain/requests.ts'
import { cleanTyped } from '../../language/clean.ts'
import { text } from '../text.ts'
import { firstMove, hasMove, sayPrivately, type Step, type Turn } from '../turn.ts'

/** What a resident may still change or add to; an emergency has steps of its own. */
export const isOpenRequest = ({ kind, status }: RequestSummary): boolean => kind !== 'emergency' && !isFinished(status)

const ADDITIONS = ['add', 'correct'] as const
const LONGEST_NOTE = 2000

/** "现在都漏到楼下去了", "电话留错了": said of what was filed, it stands in its history. */
export const addToRequestStep: Step = {
  name: 'addition to a request',
  why: 'After the forms, to which a remark may belong; before a new request, which an addition would open.',
  takes: ADDITIONS,
  applies: (turn) => turn.draft === null && hasMove(turn, ...ADDITIONS),
  needs: ['requests'],
  decide: addToRequest,
}

function addToRequest(turn: Turn): Outcome | undefined {
  const said = firstMove(turn, ADDITIONS)
  const request = turn.facts.requests?.find(isOpenRequest)
  if (said === undefined || request === undefined) return undefined
  return {
    intent: turn.reading.intent,
    replies: sayPrivately(turn, 'receipt', text.addedToRequest(request.number), [], text.privateOnly),
    changes: [{ type: 'note_on_request', requestId: request.id, note: cleanTyped(said.text, { longest: LONGEST_NOTE }) }],
  }
}
