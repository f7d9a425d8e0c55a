import type { Hono } from 'hono'
import type { Child } from 'hono/jsx'
import { describeError } from '../../../domain/faults.ts'
import { Intent } from '../../../domain/messages/understanding.ts'
import type { TalkEffect } from '../../../language/reader/training/retrain.ts'
import { decideMisread, findMisread, pageDecidedMisread, pageMisread, undoMisread, type ListedMessage, type MisreadDecision } from '../../../store/knowledge/misread.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage, renderPart } from '../parts/layout.tsx'
import { DecidedMessage, MisreadEffectCard, OpenMessage } from './misread-card.tsx'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Empty, Pager } from '../parts/parts.tsx'

const PATH = '/admin/misread'
const CHOOSE_INTENT = '请先选这句话是什么意思。'
const NO_LEARNING = '这台机器上没有学过的读法（knowledge/talk/weights.bin），影响试不了。存下来的例子等装上以后再学。'
const NOT_TRIED = '这次没试成，影响看不了，可以过一会儿再试。现在保存也行：同样的话马上读对。'

const isPart = (c: AdminContext): boolean => c.req.header('hx-request') !== undefined

/** What is being learnt at the moment, in one sentence; '' = nothing to say. */
function describeLearning({ talk }: AdminServices): string {
  if (talk === null) return NO_LEARNING
  const { isLearning, problem } = talk.state()
  if (isLearning) return '正在学刚才存的例子：同样的话已经读对了，相近的话等学完就算数，不用等在这里。'
  return problem === null ? '' : `上次没有学成，还按以前学的读：${problem.split('\n').slice(0, 3).join('；')}`
}

const frame = (c: AdminContext, options: AdminServices, which: 'open' | 'decided', problem: string | undefined, body: Child): Promise<Response> => {
  const learning = describeLearning(options)
  return renderPage(
    c,
    options,
    { title: '没听懂的话', section: PATH, ...(problem !== undefined && { problem, status: 422 as const }) },
    <>
      <h1>没听懂的话</h1>
      <p class="lead">居民说了、机器没听懂或者听错了的话，说得多的在前面，姓名、电话和地址已经去掉。告诉机器它是什么意思，先看影响再保存，机器就学会了。</p>
      {learning === '' ? null : (
        <p class="notice" role="status">
          {learning}
        </p>
      )}
      <nav class="tabs" aria-label="看哪些">
        <a href={PATH} aria-current={which === 'open' ? 'page' : undefined}>
          待处理
        </a>
        <a href={`${PATH}?show=decided`} aria-current={which === 'decided' ? 'page' : undefined}>
          已处理
        </a>
      </nav>
      {body}
    </>,
  )
}

async function renderList(c: AdminContext, options: AdminServices, which: 'open' | 'decided', problem?: string): Promise<Response> {
  const { store, now } = options
  const wanted = Number(c.req.query('page') ?? 1)
  const page = which === 'open' ? await pageMisread(store, wanted) : await pageDecidedMisread(store, wanted)
  const { csrfToken } = c.get('session')
  if (page.total === 0) return frame(c, options, which, problem, <Empty>{which === 'open' ? '没有待处理的话，都听懂了。' : '还没有处理过的话。'}</Empty>)
  if (which === 'open') options.talk?.prepare()
  return frame(
    c,
    options,
    which,
    problem,
    <>
      <ul class="questions" aria-live="polite">
        {page.items.map((message) => (which === 'open' ? <OpenMessage message={message} csrf={csrfToken} now={now()} /> : <DecidedMessage message={message} csrf={csrfToken} now={now()} />))}
      </ul>
      <Pager of={page} path={PATH} query={which === 'open' ? {} : { show: 'decided' }} unit={which === 'open' ? '句话' : '次处理'} />
    </>,
  )
}

/** What the form says that the message is: a button's word goes before the list's. */
function readDecision(form: URLSearchParams): MisreadDecision | null {
  if (form.has('dismiss')) return { as: 'dismissed' }
  const intent = Intent.safeParse(form.get('intent') ?? form.get('other'))
  return intent.success ? { as: 'example', intent: intent.data } : null
}

/** Messages that were not understood, or put right by a resident: staff say what they mean, see what that does to others, and the reader learns it. */
export function addMisread(app: Hono<AdminEnv>, options: AdminServices): void {
  const { store, talk, log, now } = options
  const isGone = (c: AdminContext) => renderNotFound(c, options, '没有这句话，可能同事已经处理了。')

  const findOpen = async (c: AdminContext): Promise<ListedMessage | null> => {
    const message = await findMisread(store, c.req.param('id') ?? '')
    return message?.status === 'open' ? message : null
  }

  const tryOut = async (text: string, intent: Intent): Promise<TalkEffect | string> => {
    if (talk === null) return NO_LEARNING
    try {
      return await talk.tryOut({ text, intent })
    } catch (error) {
      log.warn({ fault: 'not-tried-out', ...describeError(error) }, 'What an example would do could not be tried out: staff may save it all the same. Mend what the reason names.')
      return NOT_TRIED
    }
  }

  const refuse = (c: AdminContext, message: ListedMessage): Promise<Response> =>
    isPart(c) ? renderPart(c, <OpenMessage message={message} csrf={c.get('session').csrfToken} now={now()} problem={CHOOSE_INTENT} />) : renderList(c, options, 'open', CHOOSE_INTENT)

  const save = async (c: AdminContext, { id }: ListedMessage, decision: MisreadDecision): Promise<Response> => {
    const { csrfToken, staff } = c.get('session')
    if (!(await decideMisread(store, { id, decision, by: staff.user, now: now() }))) return isGone(c)
    if (decision.as === 'example') await talk?.reload()
    if (!isPart(c)) return redirectAfter(c, PATH, decision.as === 'example' ? 'misread_taught' : 'misread_dismissed')
    const decided = await findMisread(store, id)
    return decided === null ? isGone(c) : renderPart(c, <DecidedMessage message={decided} csrf={csrfToken} now={now()} />)
  }

  app.get('/misread', (c) => renderList(c, options, c.req.query('show') === 'decided' ? 'decided' : 'open'))

  app.post('/misread/:id/try', async (c) => {
    const message = await findOpen(c)
    if (message === null) return isGone(c)
    const decision = readDecision(c.get('form'))
    if (decision === null) return refuse(c, message)
    if (decision.as === 'dismissed') return save(c, message, decision)
    const effect = await tryOut(message.text, decision.intent)
    const card = <MisreadEffectCard message={message} intent={decision.intent} effect={effect} csrf={c.get('session').csrfToken} now={now()} />
    return isPart(c) ? renderPart(c, card) : frame(c, options, 'open', undefined, <ul class="questions">{card}</ul>)
  })

  app.post('/misread/:id', async (c) => {
    const message = await findOpen(c)
    if (message === null) return isGone(c)
    const decision = readDecision(c.get('form'))
    return decision === null ? refuse(c, message) : save(c, message, decision)
  })

  app.post('/misread/:id/undo', async (c) => {
    const { csrfToken, staff } = c.get('session')
    const id = c.req.param('id')
    const undone = await undoMisread(store, { id, by: staff.user, now: now() })
    if (undone === null) return isGone(c)
    if (undone === 'example') await talk?.reload()
    if (!isPart(c)) return redirectAfter(c, PATH, 'misread_undone')
    const message = await findMisread(store, id)
    return renderPart(c, message === null ? <li class="hint">撤销了。</li> : <OpenMessage message={message} csrf={csrfToken} now={now()} />)
  })
}
