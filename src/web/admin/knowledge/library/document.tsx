import type { Hono } from 'hono'
import { staffActor } from '../../../../desk/actor.ts'
import { placeHeld } from '../../../../desk/knowledge/held-questions.ts'
import { removeDocument, supersedeDocument } from '../../../../desk/knowledge/library.ts'
import { actionName, type LibraryResult } from '../../../../desk/knowledge/library-change.ts'
import { undoDocument } from '../../../../desk/knowledge/undo-document.ts'
import { clauseName, type KnowledgeDocument, type Passage } from '../../../../domain/answers.ts'
import { printOf } from '../../../../knowledge/documents/identity/clause-print.ts'
import type { HeldQuestion } from '../../../../knowledge/documents/load-questions.ts'
import { readNumberedPage } from '../../../../store/engine/numbered-page.ts'
import { listUse } from '../../../../store/knowledge/clause-use.ts'
import { listVersions, type ListedVersion } from '../../../../store/knowledge/document-versions.ts'
import { shorten } from '../../parts/format.ts'
import { redirectAfter } from '../../parts/guard.ts'
import { renderPage } from '../../parts/layout.tsx'
import { renderNotFound } from '../../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../../parts/options.ts'
import { Empty, Pager, Time, Token } from '../../parts/parts.tsx'
import { DocumentFacts, LIBRARY, mayChange, pathOf, renderLibrary, StandingTag } from './list.tsx'

const CLAUSES_A_PAGE = 50
const HELD_SHOWN = 60

const Clause = ({ passage, used }: { passage: Passage; used: number }) => (
  <li class="card" id={`c-${passage.clause}`}>
    <h3>
      {clauseName(passage.clause, ' ')} {passage.title}
    </h3>
    <p class="row-facts">
      <span>回答过 {used} 次</span>
      <span>{passage.typicalQuestions.length} 个问题</span>
    </p>
    <details>
      <summary>原文</summary>
      <p class="quote">{passage.text}</p>
    </details>
    {passage.typicalQuestions.length === 0 ? null : (
      <details>
        <summary>居民怎么问</summary>
        <ul class="plain-list">
          {passage.typicalQuestions.map((question) => (
            <li class="typed">{question}</li>
          ))}
        </ul>
      </details>
    )}
  </li>
)

/** Held questions of one former clause together: they mostly go the same way. */
function groupHeld(held: readonly HeldQuestion[]): HeldQuestion[][] {
  const groups = new Map<string, HeldQuestion[]>()
  for (const one of held) groups.set(one.key, [...(groups.get(one.key) ?? []), one])
  return [...groups.values()]
}

const HeldGroup = ({ group, document, csrf }: { group: HeldQuestion[]; document: KnowledgeDocument; csrf: string }) => {
  const [first] = group
  if (first === undefined) return null
  const near = first.near
  const rest = document.passages.filter(({ clause }) => !near.includes(clause))
  const proposed = near.flatMap((clause) => document.passages.find((passage) => passage.clause === clause) ?? [])
  return (
    <form class="stack" method="post" action={`${pathOf(document.id)}/held`}>
      <Token csrf={csrf} />
      <p>
        {first.text === null ? '这些问题不知道是给哪一条写的：' : `原来${clauseName(first.key.replace(/^旧/, ''), ' ')}的问题：`}
        {near.length === 0 ? '那一条现在没有了。' : '那一条现在变了。'}
      </p>
      {first.text === null ? null : (
        <details>
          <summary>原来的那一条</summary>
          <p class="quote">{first.text}</p>
        </details>
      )}
      <fieldset>
        <legend>勾上的一起放</legend>
        <ul class="plain-list">
          {group.slice(0, HELD_SHOWN).map(({ question, isGap }) => (
            <li>
              <label class="check">
                <input type="checkbox" name="q" value={question} checked />
                <span class="typed">
                  {question}
                  {isGap ? '（文件没写的）' : ''}
                </span>
              </label>
            </li>
          ))}
        </ul>
        {group.length > HELD_SHOWN ? <p class="hint">还有 {group.length - HELD_SHOWN} 个，放好这些再显示。</p> : null}
      </fieldset>
      <div class="field">
        <label for={`h-${first.key}`}>放到哪一条</label>
        <select id={`h-${first.key}`} name="clause">
          {[...proposed, ...rest].map(({ clause, title }) => (
            <option value={clause}>
              {clauseName(clause, ' ')} {shorten(title, 30)}
              {near.includes(clause) ? '（像是这一条）' : ''}
            </option>
          ))}
        </select>
      </div>
      <div class="buttons">
        <button type="submit" class="primary" name="as" value="place">
          放到这一条
        </button>
        <button type="submit" name="as" value="drop">
          不要这些问题了
        </button>
      </div>
    </form>
  )
}

/** `csrf` null = only to look at. */
const Versions = ({ versions, documentId, csrf, now }: { versions: readonly ListedVersion[]; documentId: string; csrf: string | null; now: Date }) => (
  <section class="card" aria-labelledby="s-versions">
    <h2 id="s-versions">版本</h2>
    <ul class="plain-list">
      {versions.map(({ id, action, by, createdAt }, place) => (
        <li>
          {actionName(action)} {by} <Time at={createdAt} now={now} />
          {place === 0 ? '（现在这一版）' : null}
          {csrf === null || place === 0 || action === 'removed' ? null : (
            <form method="post" action={`${pathOf(documentId)}/undo`}>
              <Token csrf={csrf} />
              <input type="hidden" name="seen" value={versions[0]?.id ?? ''} />
              <button type="submit" name="version" value={id}>
                恢复这一版
              </button>
            </form>
          )}
        </li>
      ))}
    </ul>
    {csrf !== null && (versions.length > 1 || versions[0]?.action === 'added') ? (
      <form method="post" action={`${pathOf(documentId)}/undo`}>
        <Token csrf={csrf} />
        <input type="hidden" name="seen" value={versions[0]?.id ?? ''} />
        <button type="submit">撤销最近一次改动</button>
      </form>
    ) : null}
  </section>
)

