import type { Office } from '../../domain/office/office.ts'
import { isFinished, isLate } from '../../domain/requests/requests.ts'
import { STATUS_NAMES } from '../../domain/requests/status-names.ts'
import { formatLocalLong } from '../../domain/time.ts'
import type { PublicRequest } from '../../store/requests/public-requests.ts'
import type { Assets } from '../assets.ts'
import { Document, STATUS_PAGE, withDoctype } from '../chat/page.tsx'
import { NEXT_STEPS, statusText } from './text.ts'

export interface StatusPageOptions {
  assets: Assets
  isLarge: boolean
  office: Office | null
  now: Date
  /** As it was typed; it comes back into the form. */
  number: string
  /** Why nothing is shown. */
  problem?: string
  found?: { request: PublicRequest; goesOnIn: PublicRequest | null }
}

/** The form, and what was found by it; works without scripts. The digits are never written back. */
export function renderStatusPage({ assets, isLarge, office, now, number, problem, found }: StatusPageOptions) {
  return withDoctype(
    <Document assets={assets} isLarge={isLarge} title={statusText.pageTitle}>
      <main class="status">
        <h1>{statusText.title}</h1>
        {found === undefined ? null : <Found {...found} now={now} />}
        {problem === undefined ? null : (
          <p class="problem" id="problem" role="alert">
            {problem}
          </p>
        )}
        <form method="post" action={STATUS_PAGE}>
          <p id="hint">{statusText.hint}</p>
          <label for="number">{statusText.number}</label>
          <input id="number" name="number" value={number} required maxlength={40} autocomplete="off" autocapitalize="characters" spellcheck={false} aria-describedby="hint" />
          <label for="last-four">{statusText.lastFour}</label>
          <input id="last-four" name="last_four" required maxlength={8} inputmode="numeric" autocomplete="off" />
          <button type="submit" class="send">
            {statusText.look}
          </button>
        </form>
        <p class="foot">
          {office?.telephone === undefined ? null : (
            <span>
              {statusText.phone} <a href={`tel:${office.telephone.replaceAll(/[^\d+]/g, '')}`}>{office.telephone}</a>
            </span>
          )}
          <span>{statusText.danger}</span>
          <a href="/">{statusText.backToChat}</a>
        </p>
      </main>
    </Document>,
  )
}

function Found({ request, goesOnIn, now }: { request: PublicRequest; goesOnIn: PublicRequest | null; now: Date }) {
  const current = goesOnIn ?? request
  const isOver = isFinished(current)
  return (
    <section class="found" aria-labelledby="found-title">
      <h2 id="found-title">{request.number}</h2>
      {goesOnIn === null ? null : <p>{statusText.goesOnIn(goesOnIn.number)}</p>}
      <dl>
        <Line name={statusText.state} value={STATUS_NAMES[current.status]} />
        <Line name={statusText.category} value={request.category} />
        <Line name={statusText.filed} value={formatLocalLong(request.createdAt)} />
        {isOver && current.finishedAt !== null ? <Line name={statusText.ended} value={formatLocalLong(current.finishedAt)} /> : <Line name={statusText.changed} value={formatLocalLong(current.updatedAt)} />}
        {isOver || current.dueAt === null ? null : <Line name={statusText.due} value={`${formatLocalLong(current.dueAt)}${isLate(current, now) ? statusText.late : ''}`} />}
        <Line name={statusText.next} value={NEXT_STEPS[current.status]} />
      </dl>
    </section>
  )
}

const Line = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)
