import { clauseName } from '../../../domain/answers.ts'
import type { Hono } from 'hono'
import type { Child } from 'hono/jsx'
import { staffActor } from '../../../desk/actor.ts'
import { answerQuestions } from '../../../desk/knowledge/answer-questions.ts'
import { cleanTyped } from '../../../language/clean.ts'
import { listAskers } from '../../../store/knowledge/askers.ts'
import { readNumberedPage, type NumberedPage } from '../../../store/engine/numbered-page.ts'
import { decideQuestions, findDecided, findOpenQuestions, listOpenQuestions, pageDecided, undoDecision, type DecidedGroup, type Decision, type ListedQuestion } from '../../../store/knowledge/unanswered.ts'
import { shorten } from '../parts/format.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage, renderPart } from '../parts/layout.tsx'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Empty, Pager, Tag, Time, Token } from '../parts/parts.tsx'
import { AnswerCard, explainRefusedAnswer } from './unanswered-answer.tsx'
import { EffectCard } from './unanswered-effect.tsx'
import { findClause, listClauses, type Clause } from './unanswered-facts.tsx'
import { OpenGroup, type QuestionGroup } from './unanswered-group.tsx'

/** Questions that are grouped; of more, those asked least wait until others are decided. */
const MOST_GROUPED = 800
const GROUPS_A_PAGE = 10
/** Wordings of one group whose answers are shown before and after. */
const MOST_ASKED = 8
const CHOOSE_CLAUSE = '请先选答案在哪一条。'

type Typed = Extract<Decision, { as: 'answered' }>

const isPart = (c: AdminContext): boolean => c.req.header('hx-request') !== undefined

const describeDecision = (question: DecidedGroup): string => {
  if (question.status === 'typical') return `以后用${clauseName(question.clause ?? '', ' ')}回答`
  if (question.status === 'gap') return '文件里没说，以后会这样告诉居民'
  if (question.status === 'answered') return '写了答复，以后这样回答'
  return '不用管'
}

const DecidedCard = ({ group, csrf, now }: { group: DecidedGroup; csrf: string; now: Date }) => (
  <li class="question card decided" id={`q-${group.id}`}>
    <div>
      <h2 class="typed">{group.question}</h2>
      <p class="row-facts">
        <Tag tone={group.status === 'dismissed' ? 'off' : 'done'}>{describeDecision(group)}</Tag>
        {group.wordings > 1 ? <span>连同 {group.wordings - 1} 种问法</span> : null}
        {group.uselessVotes > 0 ? <Tag tone="wait">{group.uselessVotes} 人说没用</Tag> : null}
        <span>{group.decidedBy}</span>
        <span>
          最近一次问 <Time at={group.lastAskedAt} now={now} />
        </span>
      </p>
    </div>
    <form method="post" action={`/admin/unanswered/${group.id}/undo`} hx-post={`/admin/unanswered/${group.id}/undo`} hx-target="closest li" hx-swap="outerHTML">
      <Token csrf={csrf} />
      <button type="submit" aria-label={`撤销：${shorten(group.question, 30)}`}>
        撤销
      </button>
    </form>
  </li>
)

function readDecision(form: URLSearchParams, clauses: readonly Clause[]): Decision | null {
  const clause = clauses.find((candidate) => candidate.value === form.get('clause'))
  switch (form.get('as')) {
    case 'typical':
      return clause ? { as: 'typical', documentId: clause.document, clause: clause.number, print: clause.print } : null
    case 'gap': {
      const documentId = clause?.document ?? clauses[0]?.document
      return documentId === undefined ? null : { as: 'gap', documentId, clause: clause?.number ?? null, ...(clause && { print: clause.print }) }
    }
    case 'dismissed':
      return { as: 'dismissed' }
    case 'answered': {
      const cited = form.has('cite') ? clause : undefined
      return { as: 'answered', answer: cleanTyped(form.get('answer') ?? ''), documentId: cited?.document ?? null, clause: cited?.number ?? null }
    }
    default:
      return null
  }
}

/** The group that a form is about: its question first. Groups are made anew for every page, so the form names its questions. */
async function readGroup(c: AdminContext, { store }: AdminServices): Promise<ListedQuestion[]> {
  const id = c.req.param('id') ?? ''
  const named = c.get('form').getAll('ids').flatMap((said) => said.split(' ')).filter((one) => one !== '')
  // Of a typed answer only those are meant that were left ticked.
  const isTyped = c.get('form').get('as') === 'answered' && named.length > 0
  const ids = isTyped ? [...(named.includes(id) ? [id] : []), ...named.filter((one) => one !== id)] : [id, ...named.filter((one) => one !== id)]
  return findOpenQuestions(store, [...new Set(ids)].slice(0, MOST_GROUPED))
}

