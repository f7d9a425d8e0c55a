import type { Hono } from 'hono'
import type { KnowledgeDocument } from '../../../../domain/answers.ts'
import { toLocalDay } from '../../../../domain/time.ts'
import { standingOf, type Standing } from '../../../../knowledge/answer/several-documents.ts'
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
  const superseded = documents.filter(({ supersededBy }) => supersededBy === document.title)
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

async function renderLibrary(c: AdminContext, options: AdminServices): Promise<Response> {
  const documents = options.documents()
  const held = options.library.held()
  const gone = (await listNewestVersions(options.store)).filter(({ action }) => action === 'removed')
  return renderPage(
    c,
    options,
    { title: '文件', section: LIBRARY },
    <>
      <h1>文件</h1>
      <p class="lead">助手就是用这些文件的原文回答居民的。加了、改了，下一个问题就算数，每一步都能撤销。</p>
      <p class="buttons">
        <a class="button primary" href={`${LIBRARY}/new`}>
          加一份文件
        </a>
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
      {gone.length === 0 ? null : (
        <section class="card" aria-labelledby="s-gone">
          <h2 id="s-gone">删掉的</h2>
          <ul class="plain-list">
            {gone.map(({ documentId, title, by, createdAt }) => (
              <li>
                《{title}》 {by} <Time at={createdAt} now={options.now()} />
                <form method="post" action={`${pathOf(documentId)}/undo`}>
                  <Token csrf={c.get('session').csrfToken} />
                  <button type="submit">恢复</button>
                </form>
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
  app.get('/knowledge', (c) => renderLibrary(c, options))
}
