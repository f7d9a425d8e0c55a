import type { Hono } from 'hono'
import { readPeriod } from '../../../desk/statistics/period.ts'
import { GROUPINGS, readStatistics, type Grouping, type Statistics, type StatisticsRow } from '../../../desk/statistics/request-statistics.ts'
import type { RequestFigures } from '../../../domain/requests/statistics.ts'
import { toLocalDay } from '../../../domain/time.ts'
import { cleanTyped } from '../../../language/clean.ts'
import { toXlsx, type Cell, type Sheet } from '../../tables.ts'
import { renderPage } from '../parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { areaChoices, Choice, Empty } from '../parts/parts.tsx'
import { channelName } from '../parts/words.ts'
import { startOfPeriod, type PeriodName } from './periods.ts'

const PATH = '/admin/statistics'
const GROUPING_NAMES: Record<Grouping, string> = { area: '按地方', service: '按事项', month: '按月份', staff: '按负责人', channel: '按从哪里来' }
const PERIOD_NAMES: Record<PeriodName, string> = { week: '本周', month: '本月', quarter: '本季度', year: '今年' }

/** The figures of a row, as the page and the sheet head them. */
const FIGURES: readonly [heading: string, read: (figures: RequestFigures) => number | null][] = [
  ['提交', ({ filed }) => filed],
  ['按时办结', ({ onTime }) => onTime],
  ['没办完', ({ open }) => open],
  ['已超时', ({ late }) => late],
  ['重新办理', ({ reopened }) => reopened],
  ['平均评分', ({ rating }) => rating],
  ['首次答复，中位（小时）', ({ firstAnswerP50Hours }) => firstAnswerP50Hours],
  ['办结，中位（小时）', ({ closeP50Hours }) => closeP50Hours],
  ['办结，九成在内（小时）', ({ closeP90Hours }) => closeP90Hours],
]

interface Query {
  from: string
  to: string
  by: Grouping
  area: string
}

function readQuery(c: AdminContext, now: Date): Query {
  const text = (name: string) => cleanTyped(c.req.query(name) ?? '', { longest: 40 })
  const by = GROUPINGS.find((one) => one === text('by')) ?? 'area'
  return { from: text('from') || startOfPeriod('month', now), to: text('to') || toLocalDay(now), by, area: text('area') }
}

const TOTAL = '合计'
const nameOf = ({ key, name }: StatisticsRow, by: Grouping): string => (by !== 'channel' || name === TOTAL ? name : key === '' ? '不清楚' : channelName(key))
const addressOf = (query: Query, path = PATH): string => `${path}?${new URLSearchParams({ ...query }).toString()}`

/** Of an area its own figures, one level down. */
const RowName = ({ row, query, hasBelow }: { row: StatisticsRow; query: Query; hasBelow: boolean }) =>
  query.by === 'area' && hasBelow && row.key !== query.area ? <a href={addressOf({ ...query, area: row.key })}>{row.name}</a> : <>{nameOf(row, query.by)}</>

const Cells = ({ figures }: { figures: RequestFigures }) => (
  <>
    {FIGURES.map(([, read]) => (
      <td>{read(figures) ?? '—'}</td>
    ))}
  </>
)

const Figures = ({ statistics, query, options }: { statistics: Statistics; query: Query; options: AdminServices }) => (
  <div class="wide" tabindex={0} role="region" aria-label="统计表">
    <table class="figures-table">
      <thead>
        <tr>
          <th scope="col">{GROUPING_NAMES[query.by].slice(1)}</th>
          {FIGURES.map(([heading]) => (
            <th scope="col">{heading}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {statistics.rows.map((row) => (
          <tr>
            <th scope="row">
              <RowName row={row} query={query} hasBelow={options.areas.some(({ parent }) => parent === row.key)} />
            </th>
            <Cells figures={row} />
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{TOTAL}</th>
          <Cells figures={statistics.total} />
        </tr>
      </tfoot>
    </table>
  </div>
)

const sheetOf = ({ by }: Query): Sheet<StatisticsRow> => ({
  name: '统计',
  toJson: (row) => row,
  columns: [[GROUPING_NAMES[by].slice(1), (row) => nameOf(row, by), 20], ...FIGURES.map(([heading, read]): [string, (row: StatisticsRow) => Cell, number] => [heading, (row) => read(row) ?? '', 14])],
})

/** Friday's figures: requests that were filed in a time, in groups, on the page and as a sheet of exactly what it shows. */
export function addStatistics(app: Hono<AdminEnv>, options: AdminServices): void {
  const read = async (c: AdminContext) => {
    const query = readQuery(c, options.now())
    const period = readPeriod(query, options.now())
    if (period.outcome === 'wrong') return { query, statistics: null }
    const area = options.areas.some(({ code }) => code === query.area) ? query.area : undefined
    return { query, statistics: await readStatistics(options, { from: period.from, to: period.to, by: query.by, ...(area !== undefined && { area }) }) }
  }

  app.get('/statistics', async (c) => {
    const { query, statistics } = await read(c)
    const today = toLocalDay(options.now())
    return renderPage(
      c,
      options,
      { title: '统计', section: PATH, ...(statistics === null && { problem: '起止日期不对：请写成 2026-11-01 这样，开始的日子不能在结束以后。', status: 422 as const }) },
      <>
        <header class="head">
          <h1>统计</h1>
          {statistics === null || statistics.rows.length === 0 ? null : (
            <a class="button" href={addressOf(query, `${PATH}.xlsx`)}>
              下载表格
            </a>
          )}
        </header>
        <ul class="quick" aria-label="哪段时间">
          {Object.entries(PERIOD_NAMES).map(([period, name]) => {
            const from = startOfPeriod(period as PeriodName, options.now())
            return (
              <li>
                <a href={addressOf({ ...query, from, to: today })} aria-current={query.from === from && query.to === today ? 'true' : undefined}>
                  {name}
                </a>
              </li>
            )
          })}
        </ul>
        <form class="filter" method="get" action={PATH}>
          <div class="field">
            <label for="f-from">从</label>
            <input id="f-from" name="from" type="date" value={query.from} required />
          </div>
          <div class="field">
            <label for="f-to">到</label>
            <input id="f-to" name="to" type="date" value={query.to} required />
          </div>
          <Choice name="by" label="怎么分" value={query.by} options={GROUPINGS.map((value) => ({ value, label: GROUPING_NAMES[value] }))} />
          <Choice name="area" label="地方" value={query.area} options={areaChoices(options.areas, '全部')} />
          <button type="submit">看</button>
        </form>
        {statistics === null ? null : statistics.rows.length === 0 ? <Empty>这段时间没有人提交工单。换一段时间再看。</Empty> : <Figures statistics={statistics} query={query} options={options} />}
        <p class="hint">数的是这段时间提交的工单，现在办得怎么样。“小时”是钟点，夜里和假日也算；撤回、退回不办和合并掉的只算在“提交”里。</p>
      </>,
    )
  })

  app.get('/statistics.xlsx', async (c) => {
    const { query, statistics } = await read(c)
    if (statistics === null) return c.redirect(addressOf(query))
    c.header('Content-Type', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    c.header('Content-Disposition', `attachment; filename="statistics-${query.from}-${query.to}.xlsx"`)
    return c.body(new Uint8Array(await toXlsx(sheetOf(query), [...statistics.rows, { key: '', name: TOTAL, ...statistics.total }])))
  })
}