const frame = (c: AdminContext, options: AdminServices, which: 'open' | 'decided', problem: string | undefined, body: Child): Promise<Response> =>
  renderPage(
    c,
    options,
    { title: '未答问题', section: '/admin/unanswered', ...(problem !== undefined && { problem, status: 422 as const }) },
    <>
      <h1>未答问题</h1>
      <p class="lead">居民问了没答上、或者说答得没用的问题，意思相近的放在一起，问得多的在前面。先看效果再保存，保存了马上算数。</p>
      <nav class="tabs" aria-label="看哪些">
        <a href="/admin/unanswered" aria-current={which === 'open' ? 'page' : undefined}>
          待处理
        </a>
        <a href="/admin/unanswered?show=decided" aria-current={which === 'decided' ? 'page' : undefined}>
          已处理
        </a>
      </nav>
      {body}
    </>,
  )

const timesAsked = (group: readonly ListedQuestion[]): number => group.reduce((sum, question) => sum + question.timesAsked, 0)

async function pageGroups({ store, learning }: AdminServices, page: number): Promise<NumberedPage<QuestionGroup> & { left: number }> {
  const { questions, total } = await listOpenQuestions(store, MOST_GROUPED)
  const positions = await learning.group(questions.map(({ question, timesAsked: times }) => ({ text: question, times })))
  const groups = positions.map((group) => group.flatMap((position) => questions[position] ?? [])).sort((left, right) => timesAsked(right) - timesAsked(left))
  const shown = await readNumberedPage(page, GROUPS_A_PAGE, async () => groups.length, async ({ skip, take }) => groups.slice(skip, skip + take))
  const answers = await learning.answer(shown.items.map((group) => group[0]?.question ?? ''))
  return { ...shown, items: shown.items.map((group, place) => ({ questions: group, answer: answers[place] })), left: total - questions.length }
}

async function renderOpen(c: AdminContext, options: AdminServices, problem?: string): Promise<Response> {
  const page = await pageGroups(options, Number(c.req.query('page') ?? 1))
  const clauses = listClauses(options.documents())
  const { csrfToken } = c.get('session')
  if (page.total === 0) return frame(c, options, 'open', problem, <Empty>没有待处理的问题，都答上来了。</Empty>)
  return frame(
    c,
    options,
    'open',
    problem,
    <>
      <ul class="questions" aria-live="polite">
        {page.items.map((group) => (
          <OpenGroup group={group} clauses={clauses} csrf={csrfToken} now={options.now()} />
        ))}
      </ul>
      {page.left > 0 ? <p class="hint">另有 {page.left} 个问得最少的问题，处理完这些再显示。</p> : null}
      <Pager of={page} path="/admin/unanswered" query={{}} unit="组问题" />
    </>,
  )
}

async function renderDecided(c: AdminContext, options: AdminServices): Promise<Response> {
  const page = await pageDecided(options.store, Number(c.req.query('page') ?? 1))
  const { csrfToken } = c.get('session')
  if (page.total === 0) return frame(c, options, 'decided', undefined, <Empty>还没有处理过的问题。</Empty>)
  return frame(
    c,
    options,
    'decided',
    undefined,
    <>
      <ul class="questions" aria-live="polite">
        {page.items.map((group) => (
          <DecidedCard group={group} csrf={csrfToken} now={options.now()} />
        ))}
      </ul>
      <Pager of={page} path="/admin/unanswered" query={{ show: 'decided' }} unit="次处理" />
    </>,
  )
}

