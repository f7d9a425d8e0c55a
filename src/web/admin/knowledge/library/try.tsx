import type { Hono } from 'hono'
import { clauseName, type Answer } from '../../../../domain/answers.ts'
import { cleanTyped } from '../../../../language/clean.ts'
import type { Explanation, FoundClause } from '../../../../knowledge/learn/explain.ts'
import { renderPage } from '../../parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../../parts/options.ts'
import { Tag } from '../../parts/parts.tsx'
import { LIBRARY, pathOf } from './list.tsx'

const LONGEST = 300
const percent = (share: number): string => `${Math.round(share * 100)}%`

const KINDS: Record<Answer['kind'], { name: string; tone: 'done' | 'wait' | 'busy' }> = { answer: { name: '回答', tone: 'done' }, correction: { name: '纠正', tone: 'busy' }, refusal: { name: '没答上', tone: 'wait' } }

const Found = ({ found, titles }: { found: FoundClause; titles: ReadonlyMap<string, string> }) => (
  <li>
    <a href={`${pathOf(found.document)}#c-${found.clause}`}>
      《{titles.get(found.document) ?? found.document}》{clauseName(found.clause, ' ')}
    </a>
    <p class="row-facts">
      <span>把握 {percent(found.score)}</span>
      <span>字词对上 {percent(found.words)}</span>
      {found.meaning === null ? <span>没有用意思比</span> : <span>意思相近 {percent(found.meaning)}</span>}
      {found.typical === null ? <span>没有像的问法</span> : <span class="typed">最像的问法“{found.typical.text}” {percent(found.typical.nearness)}</span>}
    </p>
  </li>
)

const Tried = ({ answer, explanation, titles }: { answer: Answer; explanation: Explanation; titles: ReadonlyMap<string, string> }) => (
  <>
    <section class="card" aria-labelledby="s-answer">
      <h2 id="s-answer">居民看到的话</h2>
      <p>
        <Tag tone={KINDS[answer.kind].tone}>{KINDS[answer.kind].name}</Tag>
      </p>
      <p class="quote">{answer.text}</p>
    </section>
    <section class="card" aria-labelledby="s-found">
      <h2 id="s-found">找到了哪些条</h2>
      <ol>
        {explanation.found.map((found) => (
          <Found found={found} titles={titles} />
        ))}
      </ol>
      {explanation.gap === null ? null : <p class="typed">更像一个文件没有写的问题：“{explanation.gap}”</p>}
    </section>
  </>
)

/** A question to try: what was found, how sure and why, and what a resident would read. Nothing is kept of it. */
export function addTry(app: Hono<AdminEnv>, options: AdminServices): void {
  app.get('/knowledge/try', async (c: AdminContext) => {
    const question = cleanTyped(c.req.query('q') ?? '', { longest: LONGEST })
    const tried = question === '' ? null : { answer: await options.ask(question), explanation: await options.learning.explain(question) }
    const titles = new Map(options.documents().map(({ id, title }) => [id, title]))
    return renderPage(
      c,
      options,
      { title: '试一试', section: LIBRARY },
      <>
        <p>
          <a href={LIBRARY}>文件</a>
        </p>
        <h1>试一试</h1>
        <p class="lead">写一个居民会问的问题，看看会怎么答、为什么。只是试，不会记下来。</p>
        <form class="stack" method="get" action={`${LIBRARY}/try`}>
          <div class="field">
            <label for="q">问题</label>
            <input id="q" name="q" value={question} maxlength={LONGEST} required />
          </div>
          <button type="submit" class="primary">
            试一试
          </button>
        </form>
        {tried === null ? null : <Tried {...tried} titles={titles} />}
      </>,
    )
  })
}
