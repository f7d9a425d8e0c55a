import type { Hono } from 'hono'
import type { KnowledgeDocument } from '../../../../domain/answers.ts'
import { toLocalDay } from '../../../../domain/time.ts'
import { standingOf, type Standing } from '../../../../knowledge/answer/several-documents.ts'
import type { HeldQuestion } from '../../../../knowledge/documents/load-questions.ts'
import { describeValidity } from '../../../../knowledge/documents/import/preview.ts'
import { listNewestVersions } from '../../../../store/knowledge/document-versions.ts'
import { renderPage } from '../../parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../../parts/options.ts'
import { Empty, Tag, Time, Token } from '../../parts/parts.tsx'

export const LIBRARY = '/admin/knowledge'

export const pathOf = (documentId: string): string => `${LIBRARY}/d/${encodeURIComponent(documentId)}`

const STANDINGS: Record<Standing, { name: string; tone: 'done' | 'off' | 'wait' }> = {
  in_force: { name: '有效', tone: 'done' },
  not_yet: { name: '还没施行', tone: 'wait' },
  expired: { name: '已过期', tone: 'off' },
  superseded: { name: '已被代替', tone: 'off' },
}

export const StandingTag = ({ document, now }: { document: KnowledgeDocument; now: Date }) => {
  const { name, tone } = STANDINGS[standingOf(document, toLocalDay(now))]
  return <Tag tone={tone}>{name}</Tag>
}

/** Who issued it when, how long it holds, what it takes the place of and what takes its place. */
export const DocumentFacts = ({ document, documents }: { document: KnowledgeDocument; documents: readonly KnowledgeDocument[] }) => {
  const superseded = documents.filter(({ supersededById }) => supersededById === document.id)
  return (
    <>
      <p class="row-facts">
        <span>{document.issuer}</span>
        <span>{document.number ?? '无文号'}</span>
        <span>{document.issuedOn} 发文</span>
        <span>{describeValidity(document)}</span>
      </p>
      {document.supersededBy === undefined ? null : <p>由《{document.supersededBy}》代替，不再用来回答。</p>}
      {superseded.map(({ title }) => (
        <p>代替了《{title}》</p>
      ))}
    </>
  )
}

export const countAsked = ({ passages }: KnowledgeDocument): number => passages.reduce((sum, { typicalQuestions }) => sum + typicalQuestions.length, 0)

const DocumentCard = ({ document, options, held }: { document: KnowledgeDocument; options: AdminServices; held: number }) => (
  <li class="card">
    <h2>
      <a href={pathOf(document.id)}>{document.title}</a>
    </h2>
    <DocumentFacts document={document} documents={options.documents()} />
    <p class="row-facts">
      <StandingTag document={document} now={options.now()} />
      <span>{document.passages.length} 条</span>
      <span>{countAsked(document)} 个问题</span>
      {held > 0 ? <Tag tone="wait">{held} 个问题等您说放在哪一条</Tag> : null}
    </p>
  </li>
)

/** Whether who looks may change documents: else there is nothing to press. */
export const mayChange = (c: AdminContext): boolean => c.get('session').staff.role === 'admin'

const renderRefused = (c: AdminContext, options: AdminServices): Promise<Response> =>
  renderPage(
    c,
    options,
    { title: '文件', section: LIBRARY, status: 403 },
    <>
      <h1>文件</h1>
      <p>文件只有管理员能改，什么都没有改。</p>
    </>,
  )

const HOMELESS_SHOWN = 60

function groupByDocument(held: readonly HeldQuestion[]): [string, string[]][] {
  const groups = new Map<string, string[]>()
  for (const { documentId, question } of held) groups.set(documentId, [...(groups.get(documentId) ?? []), question])
  return [...groups]
}

const HomelessGroup = ({ documentId, title, questions, csrf }: { documentId: string; title: string; questions: readonly string[]; csrf: string | null }) => (
  <form class="stack" method="post" action={`${pathOf(documentId)}/held`}>
    {csrf === null ? null : <Token csrf={csrf} />}
    <fieldset>
      <legend>《{title}》</legend>
      <ul class="plain-list">
        {questions.slice(0, HOMELESS_SHOWN).map((question) => (
          <li>
            <label class="check">
              <input type="checkbox" name="q" value={question} />
              <span class="typed">{question}</span>
            </label>
          </li>
        ))}
      </ul>
      {questions.length > HOMELESS_SHOWN ? <p class="hint">还有 {questions.length - HOMELESS_SHOWN} 个。</p> : null}
    </fieldset>
    {csrf === null ? null : (
      <div class="buttons">
        <button type="submit" name="as" value="drop">
          不要勾上的问题了
        </button>
      </div>
    )}
  </form>
)

/** All documents, what was taken away, and questions whose document is gone. */
export async function renderLibrary(c: AdminContext, options: AdminServices, problem?: string): Promise<Response> {
  const documents = options.documents()
  const held = options.library.held()
  const homeless = groupByDocument(held.filter(({ documentId }) => documents.every(({ id }) => id !== documentId)))
  const [may, csrf] = [mayChange(c), c.get('session').csrfToken]
  const gone = (await listNewestVersions(options.store)).filter(({ action }) => action === 'removed')
  return renderPage(
    c,
    options,
    { title: '文件', section: LIBRARY, ...(problem !== undefined && { problem, status: 422 as const }) },
    <>
      <h1>文件</h1>
      <p class="lead">助手就是用这些文件的原文回答居民的。加了、改了，下一个问题就算数，每一步都能撤销。</p>
      <p class="buttons">
        {may ? (
          <a class="button primary" href={`${LIBRARY}/new`}>
            加一份文件
          </a>
        ) : null}
        <a class="button" href={`${LIBRARY}/try`}>
          试一试
        </a>
      </p>
      {documents.length === 0 ? <Empty>还没有文件。</Empty> : null}
      <ul class="questions">
        {documents.map((document) => (
          <DocumentCard document={document} options={options} held={held.filter(({ documentId, isGap }) => documentId === document.id && !isGap).length} />
        ))}
      </ul>
      {homeless.length === 0 ? null : (
        <section class="card stack" aria-labelledby="s-homeless">
          <h2 id="s-homeless">文件不在了的问题</h2>
          <p class="hint">这些问题是写在下面的文件上的，文件不在了，就先不用。恢复那份文件，它们就回来。</p>
          {homeless.map(([documentId, questions]) => (
            <HomelessGroup documentId={documentId} title={gone.find((version) => version.documentId === documentId)?.title ?? documentId} questions={questions} csrf={may ? csrf : null} />
          ))}
        </section>
      )}
      {gone.length === 0 ? null : (
        <section class="card" aria-labelledby="s-gone">
          <h2 id="s-gone">删掉的</h2>
          <ul class="plain-list">
            {gone.map(({ id, documentId, title, by, createdAt }) => (
              <li>
                《{title}》 {by} <Time at={createdAt} now={options.now()} />
                {may ? (
                  <form method="post" action={`${pathOf(documentId)}/undo`}>
                    <Token csrf={csrf} />
                    <input type="hidden" name="seen" value={id} />
                    <button type="submit">恢复</button>
                  </form>
                ) : null}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>,
  )
}

/** The documents that answers come from. */
export function addLibrary(app: Hono<AdminEnv>, options: AdminServices): void {
  // What the documents say is answered to everybody: only administrators change it.
  app.on('POST', ['/knowledge', '/knowledge/*'], (c, next) => (mayChange(c) ? next() : renderRefused(c, options)))
  app.get('/knowledge', (c) => renderLibrary(c, options))
}
