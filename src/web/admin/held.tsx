import type { Hono } from 'hono'
import { formatLocalLong } from '../../domain/time.ts'
import type { BackupState } from '../../outbox/sweeps/nightly-backup.ts'
import { isOldBackup } from '../../store/backups/backup-folder.ts'
import { decideHeld, type HeldStore } from '../../store/outbox/held.ts'
import { formatSpan } from './parts/format.ts'
import { redirectAfter } from './parts/guard.ts'
import type { AdminEnv, AdminServices } from './parts/options.ts'
import { Token } from './parts/parts.tsx'

/** What waits for a word of staff after a restore; nothing in a store that was never restored. */
export const HeldBox = ({ held, csrf, now }: { held: HeldStore | null; csrf: string; now: Date }) =>
  held === null ? null : (
    <section class="card" aria-labelledby="s-held">
      <h2 id="s-held">
        恢复以后，等您决定 <span class="total">{held.messages}</span>
      </h2>
      <p>
        数据是 {formatSpan(now.getTime() - held.restoredAt.getTime())}前用备份恢复的。备份是 {formatLocalLong(held.backupAt)} 做的，这以后收到的、改过的都不在里面，请照聊天记录补上。
      </p>
      <p>
        备份时还没发出去的消息有 <a href="/admin/deliveries?status=held">{held.messages} 条</a>，后来可能已经发过，所以没有再发。自动找志愿者、超时上报也停着，等您决定以后再继续。
        {held.announcements === 0 ? null : (
          <>
            {' '}
            暂停的<a href="/admin/announcements">公告</a>有 {held.announcements} 个，请一个一个看过再继续。
          </>
        )}
      </p>
      <form method="post" action="/admin/held">
        <Token csrf={csrf} />
        <button type="submit" name="decision" value="cancelled">
          不再发，其他的继续
        </button>{' '}
        <button type="submit" name="decision" value="sent">
          都发出去
        </button>
      </form>
    </section>
  )

/** Backups that somebody has to look after. */
export const BackupNotice = ({ backups: { last, isNightly, problem }, now }: { backups: BackupState; now: Date }) => {
  if (problem !== null) return <p class="notice">自动备份没有做成（{problem}），一小时后会再试。{describeLast(last, now)}请告诉管理这台机器的人。</p>
  if (!isNightly || last === null || !isOldBackup(last, now)) return null
  return <p class="notice">{describeLast(last, now)}太久了，请告诉管理这台机器的人。</p>
}

export const BackupLine = ({ backups: { last, isNightly }, now }: { backups: BackupState; now: Date }) => (
  <p class="more">
    {describeLast(last, now)}
    {isNightly ? '每夜自动做一份。' : '没有设自动备份。'}
  </p>
)

const describeLast = (last: BackupState['last'], now: Date): string => (last === null ? '还没有备份。' : `最近的备份是 ${formatSpan(now.getTime() - last.madeAt.getTime())}前做的（${formatLocalLong(last.madeAt)}）。`)

export function addHeld(app: Hono<AdminEnv>, { store, now, wakeOutbox }: AdminServices): void {
  app.post('/held', async (c) => {
    const decision = c.get('form').get('decision')
    if (decision !== 'sent' && decision !== 'cancelled') return redirectAfter(c, '/admin', 'held_unclear')
    const decided = await decideHeld(store, { by: c.get('session').staff.user, decision, now: now() })
    wakeOutbox()
    return redirectAfter(c, '/admin', decided.outcome === 'nothing_held' ? 'held_before' : `held_${decision}`)
  })
}