/** Questions that the text did not answer well: staff say where the answer stands, or that there is none, and see what that does before it is saved. */
export function addUnanswered(app: Hono<AdminEnv>, options: AdminServices): void {
  const { store, learning, now } = options
  const isGone = (c: AdminContext) => renderNotFound(c, options, '没有这个问题，可能同事已经处理了。')

  const refuse = async (c: AdminContext, questions: ListedQuestion[], problem = CHOOSE_CLAUSE): Promise<Response> => {
    if (!isPart(c)) return renderOpen(c, options, problem)
    const [answer] = await learning.answer(questions.slice(0, 1).map(({ question }) => question))
    return renderPart(c, <OpenGroup group={{ questions, answer }} clauses={listClauses(options.documents())} csrf={c.get('session').csrfToken} now={now()} problem={problem} />)
  }

  const showEffect = async (c: AdminContext, questions: ListedQuestion[], decision: Exclude<Decision, { as: 'dismissed' | 'answered' }>): Promise<Response> => {
    const chosen = c.get('form').getAll('added')
    const added = c.get('form').has('again') ? questions.filter(({ id }) => chosen.includes(id)) : questions.slice(0, 1)
    const texts = added.map(({ question }) => ({ text: question, ...decision }))
    const tried = await learning.tryOut(texts, questions.slice(0, MOST_ASKED).map(({ question }) => question))
    const clause = findClause(listClauses(options.documents()), { document: decision.documentId, clause: decision.clause })
    const card = <EffectCard effect={{ questions, decision, clause, added: added.map(({ id }) => id), tried }} csrf={c.get('session').csrfToken} now={now()} />
    return isPart(c) ? renderPart(c, card) : frame(c, options, 'open', undefined, <ul class="questions">{card}</ul>)
  }

  const showAnswer = async (c: AdminContext, questions: ListedQuestion[], decision: Typed, problem?: string): Promise<Response> => {
    if (decision.answer === '') return refuse(c, questions, '请先写答复。')
    const clause = findClause(listClauses(options.documents()), { document: decision.documentId, clause: decision.clause })
    const people = await store.write((transaction) => listAskers(transaction, questions.map(({ id }) => id)))
    const card = <AnswerCard questions={questions} answer={decision.answer} clause={clause} csrf={c.get('session').csrfToken} now={now()} people={people.length} {...(problem !== undefined && { problem })} />
    return isPart(c) ? renderPart(c, card) : frame(c, options, 'open', problem, <ul class="questions">{card}</ul>)
  }

  const answer = async (c: AdminContext, questions: ListedQuestion[], decision: Typed): Promise<Response> => {
    const { csrfToken, staff } = c.get('session')
    const clause = decision.documentId === null || decision.clause === null ? null : { document: decision.documentId, number: decision.clause }
    const result = await answerQuestions(options.answering, staffActor(staff), { ids: questions.map(({ id }) => id), answer: decision.answer, clause })
    if (result.outcome === 'not_found') return isGone(c)
    if (result.outcome !== 'answered') return showAnswer(c, questions, decision, explainRefusedAnswer(result))
    const group = await findDecided(store, result.id)
    return isPart(c) && group !== null ? renderPart(c, <DecidedCard group={group} csrf={csrfToken} now={now()} />) : redirectAfter(c, '/admin/unanswered', result.told > 0 ? 'question_answered' : 'question_answered_untold')
  }

  const save = async (c: AdminContext, questions: ListedQuestion[], decision: Exclude<Decision, Typed>): Promise<Response> => {
    const { csrfToken, staff } = c.get('session')
    const ids = questions.map(({ id }) => id)
    const chosen = c.get('form').getAll('added')
    const added = chosen.length > 0 ? chosen.filter((id) => ids.includes(id)) : ids.slice(0, 1)
    const id = await decideQuestions(store, { ids, added, decision, by: staff.user, now: now() })
    if (decision.as !== 'dismissed') await options.reloadKnowledge()
    const group = id === null ? null : await findDecided(store, id)
    if (group === null) return isGone(c)
    return isPart(c) ? renderPart(c, <DecidedCard group={group} csrf={csrfToken} now={now()} />) : redirectAfter(c, '/admin/unanswered', 'question_decided')
  }

  app.get('/unanswered', (c) => (c.req.query('show') === 'decided' ? renderDecided(c, options) : renderOpen(c, options)))

  app.post('/unanswered/:id/try', async (c) => {
    const questions = await readGroup(c, options)
    if (questions.length === 0) return isGone(c)
    const decision = readDecision(c.get('form'), listClauses(options.documents()))
    if (decision === null) return refuse(c, questions)
    if (decision.as === 'answered') return showAnswer(c, questions, decision)
    return decision.as === 'dismissed' ? save(c, questions, decision) : showEffect(c, questions, decision)
  })

  app.post('/unanswered/:id', async (c) => {
    const questions = await readGroup(c, options)
    if (questions.length === 0) return isGone(c)
    const decision = readDecision(c.get('form'), listClauses(options.documents()))
    if (decision === null) return refuse(c, questions)
    if (decision.as === 'answered') return answer(c, questions, decision)
    return c.get('form').has('again') && decision.as !== 'dismissed' ? showEffect(c, questions, decision) : save(c, questions, decision)
  })

  app.post('/unanswered/:id/undo', async (c) => {
    const { csrfToken, staff } = c.get('session')
    const ids = await undoDecision(store, { id: c.req.param('id'), by: staff.user, now: now() })
    if (ids.length === 0) return isGone(c)
    await options.reloadKnowledge()
    if (!isPart(c)) return redirectAfter(c, '/admin/unanswered', 'question_undone')
    const questions = await findOpenQuestions(store, ids)
    const [answer] = await learning.answer(questions.slice(0, 1).map(({ question }) => question))
    return renderPart(c, <OpenGroup group={{ questions, answer }} clauses={listClauses(options.documents())} csrf={csrfToken} now={now()} />)
  })
}
