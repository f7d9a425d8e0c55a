import type { Hono } from 'hono'
import { staffActor } from '../../../desk/actor.ts'
import { saveOffice, versionOf, type SaveOfficeResult } from '../../../desk/office/save-office.ts'
import type { Office } from '../../../domain/office/office.ts'
import { toLocalDay } from '../../../domain/time.ts'
import { listTypedAnswers } from '../../../store/knowledge/unanswered.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage } from '../parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Empty, Token } from '../parts/parts.tsx'
import { ClosedRows, OfficeFacts, PairRows, PeopleRows, PlaceRows, Weeks } from './office-fields.tsx'
import { inChinese, namePath, readOfficeForm, SPARE_ROWS, toWeeks } from './office-form.ts'

interface Shown {
  problems?: string[]
  /** What was typed, when it was refused. */
  typed?: Partial<Office>
  /** What the typed form was based on. */
  basedOn?: string
}

const EMPTY: Partial<Office> = {}

/** Whether what the form said can be shown again in it. */
const asTyped = (input: unknown): Partial<Office> => (typeof input === 'object' && input !== null ? (input) : EMPTY)

async function renderOffice(c: AdminContext, options: AdminServices, { problems, typed, basedOn }: Shown = {}): Promise<Response> {
  const present = options.office.office()
  const office = typed ?? present ?? EMPTY
  const typedAnswers = await listTypedAnswers(options.store)
  const { csrfToken } = c.get('session')
  return renderPage(
    c,
    options,
    { title: '社区信息', section: '/admin/office', ...(problems !== undefined && { problem: `有 ${problems.length} 处要改，改好再存。您写的都还在。`, status: 422 as const }) },
    <>
      <h1>社区信息</h1>
      <p class="lead">居民问电话、上班时间、图书室几点开门、几号楼归谁管，就照这里回答，写明“社区提供”和日期。存了，下一个问题就算数。</p>
      {problems === undefined ? null : (
        <ul class="problems">
          {problems.map((problem) => (
            <li>{problem}</li>
          ))}
        </ul>
      )}
      <form class="stack office" method="post" action="/admin/office">
        <Token csrf={csrfToken} />
        <input type="hidden" name="basedOn" value={basedOn ?? versionOf(present)} />
        <input type="hidden" name="today" value={toLocalDay(options.now())} />
        <section class="card stack" aria-labelledby="s-facts">
          <h2 id="s-facts">电话和地址</h2>
          <OfficeFacts office={office} />
        </section>
        <section class="card stack" aria-labelledby="s-hours">
          <h2 id="s-hours">上班时间</h2>
          <Weeks weeks={[...toWeeks(office.hours ?? []), ...Array.from({ length: SPARE_ROWS.seasons }, () => ({ from: '', to: '', days: ['', '', '', '', '', '', ''] }))]} holidays={(office.holidays?.open ?? []).join(' ')} />
        </section>
        <section class="card stack" aria-labelledby="s-closed">
          <h2 id="s-closed">和平常不一样的日子</h2>
          <ClosedRows closed={office.closed ?? []} />
        </section>
        <section class="card stack" aria-labelledby="s-people">
          <h2 id="s-people">谁管什么</h2>
          <PeopleRows people={office.people ?? []} />
        </section>
        <section class="card stack" aria-labelledby="s-places">
          <h2 id="s-places">有自己开放时间的地方</h2>
          <PlaceRows places={office.places ?? []} />
        </section>
        <section class="card stack" aria-labelledby="s-questions">
          <h2 id="s-questions">居民常问的</h2>
          <PairRows questions={office.questions ?? []} />
        </section>
        <button type="submit" class="primary">
          保存，马上算数
        </button>
      </form>
      <section class="card" aria-labelledby="s-typed">
        <h2 id="s-typed">在“未答问题”里写的答复</h2>
        {typedAnswers.length === 0 ? (
          <Empty>还没有。</Empty>
        ) : (
          <>
            <ul class="plain-list">
              {typedAnswers.map(({ question, answer }) => (
                <li>
                  <b class="typed">{question}</b>
                  <p class="typed">{answer}</p>
                </li>
              ))}
            </ul>
            <p>
              <a href="/admin/unanswered?show=decided">到“已处理”里撤销</a>
            </p>
          </>
        )}
      </section>
    </>,
  )
}

/** What the office says of itself: a plain form, checked, kept in knowledge/office.yaml, with a line in the log. */
export function addOffice(app: Hono<AdminEnv>, options: AdminServices): void {
  app.get('/office', (c) => renderOffice(c, options))

  app.post('/office', async (c) => {
    const form = c.get('form')
    const input = readOfficeForm(form, options.office.office())
    const basedOn = form.get('basedOn') ?? ''
    const result = await saveOffice(options.office, staffActor(c.get('session').staff), input, basedOn)
    const problems = describeProblems(result)
    if (problems === null) return redirectAfter(c, '/admin/office', result.outcome === 'saved' ? 'office_saved' : 'office_unchanged')
    return renderOffice(c, options, { problems, typed: asTyped(input), basedOn: result.outcome === 'stale' ? versionOf(result.office) : basedOn })
  })
}

function describeProblems(result: SaveOfficeResult): string[] | null {
  switch (result.outcome) {
    case 'saved':
    case 'unchanged':
      return null
    case 'invalid':
      return result.problems.map(({ path, message }) => `${namePath(path)}：${inChinese(message)}`)
    case 'stale':
      return ['刚才有同事也改了社区信息。您写的还在：看一下没问题，再点一次保存，就按您的存。']
    case 'not_writable':
      return [`存不进知识文件夹：${result.reason}。请找管理这台机器的人。`]
    default:
      return result satisfies never
  }
}
