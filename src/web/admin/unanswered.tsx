import type { Hono } from 'hono'
import { decideUnanswered, findUnanswered, pageUnanswered, undoDecision, type Decision, type UnansweredRecord } from '../../store/unanswered.ts'
import { shorten } from './format.ts'
import { redirectAfter } from './guard.ts'
import { renderPage, renderPart } from './layout.tsx'
import { renderNotFound } from './not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from './options.ts'
import { Empty, Pager, Tag, Time, Token } from './parts.tsx'

interface Clause {
  /** `document clause`, as the form sends it. */
  value: string
  document: string
  documentTitle: string
  number: string
  title: string
  text: string
}

const listClauses = (options: AdminServices): Clause[] =>
  options.documents().flatMap((document) =>
    document.passages.map((passage) => ({
      value: `${document.id} ${passage.clause}`,
      document: document.id,
      documentTitle: document.title,
      number: passage.clause,
      title: passage.title,
      text: passage.text,
    })),
  )

const findClause = (clauses: Clause[], question: UnansweredRecord): Clause | undefined => clauses.find((clause) => clause.document === question.documentId && clause.number === question.clause)

const OpenQuestion = ({ question, clauses, csrf, now, problem }: { question: UnansweredRecord; clauses: Clause[]; csrf: string; now: Date; problem?: string }) => {
  const nearest = findClause(clauses, question)
  const documents = [...new Set(clauses.map((clause) => clause.documentTitle))]
  return (
    <li class="question card" id={`q-${question.id}`}>
      <h2 class="typed">{question.question}</h2>
      <p class="row-facts">
        <span>问了 {question.timesAsked} 次</span>
        <span>
          最近一次 <Time at={question.lastAskedAt} now={now} />
        </span>
      </p>
      {problem === undefined ? null : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <form method="post" action={`/admin/unanswered/${question.id}`} hx-post={`/admin/unanswered/${question.id}`} hx-target="closest li" hx-swap="outerHTML">
        <Token csrf={csrf} />
        <div class="field">
          <label for={`clause-${question.id}`}>答案在哪一条</label>
          <select id={`clause-${question.id}`} name="clause">
            {nearest ? null : <option value="">没有哪条接近</option>}
            {documents.map((title) => (
              <optgroup label={title}>
                {clauses
                  .filter((clause) => clause.documentTitle === title)
                  .map((clause) => (
                    <option value={clause.value} selected={clause === nearest}>
                      第 {clause.number} 条 {clause.title}
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
            就用这条回答
          </button>
          <button type="submit" name="as" value="gap">
            文件里没说
          </button>
          <button type="submit" name="as" value="dismissed">
            不用管
          </button>
        </div>
      </form>
    </li>
  )
}

const describeDecision = (question: UnansweredRecord): string => {
  if (question.status === 'typical') return `以后用第 ${question.clause ?? ''} 条回答`
  if (question.status === 'gap') return '文件里没说，以后会这样告诉居民'
  return '不用管'
}

const DecidedQuestion = ({ question, csrf, now }: { question: UnansweredRecord; csrf: string; now: Date }) => (
  <li class="question card decided" id={`q-${question.id}`}>
    <div>
      <h2 class="typed">{question.question}</h2>
      <p class="row-facts">
        <Tag tone={question.status === 'dismissed' ? 'off' : 'done'}>{describeDecision(question)}</Tag>
        <span>{question.decidedBy}</span>
        <span>
          最近一次问 <Time at={question.lastAskedAt} now={now} />
        </span>
      </p>
    </div>
    <form method="post" action={`/admin/unanswered/${question.id}/undo`} hx-post={`/admin/unanswered/${question.id}/undo`} hx-target="closest li" hx-swap="outerHTML">
      <Token csrf={csrf} />
      <button type="submit" aria-label={`撤销：${shorten(question.question, 30)}`}>
        撤销
      </button>
    </form>
  </li>
)

function readDecision(form: URLSearchParams, clauses: Clause[]): Decision | null {
  const clause = clauses.find((candidate) => candidate.value === form.get('clause'))
  switch (form.get('as')) {
    case 'typical':
      return clause ? { as: 'typical', documentId: clause.document, clause: clause.number } : null
    case 'gap': {
      const documentId = clause?.document ?? clauses[0]?.document
      return documentId === undefined ? null : { as: 'gap', documentId, clause: clause?.number ?? null }
    }
    case 'dismissed':
      return { as: 'dismissed' }
    default:
      return null
  }
}

async function renderList(c: AdminContext, options: AdminServices, problem?: string): Promise<Response> {
  const which = c.req.query('show') === 'decided' ? 'decided' : 'open'
  const page = await pageUnanswered(options.store, which, Number(c.req.query('page') ?? 1))
  const clauses = listClauses(options)
  const { csrfToken } = c.get('session')
  const now = options.now()
  return renderPage(
    c,
    options,
    { title: '未答问题', section: '/admin/unanswered', ...(problem !== undefined && { problem, status: 422 as const }) },
    <>
      <h1>未答问题</h1>
      <p class="lead">居民问了、文件里没找到答案的问题，问得多的在前面。处理好了马上算数，下一位居民就能得到答复。</p>
      <nav class="tabs" aria-label="看哪些">
        <a href="/admin/unanswered" aria-current={which === 'open' ? 'page' : undefined}>
          待处理
        </a>
        <a href="/admin/unanswered?show=decided" aria-current={which === 'decided' ? 'page' : undefined}>
          已处理
        </a>
      </nav>
      {page.total === 0 ? (
        <Empty>{which === 'open' ? '没有待处理的问题，都答上来了。' : '还没有处理过的问题。'}</Empty>
      ) : (
        <>
          <ul class="questions" aria-live="polite">
            {page.items.map((question) =>
              which === 'open' ? <OpenQuestion question={question} clauses={clauses} csrf={csrfToken} now={now} /> : <DecidedQuestion question={question} csrf={csrfToken} now={now} />,
            )}
          </ul>
          <Pager of={page} path="/admin/unanswered" query={which === 'decided' ? { show: 'decided' } : {}} unit="个问题" />
        </>
      )}
    </>,
  )
}

/** Questions that the text did not answer: staff say where the answer stands, or that there is none. */
export function addUnanswered(app: Hono<AdminEnv>, options: AdminServices): void {
  const isPart = (c: AdminContext) => c.req.header('hx-request') !== undefined

  const refuse = async (c: AdminContext, id: string): Promise<Response> => {
    const problem = '请先选答案在哪一条。'
    const question = isPart(c) ? await findUnanswered(options.store, id) : null
    if (question === null) return renderList(c, options, problem)
    return renderPart(c, <OpenQuestion question={question} clauses={listClauses(options)} csrf={c.get('session').csrfToken} now={options.now()} problem={problem} />)
  }

  app.get('/unanswered', (c) => renderList(c, options))

  app.post('/unanswered/:id', async (c) => {
    const { csrfToken, staff } = c.get('session')
    const decision = readDecision(c.get('form'), listClauses(options))
    if (decision === null) return refuse(c, c.req.param('id'))
    const question = await decideUnanswered(options.store, { id: c.req.param('id'), decision, by: staff.user, now: options.now() })
    if (!question) return renderNotFound(c, options, '没有这个问题。')
    await options.reloadKnowledge()
    return isPart(c) ? renderPart(c, <DecidedQuestion question={question} csrf={csrfToken} now={options.now()} />) : redirectAfter(c, '/admin/unanswered', 'question_decided')
  })

  app.post('/unanswered/:id/undo', async (c) => {
    const { csrfToken, staff } = c.get('session')
    const question = await undoDecision(options.store, { id: c.req.param('id'), by: staff.user, now: options.now() })
    if (!question) return renderNotFound(c, options, '没有这个问题。')
    await options.reloadKnowledge()
    if (!isPart(c)) return redirectAfter(c, '/admin/unanswered', 'question_undone')
    return renderPart(c, <OpenQuestion question={question} clauses={listClauses(options)} csrf={csrfToken} now={options.now()} />)
  })
}
