import type { Hono } from 'hono'
import { staffActor } from '../../../../desk/actor.ts'
import { answerPassedOn } from '../../../../desk/knowledge/answer-questions.ts'
import { LONGEST_OFFICE_ANSWER } from '../../../../domain/office/office.ts'
import { isOpen } from '../../../../domain/requests/requests.ts'
import { findRequest, type RequestRecord } from '../../../../store/requests/requests.ts'
import { explainRefusedAnswer } from '../../knowledge/unanswered-answer.tsx'
import { redirectAfter } from '../../parts/guard.ts'
import { renderNotFound } from '../../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../../parts/options.ts'
import { Token } from '../../parts/parts.tsx'

export interface TypedHere {
  question: string
  answer: string
}

/** A question that was passed on: staff answer it once, for whoever asked and for everybody after. */
export const RequestAnswer = ({ request, csrf, typed }: { request: Pick<RequestRecord, 'id' | 'kind' | 'status' | 'description'>; csrf: string; typed?: TypedHere | undefined }) =>
  request.kind !== 'question' || !isOpen({ status: request.status }) ? null : (
    <section class="card" aria-labelledby="s-answer">
      <h2 id="s-answer">写答复</h2>
      <form class="stack" method="post" action={`/admin/requests/${request.id}/answer`}>
        <Token csrf={csrf} />
        <div class="field">
          <label for="answer-question">以后居民这样问（别写姓名、电话）</label>
          <input id="answer-question" name="question" value={typed?.question ?? request.description} required maxlength={200} autocomplete="off" />
        </div>
        <div class="field">
          <label for="answer-text">答复</label>
          <textarea id="answer-text" name="answer" rows={3} required maxlength={LONGEST_OFFICE_ANSWER} aria-describedby="answer-note">
            {typed?.answer ?? ''}
          </textarea>
          <p class="hint" id="answer-note">
            这件事就办结了，居民收到答复；问过同样问题的人各收到一次，以后再有人问就这样回答。
          </p>
        </div>
        <button type="submit">答复居民，并记下来</button>
      </form>
    </section>
  )

/** @param show renders the request again, with what was typed */
export function addRequestAnswer(app: Hono<AdminEnv>, options: AdminServices, show: (c: AdminContext, request: RequestRecord, state: { problem: string; answer: TypedHere }) => Promise<Response>): void {
  app.post('/requests/:id/answer', async (c) => {
    const form = c.get('form')
    const request = await findRequest(options.store, c.req.param('id'))
    if (!request) return renderNotFound(c, options, '没有这个工单，请核对编号。')
    const typed = { question: form.get('question') ?? '', answer: form.get('answer') ?? '' }
    const result = await answerPassedOn(options.answering, staffActor(c.get('session').staff), { request: { id: request.id, number: request.number }, ...typed, clause: null })
    const problem = result.outcome === 'not_found' ? '这件事已经结束了，不用再答复。' : explainRefusedAnswer(result)
    return problem === undefined ? redirectAfter(c, `/admin/requests/${request.number}`, 'question_answered') : show(c, request, { problem, answer: typed })
  })
}
