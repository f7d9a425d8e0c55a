import { clauseName } from '../../../domain/answers.ts'
import { LONGEST_OFFICE_ANSWER } from '../../../domain/office/office.ts'
import type { AnswerResult } from '../../../desk/knowledge/answer-questions.ts'
import type { ListedQuestion } from '../../../store/knowledge/unanswered.ts'
import { Token } from '../parts/parts.tsx'
import { GroupFacts, type Clause } from './unanswered-facts.tsx'

/** Why an answer was not taken; undefined when it was. */
export function explainRefusedAnswer(result: AnswerResult): string | undefined {
  switch (result.outcome) {
    case 'answered':
      return undefined
    case 'empty':
      return '请先写答复。'
    case 'too_long':
      return `答复太长了，最多 ${result.longest} 个字。您写的还在，请改短一些。`
    case 'no_such_clause':
      return '没有这一条，请重新选。'
    case 'not_found':
      return '没有这个问题，可能同事已经处理了。'
    default:
      return result satisfies never
  }
}

/** The box in which staff type an answer to a group of questions. */
export const AnswerBox = ({ id, typed = '', cites = false }: { id: string; typed?: string; cites?: boolean }) => (
  <details open={typed !== ''}>
    <summary>自己写答复</summary>
    <div class="stack">
      <div class="field">
        <label for={`answer-${id}`}>答复（居民看到的话）</label>
        <textarea id={`answer-${id}`} name="answer" rows={3} maxlength={LONGEST_OFFICE_ANSWER} aria-describedby={`answer-hint-${id}`}>
          {typed}
        </textarea>
        <p class="hint" id={`answer-hint-${id}`}>
          写明“社区提供”和日期，发给问过的每个人一次（退订的、已删除的不发）；以后再有人问，就这样回答。
        </p>
      </div>
      <label class="check">
        <input type="checkbox" name="cite" value="1" checked={cites} />
        <span>注明参见上面选的那一条</span>
      </label>
      <button type="submit" name="as" value="answered">
        看一眼再发
      </button>
    </div>
  </details>
)

/** A typed answer before it goes out: the second of two clicks. */
export const AnswerCard = ({ questions, answer, clause, csrf, now, people, problem }: { questions: readonly ListedQuestion[]; answer: string; clause: Clause | undefined; csrf: string; now: Date; people: number; problem?: string }) => {
  const [first, ...others] = questions
  if (first === undefined) return null
  const action = `/admin/unanswered/${first.id}`
  return (
    <li class="question card effect" id={`q-${first.id}`}>
      <h2 class="typed">{first.question}</h2>
      <GroupFacts questions={questions} now={now} />
      <p>
        {people === 0 ? '问过的人里没有能通知到的，' : `会发给问过的 ${people} 个人，每人一次；`}以后再有人问，就这样回答。<b>还没有保存，也没有发出。</b>
      </p>
      {problem === undefined ? null : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <form method="post" action={action} hx-post={action} hx-target="closest li" hx-swap="outerHTML" hx-sync="this:drop" class="stack">
        <Token csrf={csrf} />
        <input type="hidden" name="as" value="answered" />
        <input type="hidden" name="clause" value={clause?.value ?? ''} />
        {clause === undefined ? null : <input type="hidden" name="cite" value="1" />}
        {others.length === 0 ? <input type="hidden" name="ids" value={first.id} /> : null}
        {others.length > 0 ? (
          <fieldset>
            <legend>这组问题（勾上的都用这个答复）</legend>
            <ul class="plain-list">
              {questions.map((question) => (
                <li>
                  <label class="check">
                    <input type="checkbox" name="ids" value={question.id} checked />
                    <span class="typed">{question.question}</span>
                  </label>
                </li>
              ))}
            </ul>
          </fieldset>
        ) : null}
        <div class="field">
          <label for={`typed-${first.id}`}>答复</label>
          <textarea id={`typed-${first.id}`} name="answer" rows={4} required maxlength={LONGEST_OFFICE_ANSWER}>
            {answer}
          </textarea>
          {clause === undefined ? null : (
            <p class="hint">
              会注明：参见{clauseName(clause.number, ' ')} {clause.title}
            </p>
          )}
        </div>
        <div class="buttons">
          <button type="submit" class="primary">
            保存，马上算数，发给问过的人
          </button>
          <a class="button" href="/admin/unanswered">
            不存，返回
          </a>
        </div>
        <p class="hint trying" role="status">
          请稍等，两三秒就好…
        </p>
      </form>
    </li>
  )
}
