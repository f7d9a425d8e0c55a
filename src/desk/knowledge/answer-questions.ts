import { createHash, randomUUID } from 'node:crypto'
import type { KnowledgeDocument } from '../../domain/answers.ts'
import { LONGEST_OFFICE_ANSWER } from '../../domain/office/office.ts'
import { OPEN_STATUSES } from '../../domain/requests/requests.ts'
import { toLocalDay } from '../../domain/time.ts'
import { shortTitle } from '../../knowledge/answer/extract/answer-text.ts'
import { printOf } from '../../knowledge/documents/identity/clause-print.ts'
import { officeText, sourceLine } from '../../knowledge/office/office-text.ts'
import { cleanTyped } from '../../language/clean.ts'
import { listAskers, listOpenQuestionRequests, tellAskers, type Asker } from '../../store/knowledge/askers.ts'
import { decideQuestionsIn } from '../../store/knowledge/unanswered.ts'
import type { Store, Transaction } from '../../store/engine/store.ts'
import type { Actor } from '../actor.ts'
import { changeIn } from '../requests/change-request.ts'

export interface AnsweringServices {
  store: Store
  now: () => Date
  /** Something was queued that should leave at once. */
  wakeOutbox: () => void
  documents: () => readonly KnowledgeDocument[]
  /** Makes what was added count; resolves when it does. */
  reloadKnowledge: () => Promise<void>
}

export interface TypedAnswer {
  /** Questions that are answered alike, the one that speaks for them first. */
  ids: readonly string[]
  answer: string
  /** Where it stands in a document; null = nowhere. */
  clause: { document: string; number: string } | null
}

export type AnswerResult =
  | { outcome: 'answered'; id: string; told: number }
  | { outcome: 'empty' }
  | { outcome: 'too_long'; longest: number }
  | { outcome: 'no_such_clause' }
  /** Nobody asks it any more, or a colleague has decided it. */
  | { outcome: 'not_found' }


/**
 * An answer that staff typed: it counts from the next question on, and whoever asked is told once, by the request in which they
 * passed the question on, or else by a notice of its own. All in one transaction.
 */
export async function answerQuestions(services: AnsweringServices, actor: Actor, typed: TypedAnswer): Promise<AnswerResult> {
  const read = readTyped(services, typed)
  if ('outcome' in read) return read
  const result = await services.store.write((transaction) => answerIn(transaction, services, actor, { ...typed, ...read }))
  if (result.outcome !== 'answered') return result
  await services.reloadKnowledge()
  if (result.told > 0) services.wakeOutbox()
  return result
}

/**
 * The same for a question that was passed on: the request is closed with the answer, and the question, in the words that staff give
 * it, counts for everybody.
 */
export async function answerPassedOn(services: AnsweringServices, actor: Actor, typed: { request: { id: string; number: string }; question: string; answer: string; clause: TypedAnswer['clause'] }): Promise<AnswerResult> {
  const question = cleanTyped(typed.question, { longest: LONGEST_QUESTION })
  const read = question === '' ? ({ outcome: 'empty' } as const) : readTyped(services, typed)
  if ('outcome' in read) return read
  const result = await services.store.write(async (transaction): Promise<AnswerResult> => {
    const now = services.now()
    const asked = await transaction.questionAsker.findMany({ where: { inbound: { recordNumber: typed.request.number } }, select: { questionId: true } })
    const row = await transaction.unansweredQuestion.upsert({
      where: { question },
      create: { id: randomUUID(), question, documentId: null, clause: null, score: 0, status: 'open', createdAt: now, lastAskedAt: now },
      update: {},
      select: { id: true },
    })
    const open = await transaction.serviceRequest.findFirst({ where: { id: typed.request.id, kind: 'question', status: { in: [...OPEN_STATUSES] } }, select: { id: true } })
    if (open === null) return { outcome: 'not_found' }
    const answered = await answerIn(transaction, services, actor, { ...typed, ...read, ids: [...new Set([row.id, ...asked.map(({ questionId }) => questionId)])] }, [typed.request.number])
    return answered
  })
  if (result.outcome !== 'answered') return result
  await services.reloadKnowledge()
  services.wakeOutbox()
  return result
}

const LONGEST_QUESTION = 200

interface ReadAnswer {
  answer: string
  /** Title and number of the clause, for those who are told. */
  place: string
  /** Fingerprint of the clause's words. */
  print?: string
}

function readTyped({ documents }: AnsweringServices, typed: Pick<TypedAnswer, 'answer' | 'clause'>): ReadAnswer | { outcome: 'empty' | 'no_such_clause' } | { outcome: 'too_long'; longest: number } {
  const answer = cleanTyped(typed.answer)
  if (answer === '') return { outcome: 'empty' }
  if (answer.length > LONGEST_OFFICE_ANSWER) return { outcome: 'too_long', longest: LONGEST_OFFICE_ANSWER }
  if (typed.clause === null) return { answer, place: '' }
  const { document: id, number } = typed.clause
  const document = documents().find((one) => one.id === id)
  const passage = document?.passages.find(({ clause }) => clause === number)
  if (document === undefined || passage === undefined) return { outcome: 'no_such_clause' }
  return { answer, place: officeText.seeClause(shortTitle(document), number), print: printOf(passage) }
}

async function answerIn(transaction: Transaction, services: AnsweringServices, actor: Actor, typed: TypedAnswer & ReadAnswer, alsoClosed: readonly string[] = []): Promise<AnswerResult> {
  const now = services.now()
  const { ids, answer, clause, place } = typed
  const rows = await transaction.unansweredQuestion.findMany({ where: { id: { in: [...ids] } }, select: { id: true, question: true } })
  const first = ids.flatMap((id) => rows.find((row) => row.id === id) ?? [])[0]
  const id = await decideQuestionsIn(transaction, { ids, added: ids, decision: { as: 'answered', answer, documentId: clause?.document ?? null, clause: clause?.number ?? null, ...(typed.print !== undefined && { print: typed.print }) }, by: actor.user, now })
  if (id === null || first === undefined) return { outcome: 'not_found' }
  const askers = await listAskers(transaction, ids)
  const requests = await listOpenQuestionRequests(transaction, [...alsoClosed, ...askers.flatMap((asker) => asker.requests)])
  for (const request of requests) await changeIn(transaction, actor, { id: request.id, status: 'resolved', note: place === '' ? answer : `${answer}\n${place}` }, { now: services.now(), areas: [] })
  const isToldByRequest = ({ personId }: Asker) => requests.some(({ requesterId }) => requesterId === personId)
  const told = await tellAskers(transaction, askers.filter((asker) => !isToldByRequest(asker)), {
    cause: `${id}:${createHash('sha256').update(answer).digest('hex').slice(0, 12)}`,
    text: [officeText.answered(first.question, answer), place, sourceLine(toLocalDay(now), false)].filter((line) => line !== '').join('\n'),
    now,
  })
  return { outcome: 'answered', id, told: told + requests.length }
}
