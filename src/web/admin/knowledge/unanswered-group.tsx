import { clauseName } from '../../../domain/answers.ts'
import type { Answer } from '../../../domain/answers.ts'
import type { ListedQuestion } from '../../../store/knowledge/unanswered.ts'
import { shorten } from '../parts/format.ts'
import { AnswerBox } from './unanswered-answer.tsx'
import { Token } from '../parts/parts.tsx'
import { findClause, GroupFacts, type Clause } from './unanswered-facts.tsx'

/** Questions that ask about the same; the first speaks for all. */
export interface QuestionGroup {
  questions: ListedQuestion[]
  /** What the first of them is answered now. */
  answer: Answer | undefined
}

const MOST_WORDINGS = 10

const AnswerNow = ({ answer }: { answer: Answer }) => {
  const clauses = [...new Set(answer.citations.map((citation) => citation.clause))]
  const summary = answer.kind === 'refusal' ? '现在：没答上' : `现在：用${clauses.map((clause) => clauseName(clause, ' ')).join('、')}${answer.kind === 'correction' ? '纠正' : '回答'}`
  return (
    <details>
      <summary>{summary}，看居民看到的话</summary>
      <p class="quote">{answer.text}</p>
    </details>
  )
}

/** One group that waits: what was asked, what is answered now, and the first of two clicks. */
export const OpenGroup = ({ group, clauses, csrf, now, problem, typed }: { group: QuestionGroup; clauses: readonly Clause[]; csrf: string; now: Date; problem?: string; typed?: { answer: string; cites: boolean } }) => {
  const [first, ...others] = group.questions
  if (first === undefined) return null
  const ranked = group.answer?.ranked[0]
  const nearest = findClause(clauses, ranked) ?? findClause(clauses, { document: first.documentId, clause: first.clause })
  const documents = [...new Set(clauses.map((clause) => clause.documentTitle))]
  const action = `/admin/unanswered/${first.id}/try`
  return (
    <li class="question card" id={`q-${first.id}`}>
      <h2 class="typed">{first.question}</h2>
      <GroupFacts questions={group.questions} now={now} />
      {others.length > 0 ? (
        <details>
          <summary>其他 {others.length} 种问法</summary>
          <ul class="plain-list">
            {others.slice(0, MOST_WORDINGS).map((question) => (
              <li class="typed">{question.question}</li>
            ))}
            {others.length > MOST_WORDINGS ? <li>还有 {others.length - MOST_WORDINGS} 种</li> : null}
          </ul>
        </details>
      ) : null}
      {group.answer ? <AnswerNow answer={group.answer} /> : null}
      {problem === undefined ? null : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <form method="post" action={action} hx-post={action} hx-target="closest li" hx-swap="outerHTML" hx-sync="this:drop">
        <Token csrf={csrf} />
        <input type="hidden" name="ids" value={group.questions.map((question) => question.id).join(' ')} />
        <div class="field">
          <label for={`clause-${first.id}`}>答案在哪一条</label>
          <select id={`clause-${first.id}`} name="clause">
            {nearest ? null : <option value="">没有哪条接近</option>}
            {documents.map((title) => (
              <optgroup label={title}>
                {clauses
                  .filter((clause) => clause.documentTitle === title)
                  .map((clause) => (
                    <option value={clause.value} selected={clause === nearest}>
                      {clauseName(clause.number, ' ')} {clause.title}
                      {clause === nearest ? '（最接近）' : ''}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        </div>
        {nearest ? (
          <details>
            <summary>看第 {nearest.number} 条写了什么</summary>
            <p class="quote">{nearest.text}</p>
          </details>
        ) : null}
        <div class="buttons">
          <button type="submit" name="as" value="typical" class="primary">
            用这条回答
          </button>
          <button type="submit" name="as" value="gap">
            文件里没说
          </button>
          <button type="submit" name="as" value="dismissed" aria-label={`不用管：${shorten(first.question, 30)}`}>
            不用管
          </button>
        </div>
        <AnswerBox id={first.id} {...(typed !== undefined && { typed: typed.answer, cites: typed.cites })} />
        <p class="hint trying" role="status">
          正在试效果，两三秒就好…
        </p>
      </form>
    </li>
  )
}
