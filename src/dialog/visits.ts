import type { RequestSummary } from '../domain/office/facts.ts'
import type { VisitTopic } from '../domain/messages/moves.ts'
import { text } from './text.ts'
import type { Turn } from './turn.ts'

/** What is known of a visit: from the request, its helper, the catalogue; what is not known is passed on, and said so. */
export function answerVisitQuestion(turn: Turn, request: RequestSummary, topics: readonly VisitTopic[]): string {
  const known = topics.flatMap((topic) => tell(turn, request, topic) ?? [])
  // What they themselves told needs nobody to look it up.
  const isAllTold = known.length > 0 && topics.length === 1 && topics[0] === 'record'
  return [...known, ...(isAllTold ? [] : [text.visitPassedOn(request.category, request.assignee)])].join('\n')
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
    case 'record':
      return tellRecord(request)
    case 'home':
      return undefined
    default:
      return topic satisfies never
  }
}

/** What of a request its resident told; what somebody else has told is not theirs to see. */
function tellRecord({ isOwn, number, requesterName, requesterPhone, address, wantedTime }: RequestSummary): string | undefined {
  if (!isOwn) return undefined
  const told = [`编号 ${number}`, requesterName && `姓名 ${requesterName}`, requesterPhone && `电话 ${requesterPhone}`, address && `地址 ${address}`, wantedTime && `时间 ${wantedTime.replace('T', ' ')}`]
  return text.visitRecord(told.filter((one): one is string => typeof one === 'string'))
}
