import type { Hono } from 'hono'
import { staffActor } from '../../../desk/actor.ts'
import { LONGEST_TEMPLATE_TITLE, removeTemplate, saveTemplate } from '../../../desk/reply-templates.ts'
import { LONGEST_NOTE } from '../../../domain/requests/requests.ts'
import { listReplyTemplates } from '../../../store/staff/reply-templates.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage } from '../parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Empty, Token } from '../parts/parts.tsx'

const PATH = '/admin/templates'

interface Typed {
  id: string
  title: string
  text: string
}

const TemplateForm = ({ template, csrf }: { template: Typed; csrf: string }) => {
  const name = template.id === '' ? 'new' : template.id
  return (
    <form class="stack" method="post" action={PATH}>
      <Token csrf={csrf} />
      <input type="hidden" name="id" value={template.id} />
      <div class="field">
        <label for={`title-${name}`}>叫什么</label>
        <input id={`title-${name}`} name="title" value={template.title} required maxlength={LONGEST_TEMPLATE_TITLE} autocomplete="off" />
      </div>
      <div class="field">
        <label for={`text-${name}`}>话怎么说</label>
        <textarea id={`text-${name}`} name="text" rows={3} required maxlength={LONGEST_NOTE}>
          {template.text}
        </textarea>
      </div>
      <button type="submit" class="primary">
        存好
      </button>
    </form>
  )
}

async function renderTemplates(c: AdminContext, options: AdminServices, refused?: { problem: string; typed: Typed }): Promise<Response> {
  const templates = await listReplyTemplates(options.store)
  const { csrfToken } = c.get('session')
  const typed = refused?.typed
  return renderPage(
    c,
    options,
    { title: '常用的话', section: '/admin/requests', ...(refused && { problem: refused.problem, status: 422 as const }) },
    <>
      <p class="crumb">
        <a href="/admin/requests">工单</a>
      </p>
      <h1>常用的话</h1>
      <p class="lead">常跟居民说的话存在这里，写给居民时一点就放进来，发之前还可以改。</p>
      {templates.length === 0 ? <Empty>还没有。下面可以添一句。</Empty> : null}
      {templates.map((template) => (
        <section class="card" aria-labelledby={`t-${template.id}`}>
          <h2 id={`t-${template.id}`} class="typed">
            {template.title}
          </h2>
          <p class="typed quote">{template.text}</p>
          <details open={typed?.id === template.id}>
            <summary>改这一句</summary>
            <TemplateForm template={typed?.id === template.id ? typed : template} csrf={csrfToken} />
            <form class="stack" method="post" action={`${PATH}/remove`}>
              <Token csrf={csrfToken} />
              <input type="hidden" name="id" value={template.id} />
              <button type="submit" aria-label={`删掉“${template.title}”`}>
                删掉
              </button>
            </form>
          </details>
        </section>
      ))}
      <section class="card" aria-labelledby="s-new">
        <h2 id="s-new">添一句</h2>
        <TemplateForm template={typed?.id === '' ? typed : { id: '', title: '', text: '' }} csrf={csrfToken} />
      </section>
    </>,
  )
}

/** What staff often say to residents: they write, change and remove it themselves. */
export function addTemplates(app: Hono<AdminEnv>, options: AdminServices): void {
  app.get('/templates', (c) => renderTemplates(c, options))

  app.post('/templates', async (c) => {
    const form = c.get('form')
    const typed = { id: form.get('id') ?? '', title: form.get('title') ?? '', text: form.get('text') ?? '' }
    const refuse = (problem: string) => renderTemplates(c, options, { problem, typed })
    const result = await saveTemplate(options.desk, staffActor(c.get('session').staff), { ...typed, id: typed.id === '' ? null : typed.id })
    switch (result.outcome) {
      case 'saved':
        return redirectAfter(c, PATH, 'template_saved')
      case 'empty':
        return refuse('名字和话都要写。')
      case 'title_taken':
        return refuse(`已经有一句叫“${typed.title.trim()}”了，请换个名字。您写的还在。`)
      case 'not_found':
        return refuse('这一句刚刚被删了。')
      case 'too_long':
        return refuse(`${result.field === 'title' ? '名字' : '话'}最多 ${result.longest} 个字，请短一些。您写的还在。`)
      default:
        return result satisfies never
    }
  })

  app.post('/templates/remove', async (c) => {
    await removeTemplate(options.desk, staffActor(c.get('session').staff), c.get('form').get('id') ?? '')
    return redirectAfter(c, PATH, 'template_removed')
  })
}
