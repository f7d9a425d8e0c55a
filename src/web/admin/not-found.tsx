import { renderPage } from './layout.tsx'
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
