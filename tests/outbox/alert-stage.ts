import { beforeEach } from 'vitest'
import type { Channel } from '../../src/domain/messages/channel.ts'
import { createAlerts } from '../../src/outbox/sweeps/alerts.ts'
import { answerAlert } from '../../src/store/duty/alert-answers.ts'
import type { Store } from '../../src/store/engine/store.ts'
import { addStaffWithLogins } from '../support/duty.ts'
import { useOutboxStage } from './stage.ts'
import type { ScriptedChannel } from './virtual.ts'
import { addPeople } from './world.ts'

export const TODAY = '2026-11-24'
export const MINUTE = 60_000

export const WHOLE_COURSE = [
  '0 x-wang-telegram', '0 x-wang-wechat',
  '60 x-wang-telegram', '60 x-wang-wechat',
  '180 x-li-telegram', '180 x-liu',
  '360 x-li-telegram', '360 x-wang-telegram', '360 x-wang-wechat', '360 x-zhao-wechat',
]

/** A stage on which emergencies are answered, or not: a resident, staff with their logins, one who is gone and one who has none. */
export function useAlertStage() {
  const stage = useOutboxStage()

  const sweepOn = (store: Store) => {
    const alerts = createAlerts({ store: stage.time.watch(store), log: stage.log.log, now: stage.time.now })
    return () => alerts.sweep()
  }

  const start = (channels: Channel[], store = stage.store) => stage.start(channels, { store, sweep: sweepOn(store) })

  /** Telegram and WeChat of a test, with the resident on `fake`. */
  const platforms = () => ({ telegram: stage.channel({ id: 'telegram' }), wechat: stage.channel({ id: 'wechat' }), fake: stage.channel() })
  const all = (of: Record<string, ScriptedChannel>) => Object.values(of)

  /** Who got something when, in seconds: `0 x-wang-telegram`. */
  const course = (...channels: ScriptedChannel[]) => channels.flatMap(({ sent }) => sent).sort((a, b) => a.atMs - b.atMs || a.to.localeCompare(b.to)).map(({ atMs, to }) => `${atMs / 1000} ${to}`)

  async function answer(user: string) {
    const { id } = await stage.store.read.alert.findFirstOrThrow({ where: { acknowledgedAt: null } })
    return stage.store.write((transaction) => answerAlert(transaction, { alertId: id, user, now: stage.time.now() }))
  }

  beforeEach(async () => {
    await addPeople(stage.store, ['liu'])
    await addStaffWithLogins(stage.store, 'wang', ['telegram', 'wechat'], { name: '王丽' })
    await addStaffWithLogins(stage.store, 'li', ['telegram'], { name: '李强' })
    await addStaffWithLogins(stage.store, 'zhao', ['wechat'], { name: '赵敏' })
    await addStaffWithLogins(stage.store, 'gone', ['telegram'], { name: '走了的', isDisabled: true })
    await addStaffWithLogins(stage.store, 'unbound', [], { name: '没绑定' })
  })
  return { stage, sweepOn, start, platforms, all, course, answer }
}