async function renderDocument(c: AdminContext, options: AdminServices, problem?: string): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const documents = options.documents()
  const document = documents.find((one) => one.id === id)
  if (document === undefined) return renderNotFound(c, options, '没有这份文件。')
  const [used, versions] = await Promise.all([listUse(options.store, id), listVersions(options.store, id)])
  const page = await readNumberedPage(Number(c.req.query('page') ?? 1), CLAUSES_A_PAGE, async () => document.passages.length, async ({ skip, take }) => document.passages.slice(skip, skip + take))
  const held = options.library.held().filter(({ documentId }) => documentId === id)
  const [may, csrf] = [mayChange(c), c.get('session').csrfToken]
  const others = documents.filter((one) => one.id !== id)
  return renderPage(
    c,
    options,
    { title: document.title, section: LIBRARY, ...(problem !== undefined && { problem, status: 422 as const }) },
    <>
      <p>
        <a href={LIBRARY}>文件</a>
      </p>
      <h1>{document.title}</h1>
      <p>
        <StandingTag document={document} now={options.now()} />
      </p>
      <DocumentFacts document={document} documents={documents} />
      {held.length === 0 ? null : (
        <section class="card stack" aria-labelledby="s-held">
          <h2 id="s-held">等您说放在哪一条的问题</h2>
          <p class="hint">条文改了以后，这些问题不知道还该用哪一条回答。您说了才用，现在谁问都不会答错。</p>
          {may ? groupHeld(held).map((group) => <HeldGroup group={group} document={document} csrf={csrf} />) : <p>有 {held.length} 个，管理员可以放。</p>}
        </section>
      )}
      <section aria-labelledby="s-clauses">
        <h2 id="s-clauses">一条一条看</h2>
        {page.total === 0 ? <Empty>没有条文。</Empty> : null}
        <ul class="questions">
          {page.items.map((passage) => (
            <Clause passage={passage} used={used.get(printOf(passage)) ?? 0} />
          ))}
        </ul>
        <Pager of={page} path={pathOf(id)} query={{}} unit="条" />
      </section>
      <Versions versions={versions} documentId={id} csrf={may ? csrf : null} now={options.now()} />
      {!may || others.length === 0 || document.supersededBy !== undefined ? null : (
        <form class="card stack" method="post" action={`${pathOf(id)}/supersede`}>
          <Token csrf={csrf} />
          <div class="field">
            <label for="by">由哪一份代替了</label>
            <select id="by" name="by">
              {others.map((other) => (
                <option value={other.id}>{other.title}</option>
              ))}
            </select>
          </div>
          <button type="submit">写明被代替</button>
        </form>
      )}
      {may ? (
        <form class="card" method="post" action={`${pathOf(id)}/remove`}>
          <Token csrf={csrf} />
          <p>删掉以后不再用来回答，连同它的问题。可以恢复。</p>
          <button type="submit" class="danger">
            删掉这份文件
          </button>
        </form>
      ) : null}
    </>,
  )
}

/** One document: clause by clause, what waits for staff, who changed it when. */
export function addDocumentPage(app: Hono<AdminEnv>, options: AdminServices): void {
  const { library } = options
  const actorOf = (c: AdminContext) => staffActor(c.get('session').staff)
  const answer = async (c: AdminContext, result: LibraryResult, done: string, to: string): Promise<Response> => {
    if (result.outcome === 'not_found') return renderNotFound(c, options, '没有这份文件，或者没有这一条、这一版。')
    if (result.outcome === 'changed') return redirectAfter(c, to, done)
    const isThere = options.documents().some(({ id }) => id === c.req.param('id'))
    return isThere ? renderDocument(c, options, result.reason) : renderLibrary(c, options, result.reason)
  }
  app.get('/knowledge/d/:id', (c) => renderDocument(c, options))
  app.post('/knowledge/d/:id/remove', async (c) => answer(c, await removeDocument(library, actorOf(c), c.req.param('id')), 'document_removed', LIBRARY))
  app.post('/knowledge/d/:id/supersede', async (c) => {
    const id = c.req.param('id')
    return answer(c, await supersedeDocument(library, actorOf(c), { older: id, newer: c.get('form').get('by') ?? '' }), 'document_superseded', pathOf(id))
  })
  app.post('/knowledge/d/:id/undo', async (c) => {
    const [documentId, form] = [c.req.param('id'), c.get('form')]
    const [to, seen] = [form.get('version'), form.get('seen')]
    const result = await undoDocument(library, actorOf(c), { documentId, ...(to !== null && { to }), ...(seen !== null && { seen }) })
    const isThere = options.documents().some(({ id }) => id === documentId)
    return answer(c, result, 'document_undone', isThere ? pathOf(documentId) : LIBRARY)
  })
  app.post('/knowledge/d/:id/held', async (c) => {
    const [documentId, form] = [c.req.param('id'), c.get('form')]
    const clause = form.get('as') === 'drop' ? null : (form.get('clause') ?? '')
    return answer(c, await placeHeld(library, actorOf(c), { documentId, questions: form.getAll('q'), clause }), clause === null ? 'held_dropped' : 'held_placed', options.documents().some(({ id }) => id === documentId) ? pathOf(documentId) : LIBRARY)
  })
}
