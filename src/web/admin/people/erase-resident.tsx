import type { Hono } from 'hono'
import { eraseResident } from '../../../desk/residents/erase-resident.ts'
import { staffActor } from '../../../desk/actor.ts'
import { findResident } from '../../../store/people/resident-board.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage } from '../parts/layout.tsx'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Token } from '../parts/parts.tsx'
import { residentName } from './residents.tsx'

const PATH = '/admin/residents'
const GONE = '没有这位居民，或者已经全部删掉了。'

const mayErase = (c: AdminContext): boolean => c.get('session').staff.role === 'admin'

/** Everything of one resident, deleted on their word by telephone or at the counter; only administrators, after a second look. */
export function addEraseResident(app: Hono<AdminEnv>, options: AdminServices): void {
  app.get('/residents/:id/erase', async (c) => {
    const id = c.req.param('id')
    if (!mayErase(c)) return renderPage(c, options, { title: '删除资料', section: PATH, problem: '只有管理员能删除居民的资料。', status: 403 }, <h1>删除资料</h1>)
    const resident = await findResident(options.store, id)
    if (resident === null) return renderNotFound(c, options, GONE)
    return renderPage(
      c,
      options,
      { title: '删除资料', section: PATH },
      <>
        <h1>删除资料</h1>
        <p>
          要删掉<b class="typed">{residentName(resident)}</b>的姓名、电话、地址、照片、说过的话和登记过的事情吗？没办完的会撤回，工单只留着数字，删了就找不回来。跟居民自己说“删除我的数据”一样。
        </p>
        <form method="post" action={`${PATH}/${encodeURIComponent(id)}/erase`}>
          <Token csrf={c.get('session').csrfToken} />
          <div class="buttons">
            <button type="submit" class="danger">
              全部删掉
            </button>
            <a class="button" href={PATH}>
              不删
            </a>
          </div>
        </form>
      </>,
    )
  })

  app.post('/residents/:id/erase', async (c) => {
    if (!mayErase(c)) return renderPage(c, options, { title: '删除资料', section: PATH, problem: '只有管理员能删除居民的资料。', status: 403 }, <h1>删除资料</h1>)
    const result = await eraseResident(options, staffActor(c.get('session').staff), c.req.param('id'))
    if (result.outcome === 'not_found') return renderNotFound(c, options, GONE)
    return redirectAfter(c, PATH, result.isWhole ? 'person_erased' : 'person_erased_later')
  })
}
