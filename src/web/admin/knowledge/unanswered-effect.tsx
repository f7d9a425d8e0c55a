import { clauseName } from '../../../domain/answers.ts'
import type { Answer } from '../../../domain/answers.ts'
import type { ChangedQuestion, TryOut, Verdict } from '../../../knowledge/learn/try-out.ts'
import type { Decision, ListedQuestion } from '../../../store/knowledge/unanswered.ts'
import { Tag, Token } from '../parts/parts.tsx'
import { GroupFacts, type Clause } from './unanswered-facts.tsx'

/** Longest lists of what gets better and worse. */
const MOST_SHOWN = 10

export interface Effect {
  questions: readonly ListedQuestion[]
  decision: Exclude<Decision, { as: 'dismissed' | 'answered' }>
  clause: Clause | undefined
  /** Ids of the wordings that are added. */
  added: readonly string[]
  tried: TryOut
}

const verdictName = (verdict: Verdict): string => (verdict === null ? '没答上' : clauseName(verdict.clause, ' '))

const answerName = (answer: Answer): string => {
  const clauses = [...new Set(answer.citations.map((citation) => citation.clause))]
  return answer.kind === 'refusal' ? '说文件里没有' : clauses.map((clause) => clauseName(clause, ' ')).join('、')
}

/** Whether a question is then answered as was decided: from the clause, or with the word that the text does not say it. */
const isMet = ({ decision }: Effect, answer: Answer): boolean =>
  decision.as === 'gap' ? answer.kind === 'refusal' : answer.kind !== 'refusal' && answer.citations.some(({ document, clause }) => document === decision.documentId && clause === decision.clause)

const Changes = ({ title, changed }: { title: string; changed: readonly ChangedQuestion[] }) =>
  changed.length === 0 ? null : (
    <details open>
      <summary>
        {title} {changed.length} 个
      </summary>
      <ul class="plain-list">
        {changed.slice(0, MOST_SHOWN).map(({ text, before, after }) => (
          <li>
            {text}（{verdictName(before)} → {verdictName(after)}）
          </li>
        ))}
        {changed.length > MOST_SHOWN ? <li>还有 {changed.length - MOST_SHOWN} 个</li> : null}
      </ul>
    </details>
  )

/** One wording: whether it is added, and how it is answered before and after. */
const Wording = ({ effect, place }: { effect: Effect; place: number }) => {
  const question = effect.questions[place]
  const asked = effect.tried.asked[place]
  if (question === undefined || asked === undefined) return null
  return (
    <li>
      <label class="check">
        <input type="checkbox" name="added" value={question.id} checked={effect.added.includes(question.id)} />
        <span class="typed">{question.question}</span>
      </label>
      <p class="row-facts">
        <span>
          现在：{answerName(asked.before)} → 以后：{answerName(asked.after)}
        </span>
        <Tag tone={isMet(effect, asked.after) ? 'done' : 'wait'}>{isMet(effect, asked.after) ? '对了' : '还不行，勾上再试'}</Tag>
      </p>
    </li>
  )
}

/** What a decision would do, before it is saved: the second of two clicks. */
export const EffectCard = ({ effect, csrf, now, problem }: { effect: Effect; csrf: string; now: Date; problem?: string }) => {
  const { questions, decision, clause, tried } = effect
  const [first] = questions
  if (first === undefined) return null
  const action = `/admin/unanswered/${first.id}`
  const isCalm = tried.better.length === 0 && tried.worse.length === 0
  const [after] = tried.asked
  return (
    <li class="question card effect" id={`q-${first.id}`}>
      <h2 class="typed">{first.question}</h2>
      <GroupFacts questions={questions} now={now} />
      <p>
        {decision.as === 'typical' ? `以后用${clauseName(clause?.number ?? '', ' ')}（${clause?.title ?? ''}）回答。` : `以后告诉居民文件里没说${clause ? `，最接近的是${clauseName(clause.number, ' ')}（${clause.title}）` : ''}。`}
        <b>还没有保存。</b>
      </p>
      {problem === undefined ? null : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <form method="post" action={action} hx-post={action} hx-target="closest li" hx-swap="outerHTML" hx-sync="this:drop">
        <Token csrf={csrf} />
        <input type="hidden" name="ids" value={questions.map((question) => question.id).join(' ')} />
        <input type="hidden" name="as" value={decision.as} />
        <input type="hidden" name="clause" value={clause?.value ?? ''} />
        <fieldset>
          <legend>这组问题（勾上的会加进去）</legend>
          <ul class="plain-list">
            {tried.asked.map((_asked, place) => (
              <Wording effect={effect} place={place} />
            ))}
          </ul>
          {questions.length > tried.asked.length ? <p class="hint">还有 {questions.length - tried.asked.length} 种问法，一起算处理好了。</p> : null}
        </fieldset>
        {after ? (
          <details>
            <summary>看以后居民看到的话</summary>
            <p class="quote">{after.after.text}</p>
          </details>
        ) : null}
        <div>
          <h3>别的问题受不受影响</h3>
          <p>
            试了 {tried.tried} 个已知的问题：{isCalm ? '都没有变化。' : `变对 ${tried.better.length} 个，变错 ${tried.worse.length} 个。`}
          </p>
          <Changes title="变错" changed={tried.worse} />
          <Changes title="变对" changed={tried.better} />
        </div>
        <div class="buttons">
          <button type="submit" class="primary">
            保存，马上算数
          </button>
          {tried.asked.length > 1 ? (
            <button type="submit" name="again" value="1">
              再试一次
            </button>
          ) : null}
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
