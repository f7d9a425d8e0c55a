import { renderBare, renderPage } from './layout.tsx'
import type { AdminContext, AdminServices } from './options.ts'

/** A page that says what is not there, with the way back. */
export function renderNotFound(c: AdminContext, options: AdminServices, sentence: string): Promise<Response> {
  return renderPage(
    c,
    options,
    { title: '没有找到', section: '', status: 404 },
    <>
      <h1>没有找到</h1>
      <p>{sentence}</p>
      <p>
        <a class="button" href="/admin">
          回到今日工作
        </a>
      </p>
    </>,
  )
}

/** What stands instead of a post whose token does not fit: an old page, or somebody else's. */
export function renderStale(c: AdminContext, options: AdminServices): Promise<Response> {
  return renderBare(
    c,
    options,
    { title: '请再试一次', status: 403 },
    <div class="login">
      <h1>请再试一次</h1>
      <p>这一页放得太久了，刚才的没有存。请回到上一页，刷新后再试。</p>
      <p>
        <a class="button" href="/admin">
          回到今日工作
        </a>
      </p>
    </div>,
  )
}
