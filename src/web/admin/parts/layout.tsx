import type { Child } from 'hono/jsx'
import { readOpenAlerts } from '../../../store/duty/alert-board.ts'
import { AlertBar, alertCount, AlertSound } from './alert-bar.tsx'
import type { AdminContext, AdminServices } from './options.ts'
import { countWork } from '../../../store/staff/dashboard.ts'

interface Page {
  title: string
  /** Path of the menu entry that this page belongs to. */
  section: string
  /** Shown in red at the top, in a place that screen readers announce. */
  problem?: string
  status?: 200 | 400 | 403 | 404 | 409 | 413 | 422 | 429 | 500
}

interface Entry {
  path: string
  name: string
  count?: number
}

const MenuLink = ({ entry, section }: { entry: Entry; section: string }) => (
  <a href={entry.path} aria-current={entry.path === section ? 'page' : undefined}>
    {entry.name}
    {entry.count ? (
      <span class="count">
        {entry.count > 99 ? '99+' : entry.count}
        <span class="hidden"> 件待处理</span>
      </span>
    ) : null}
  </a>
)

/** What a phone has at the thumb: three places, and the whole menu behind the fourth. */
const BottomBar = ({ menu, section }: { menu: Entry[]; section: string }) => {
  const countOf = (path: string) => menu.find((entry) => entry.path === path)?.count ?? 0
  const near = [
    { path: '/admin', name: '今天' },
    { path: '/admin/requests', name: '事情', count: countOf('/admin/requests') },
    { path: '/admin/duty', name: '值班', count: countOf('/admin/duty') },
  ]
  return (
    <nav class="bottom" aria-label="手机菜单">
      {near.map((entry) => (
        <MenuLink entry={entry} section={section} />
      ))}
      <details>
        <summary>更多</summary>
        <ul>
          {menu.filter(({ path }) => near.every((entry) => entry.path !== path)).map((entry) => (
            <li>
              <MenuLink entry={entry} section={section} />
            </li>
          ))}
        </ul>
      </details>
    </nav>
  )
}

const DOCTYPE = '<!doctype html>'

const Head = ({ title, options }: { title: string; options: AdminServices }) => (
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="htmx-config" content='{"includeIndicatorStyles":false,"allowEval":false,"historyCacheSize":0,"selfRequestsOnly":true}' />
    <title>{title}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href={options.assets.url('admin.css')} />
    <script src={options.htmx.path} defer></script>
    <script src={options.assets.url('alerts.js')} defer></script>
  </head>
)

/** A page inside the frame of menu, search and account. */
export async function renderPage(c: AdminContext, options: AdminServices, page: Page, body: Child): Promise<Response> {
  const [counts, alerts] = await Promise.all([countWork(options.store), readOpenAlerts(options.store)])
  const { staff, csrfToken } = c.get('session')
  const flash = c.get('flash')
  const menu: Entry[] = [
    { path: '/admin', name: '今日工作' },
    { path: '/admin/requests', name: '工单', count: counts.requests },
    { path: '/admin/residents', name: '居民' },
    { path: '/admin/volunteers', name: '志愿者', count: counts.volunteers },
    { path: '/admin/announcements', name: '公告', count: counts.announcements },
    { path: '/admin/unanswered', name: '未答问题', count: counts.unanswered },
    { path: '/admin/knowledge', name: '文件' },
    { path: '/admin/misread', name: '没听懂的话', count: counts.misread },
    { path: '/admin/duty', name: '值班', count: alerts.count },
    { path: '/admin/office', name: '社区信息' },
    { path: '/admin/channels', name: '渠道' },
    ...(staff.role === 'admin' ? [{ path: '/admin/people', name: '人员' }] : []),
    { path: '/admin/statistics', name: '统计' },
    { path: '/admin/audit', name: '操作记录' },
    { path: '/admin/own', name: '我的' },
  ]
  const html = (
    <html lang="zh-CN">
      <Head title={`${alertCount(alerts)}${page.title} · 邻里`} options={options} />
      <body>
        <a class="skip" href="#main">
          跳到正文
        </a>
        <header class="top">
          <a class="brand" href="/admin">
            邻里<span>社区工作台</span>
          </a>
          <form class="find" role="search" action="/admin/search" method="get">
            <label class="hidden" for="find">
              找工单
            </label>
            <input id="find" name="q" type="search" placeholder="编号、姓名、电话、地址" autocomplete="off" maxlength={100} />
            <button type="submit">找</button>
          </form>
          <div class="account">
            <AlertSound />
            <a href="/admin/own">{staff.name}</a>
            <form action="/admin/logout" method="post">
              <input type="hidden" name="_csrf" value={csrfToken} />
              <button class="plain" type="submit">
                退出
              </button>
            </form>
          </div>
          <AlertBar alerts={alerts} />
        </header>
        <nav class="menu" aria-label="菜单">
          <ul>
            {menu.map((entry) => (
              <li>
                <MenuLink entry={entry} section={page.section} />
              </li>
            ))}
          </ul>
        </nav>
        <main id="main" tabindex={-1}>
          {options.banners().map((banner) => (
            <p class="problem" role="alert">
              {banner}
            </p>
          ))}
          {flash ? (
            <p class="flash" role="status">
              {flash}
            </p>
          ) : null}
          {page.problem ? (
            <p class="problem" role="alert">
              {page.problem}
            </p>
          ) : null}
          {body}
        </main>
        <BottomBar menu={menu} section={page.section} />
      </body>
    </html>
  )
  return c.html(DOCTYPE + String(await html), page.status ?? 200)
}

/** A page without menu, for those who are not logged in. */
export async function renderBare(c: AdminContext, options: AdminServices, page: { title: string; status?: 200 | 403 | 401 | 429 | 413 | 500 }, body: Child): Promise<Response> {
  const html = (
    <html lang="zh-CN">
      <Head title={`${page.title} · 邻里`} options={options} />
      <body class="bare">
        <main id="main">{body}</main>
      </body>
    </html>
  )
  return c.html(DOCTYPE + String(await html), page.status ?? 200)
}

/** Part of a page, for htmx to put in its place. */
export async function renderPart(c: AdminContext, part: Child): Promise<Response> {
  return c.html(String(await (<>{part}</>)))
}
