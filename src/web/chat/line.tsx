import { renderToString } from 'hono/jsx/dom/server'
import { clauseName, isOfCommunity, type Citation } from '../../domain/answers.ts'
import type { Button } from '../../domain/messages/messages.ts'
import { picturePath } from '../../domain/pictures/pictures.ts'
import { formatLocal, toLocalDay } from '../../domain/time.ts'
import { withoutVoteCode } from '../../language/votes.ts'
import type { AssistantLine, Line, ResidentLine } from '../../store/conversations/conversations.ts'
import { splitText, type Segment } from './split-text.ts'
import { chatText } from './text.ts'

/** What rendering a line needs of the rest of the program. */
export interface LineView {
  documentTitle: (id: string) => string | undefined
  now: Date
}

/** A line as pages and the event stream carry it: its key, and the HTML that is inserted as it is. */
export interface RenderedLine {
  key: string
  seq: number | null
  from: 'resident' | 'assistant'
  kind: string
  text: string
  at: string
  html: string
}

export function renderLine(line: Line, view: LineView): RenderedLine {
  const at = line.at.toISOString()
  if (line.from === 'resident') {
    const key = residentKey(line.id)
    return { key, seq: null, from: line.from, kind: 'resident', text: line.text, at, html: renderToString(<ResidentLineView lineKey={key} line={line} view={view} />) }
  }
  return { key: `s:${line.seq}`, seq: line.seq, from: line.from, kind: line.kind, text: line.text, at, html: renderToString(<AssistantLineView line={line} view={view} />) }
}

/** The page knows its own lines by the id it gave them; messages are stored as [conversation, id]. */
function residentKey(externalId: string): string {
  try {
    const parts: unknown = JSON.parse(externalId)
    return `m:${Array.isArray(parts) ? String(parts.at(-1)) : externalId}`
  } catch {
    return `m:${externalId}`
  }
}

function ResidentLineView({ lineKey, line, view }: { lineKey: string; line: ResidentLine; view: LineView }) {
  return (
    <div class="line line-mine" data-key={lineKey}>
      <div class="bubble">
        <span class="hidden-label">{chatText.youSaid}：</span>
        {line.text !== '' && <span class="said">{withoutVoteCode(line.text)}</span>}
        {line.photos.map((id) => (
          <a class="picture" href={ownPhotoPath(id)} target="_blank" rel="noopener">
            <img src={ownPhotoPath(id)} alt={chatText.ownPhoto} loading="lazy" />
          </a>
        ))}
      </div>
      <Time at={line.at} now={view.now} />
    </div>
  )
}

/** Where whoever sent a photo sees it again. */
const ownPhotoPath = (id: string): string => `${OWN_PHOTOS}/${id}`
export const OWN_PHOTOS = '/chat/photos'

const BADGES: Partial<Record<AssistantLine['kind'], string>> = { emergency: chatText.emergency, notice: chatText.notice, announcement: chatText.announcement }

function AssistantLineView({ line, view }: { line: AssistantLine; view: LineView }) {
  // What the community says of itself is no quotation of a clause.
  const { segments, isGenerated } = splitText(line.text, line.citations.filter((citation) => !isOfCommunity(citation)))
  const badge = BADGES[line.kind]
  return (
    <div class={`line line-${line.kind}`} data-key={`s:${line.seq}`} data-seq={line.seq}>
      <div class="bubble">
        <span class="hidden-label">{chatText.assistantSaid}：</span>
        {badge && <p class="badge">{badge}</p>}
        {isGenerated && (
          <p class="badge badge-generated" title={chatText.generatedHint}>
            {chatText.generated}
          </p>
        )}
        {segments.map((segment) => (
          <SegmentView segment={segment} view={view} />
        ))}
        {line.picture !== undefined && <PictureView name={line.picture} />}
        {line.kind === 'emergency' && <EmergencyCalls text={line.text} />}
      </div>
      <Buttons buttons={line.buttons.filter((button) => button.isQuiet !== true)} kind="buttons" />
      <Buttons buttons={line.buttons.filter((button) => button.isQuiet === true)} kind="votes" />
      <Time at={line.at} now={view.now} />
    </div>
  )
}

/** Below the text, which so stays where it is while the picture comes; the whole picture is one tap away. */
function PictureView({ name }: { name: string }) {
  return (
    <a class="picture" href={picturePath(name)} target="_blank" rel="noopener">
      <img src={picturePath(name)} alt={chatText.picture} />
    </a>
  )
}

function SegmentView({ segment, view }: { segment: Segment; view: LineView }) {
  if (segment.type === 'text') return <Said text={segment.text} />
  return <Quote citation={segment.citation} source={segment.source} title={view.documentTitle(segment.citation.document)} />
}

/** The numbers that people copy and read out are never broken over two lines. */
function Said({ text }: { text: string }) {
  return <p class="said">{text.split(/((?:SR|VL)-\d{8}-\d{4,})/).map((part, index) => (index % 2 === 1 ? <span class="number">{part}</span> : part))}</p>
}

function Quote({ citation, source, title }: { citation: Citation; source: string; title: string | undefined }) {
  return (
    <figure class="quote">
      <blockquote>{citation.quote}</blockquote>
      <figcaption>
        <strong>{clauseName(citation.clause)}</strong>
        <span>{source !== '' ? source.replace(/第\s*\d+\s*条$/u, '') : title !== undefined && `《${title}》`}</span>
      </figcaption>
    </figure>
  )
}

/** `votes` stay when the talk goes on: they name their answer. */
function Buttons({ buttons, kind }: { buttons: Button[]; kind: 'buttons' | 'votes' }) {
  if (buttons.length === 0) return null
  return (
    <div class={kind}>
      {buttons.map(({ label, text }) => (
        <button type="submit" form="quick-form" name="text" value={text}>
          {label}
        </button>
      ))}
    </div>
  )
}

const EMERGENCY_NUMBERS: Record<string, string> = { '119': '火警', '110': '报警', '120': '急救', '12356': '心理援助' }

function EmergencyCalls({ text }: { text: string }) {
  const numbers = [...new Set(Array.from(text.matchAll(/(?<!\d)(?:119|110|120|12356)(?!\d)/g), (match) => match[0]))]
  return (
    <p class="calls">
      {numbers.map((number) => (
        <a href={`tel:${number}`}>
          {chatText.call} {number}
          <small>{EMERGENCY_NUMBERS[number]}</small>
        </a>
      ))}
    </p>
  )
}

function Time({ at, now }: { at: Date; now: Date }) {
  const local = formatLocal(at)
  return <time datetime={at.toISOString()}>{toLocalDay(at) === toLocalDay(now) ? local.slice(-5) : local}</time>
}
