import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Channel } from './domain/messages/channel.ts'
import type { Knowledge } from './knowledge/documents/load.ts'
import { createAlerts } from './outbox/sweeps/alerts.ts'
import { createClimbing } from './outbox/sweeps/climbing.ts'
import type { NightlyBackup } from './outbox/sweeps/nightly-backup.ts'
import { createRetention } from './outbox/sweeps/retention.ts'
import { inOrder, unlessHeld, type Sweep } from './outbox/sweeps/sweeps.ts'
import { createTakeovers } from './outbox/sweeps/takeovers.ts'
import { createVolunteerSearch } from './outbox/sweeps/volunteer-search.ts'
import { createWebhooks } from './outbox/webhooks.ts'
import { byOne } from './several.ts'
import type { Store } from './store/engine/store.ts'
import { watchHeld } from './store/outbox/held.ts'
import type { Photos } from './store/pictures/photos.ts'

export interface ByItself {
  /** All that falls due, in order; by one process where there are several. */
  sweep: Sweep
  /** Since when messages of a restored store wait for a word of staff; null = they do not. */
  heldSince: ReturnType<typeof watchHeld>
  /** Breaks off what is being pushed to another program. */
  stop(): Promise<void>
}

/** What happens without anybody saying anything: alerts, the search for volunteers, what climbs, ends or is pushed, backups, and what is kept no longer. */
export function openByItself(services: { store: Store; channels: readonly Channel[]; knowledge: Knowledge; photos: Photos; backups: NightlyBackup; config: Config; log: Logger; now: () => Date; serves: boolean }): ByItself {
  const { store, channels, knowledge, photos, backups, config, log, now, serves } = services
  const search = createVolunteerSearch({ store, channels, services: () => knowledge.services, areas: () => knowledge.areas, log, now, ...(config.quietHours && { quietHours: config.quietHours }) })
  const alerts = createAlerts({ store, log, now })
  const climbing = createClimbing({ store, services: () => knowledge.services, areas: () => knowledge.areas, deadlines: () => knowledge.deadlines, log, now })
  // Its own notices go out in the same round of the outbox.
  const takeovers = createTakeovers({ store, log, now, wakeOutbox: () => undefined })
  const retention = createRetention({ store, photos, retention: config.retention, log, now })
  const webhooks = createWebhooks({ store, target: serves ? config.webhooks : undefined, log, now })
  // What follows by itself from how a restored store was may have happened already: it waits for a word of staff, as the messages do.
  const heldSince = watchHeld(store)
  const unheld = unlessHeld(async () => (await heldSince()) !== null, inOrder(() => search.sweep(), () => climbing.sweep(), () => takeovers.sweep(), () => webhooks.sweep()))
  return { sweep: byOne(store.others, inOrder(() => alerts.sweep(), unheld, () => backups.sweep(), () => retention.sweep()), now), heldSince, stop: () => webhooks.stop() }
}
