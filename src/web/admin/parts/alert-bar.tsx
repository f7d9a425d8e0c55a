import type { OpenAlerts } from '../../../store/duty/alert-board.ts'

/** What tells one state of the alerts from the next: how many, and when the last thing was said. */
export const alertToken = ({ count, lastSaidAt }: OpenAlerts): string => `${count}-${lastSaidAt?.getTime() ?? 0}`

/** Before a page's title: `(2) `; nothing where nobody waits. */
export const alertCount = ({ count }: OpenAlerts): string => (count === 0 ? '' : `(${count}) `)

/**
 * On every page: how many emergencies nobody has confirmed. It renews itself; the script `alerts.js` reads from it what goes into the
 * tab's title, and whether to sound the alarm.
 */
export const AlertBar = ({ alerts }: { alerts: OpenAlerts }) => (
  <div id="alert-bar" class={alerts.count === 0 ? undefined : 'alert-bar'} hx-get={`/admin/alerts/bar?seen=${alertToken(alerts)}`} hx-trigger="every 5s" hx-swap="outerHTML" data-count={alerts.count} role="status">
    {alerts.count === 0 ? null : (
      <a href="/admin/duty#alerts">
        {alerts.drills === alerts.count ? `【演练】有 ${alerts.count} 个警报没人确认` : `有 ${alerts.count} 件紧急情况没人确认`}，去看看
      </a>
    )}
  </div>
)

/** Shown by the script alone: without it there is no sound. */
export const AlertSound = () => (
  <button id="alert-sound" class="plain" type="button" hidden aria-pressed="true">
    警报声：开
  </button>
)
