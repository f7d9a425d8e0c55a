import type { Hono } from 'hono'
import { staffActor } from '../../../desk/actor.ts'
import { makeGuardianCode, noteGuardianConsent, type GuardianCodeResult, type NoteGuardianResult } from '../../../desk/volunteers/guardian-consent.ts'
import { GUARDIAN_CONFIRMS_BELOW, LONGEST_HOW, needsGuardiansWord } from '../../../domain/volunteers/guardians.ts'
import { formatLocalLong } from '../../../domain/time.ts'
import { findGuardianConsent, listGuardianConsents } from '../../../store/volunteers/guardian-consents.ts'
import { findVolunteer, type VolunteerRecord } from '../../../store/volunteers/volunteers.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Token } from '../parts/parts.tsx'

export interface GuardiansWord {
  isNeeded: boolean
  isGiven: boolean
  history: { how: string; by: string; at: Date; guardianName: string }[]
}

export async function readGuardiansWord({ store }: AdminServices, volunteer: VolunteerRecord): Promise<GuardiansWord> {
  const [given, history] = await Promise.all([findGuardianConsent(store.read, volunteer), listGuardianConsents(store.read, volunteer.id)])
  return { isNeeded: needsGuardiansWord(volunteer), isGiven: given !== null, history }
}

/** Of a child: whether the guardian has said so themself, and how staff note it or let the guardian say it from a chat of their own. */
export const GuardiansWordCard = ({ volunteer, word, csrf, code }: { volunteer: VolunteerRecord; word: GuardiansWord; csrf: string; code?: string }) =>
  !word.isNeeded ? null : (
    <section class="card" aria-labelledby="s-guardian">
      <h2 id="s-guardian">监护人自己的话</h2>
      <p class="notice">{word.isGiven ? '监护人已经说了同意。' : `不满 ${GUARDIAN_CONFIRMS_BELOW} 岁，要监护人自己说同意，才能通过。`}</p>
      {word.history.length > 0 ? (
        <ul class="plain-list">
          {word.history.map(({ how, by, at, guardianName }) => (
            <li>
              {formatLocalLong(at)}，<span class="typed">{guardianName}</span>：<span class="typed">{how}</span>（{by}记）
            </li>
          ))}
        </ul>
      ) : null}
      <form class="stack" method="post" action={`/admin/volunteers/${volunteer.id}/guardian`}>
        <Token csrf={csrf} />
        <div class="field">
          <label for="how">监护人是怎么同意的</label>
          <textarea id="how" name="how" rows={2} maxlength={LONGEST_HOW} required aria-describedby="how-hint"></textarea>
          <p class="hint" id="how-hint">
            比如：12 月 1 日打登记的电话，妈妈本人说同意。写下就改不了，会一直留着。
          </p>
        </div>
        <button type="submit">记下来</button>
      </form>
      {code === undefined ? null : (
        <p class="notice" role="status">
          请把这个码告诉监护人：<b class="number">{code}</b>。监护人在自己的聊天里发“绑定 {code}”，就算同意了。7 天内有效，只能用一次。
        </p>
      )}
      <form method="post" action={`/admin/volunteers/${volunteer.id}/guardian-code`}>
        <Token csrf={csrf} />
        <button type="submit">生成监护人确认码</button>
      </form>
    </section>
  )

function explain(result: Exclude<NoteGuardianResult | GuardianCodeResult, { outcome: 'noted' | 'made' | 'not_found' }>): string {
  switch (result.outcome) {
    case 'empty':
      return '请写监护人是怎么同意的。'
    case 'too_long':
      return `最多 ${result.longest} 个字。`
    case 'not_needed':
      return `满 ${GUARDIAN_CONFIRMS_BELOW} 岁了，不用记。`
    case 'no_guardian':
      return '登记里没有监护人的姓名和电话，请孩子在聊天里补上。'
    default:
      return result satisfies never
  }
}

type Render = (c: AdminContext, volunteer: VolunteerRecord, more: { problem?: string; code?: string }) => Promise<Response>

export function addGuardiansWord(app: Hono<AdminEnv>, options: AdminServices, { missing, render }: { missing: string; render: Render }): void {
  app.post('/volunteers/:id/guardian', async (c) => {
    const volunteer = await findVolunteer(options.store, c.req.param('id'))
    if (!volunteer) return renderNotFound(c, options, missing)
    const result = await noteGuardianConsent(options.desk, staffActor(c.get('session').staff), { id: volunteer.id, how: c.get('form').get('how') ?? '' })
    if (result.outcome === 'noted') return redirectAfter(c, `/admin/volunteers/${volunteer.number}`, 'guardian_noted')
    return result.outcome === 'not_found' ? renderNotFound(c, options, missing) : render(c, volunteer, { problem: explain(result) })
  })

  app.post('/volunteers/:id/guardian-code', async (c) => {
    const volunteer = await findVolunteer(options.store, c.req.param('id'))
    if (!volunteer) return renderNotFound(c, options, missing)
    const result = await makeGuardianCode(options.desk, staffActor(c.get('session').staff), { id: volunteer.id })
    if (result.outcome === 'made') return render(c, volunteer, { code: result.code })
    return result.outcome === 'not_found' ? renderNotFound(c, options, missing) : render(c, volunteer, { problem: explain(result) })
  })
}
