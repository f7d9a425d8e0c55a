import type { RequestSummary } from '../domain/office/facts.ts'
import type { VisitTopic } from '../domain/messages/moves.ts'
import { text } from './text.ts'
import type { Turn } from './turn.ts'

/** What is known of a visit: from the request, its helper, the catalogue; what is not known is passed on, and said so. */
export function answerVisitQuestion(turn: Turn, request: RequestSummary, topics: readonly VisitTopic[]): string {
  const known = topics.flatMap((topic) => tell(turn, request, topic) ?? [])
  return [...known, text.visitPassedOn(request.category, request.assignee)].join('\n')
}

function tell(turn: Turn, request: RequestSummary, topic: VisitTopic): string | undefined {
  const service = turn.form.services.find(({ code }) => code === request.serviceCode)
  switch (topic) {
    case 'when':
      return [request.wantedTime === null ? '' : text.visitWanted(request.wantedTime.replace('T', ' ')), request.dueAt === null ? '' : text.visitDue(request.dueAt)].filter(Boolean).join('') || undefined
    case 'who':
      return request.helper === undefined ? text.visitBy(request.assignee) : text.visitByHelper(request.helper.name, request.helper.phone)
    case 'fee':
      return service === undefined ? undefined : text.visitFee(service.fee)
    case 'bring':
      return service === undefined || service.materials.length === 0 ? undefined : text.visitMaterials(service.materials)
    case 'home':
      return undefined
    default:
      return topic satisfies never
  }
}
