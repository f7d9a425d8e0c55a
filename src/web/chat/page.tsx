import { randomUUID } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { mainButtons } from '../../dialog/text.ts'
import { LONGEST_INBOUND_TEXT } from '../../domain/messages/messages.ts'
import { PICTURE_TYPES } from '../../domain/pictures/pictures.ts'
import type { Office } from '../../domain/office/office.ts'
import { describeWeek, inForceOn } from '../../knowledge/office/office-text.ts'
import type { Assets } from '../assets.ts'
import { ICONS } from './icons.tsx'
import type { RenderedLine } from './line.tsx'
import { chatText } from './text.ts'

/** What every page for residents stands in. */
export function Document({ assets, isLarge, title, script, children }: { assets: Assets; isLarge: boolean; title: string; script?: string; children: Child }) {
  return (
    <html lang="zh-CN" class={isLarge ? 'large' : undefined}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#0b5d45" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#10201a" media="(prefers-color-scheme: dark)" />
        <meta name="format-detection" content="telephone=no" />
        <title>{title}</title>
        <link rel="icon" href={assets.url('icon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={assets.url('chat.css')} />
        {script !== undefined && <script src={assets.url(script)} defer></script>}
      </head>
      <body>{children}</body>
    </html>
  )
}

export const withDoctype = (page: Child) => html`<!doctype html>${page}`

export interface ChatPageOptions {
  assets: Assets
  isLarge: boolean
  lines: RenderedLine[]
  /** Whether this visitor has said anything: only then is there something to wait for. */
  isKnown: boolean
  /** Whose telephone and hours stand on the first screen; null = nobody's. */
  office: Office | null
  /** Shanghai's day, 2026-12-01. */
  today: string
}

/** The whole chat as one page that works without scripts: what was said, common wishes, and a box to write in. */
export function renderChatPage({ assets, isLarge, lines, isKnown, office, today }: ChatPageOptions) {
  return withDoctype(
    <Document assets={assets} isLarge={isLarge} title={chatText.pageTitle} script="chat.js">
      <a class="skip" href="#text">
        {chatText.skip}
      </a>
      <Header isLarge={isLarge} />
      <main>
        <section class="welcome" aria-labelledby="welcome-title">
          <h2 id="welcome-title">{chatText.welcomeTitle}</h2>
          <p>{chatText.welcome}</p>
          <p class="example">{chatText.example}</p>
          {office === null ? null : <OfficeLines office={office} today={today} />}
          <p>{chatText.orPress}</p>
        </section>
        <div id="log" data-known={isKnown ? 'true' : 'false'} role="log" aria-live="polite" aria-relevant="additions" aria-label={chatText.log}>
          {lines.map((line) => raw(line.html))}
        </div>
        <p id="thinking" class="thinking" hidden>
          <span></span>
          <span></span>
          <span></span>
        </p>
        <div id="latest"></div>
        <Quick />
      </main>
      <Composer />
      <form id="quick-form" method="post" action="/chat/messages" data-chat>
        <input type="hidden" name="id" value={randomUUID()} />
      </form>
    </Document>,
  )
}

/** Whom to call, and when somebody is there. */
function OfficeLines({ office, today }: { office: Office; today: string }) {
  const week = describeWeek(inForceOn(office.hours, today))
  return (
    <p class="office">
      {office.telephone === undefined ? null : (
        <span>
          {chatText.officePhone}{' '}
          <a href={`tel:${office.telephone.replaceAll(/[^\d+]/g, '')}`}>{office.telephone}</a>
        </span>
      )}
      {week === '' ? null : <span>{chatText.officeHours(week)}</span>}
      {office.example === true ? <small>{chatText.officeExample}</small> : null}
    </p>
  )
}

function Header({ isLarge }: { isLarge: boolean }) {
  return (
    <header>
      <div class="bar">
        <span class="mark" aria-hidden="true">
          {ICONS.house}
        </span>
        <h1>
          {chatText.name}
          <small>{chatText.tagline}</small>
        </h1>
        <form method="post" action="/chat/type" id="type-form">
          <button type="submit" name="size" value={isLarge ? 'normal' : 'large'} aria-pressed={isLarge ? 'true' : 'false'}>
            {ICONS.type}
            {chatText.largeType}
          </button>
        </form>
      </div>
      <p id="state" role="status" hidden></p>
    </header>
  )
}

/** Where a visitor has this device forget them. */
export const LEAVE = '/chat/leave'
/** Where a visitor gets all that is kept of them as a file. */
export const OWN_DATA = '/chat/my-data'

/** Where anybody who has the number and the telephone looks a request up. */
export const STATUS_PAGE = '/status'

/** Common wishes, at the end of the conversation, where the eye is when something is finished. */
function Quick() {
  const icons = [ICONS.book, ICONS.wrench, ICONS.clock, ICONS.heart, ICONS.person]
  return (
    <nav aria-label={chatText.quick} class="quick">
      {mainButtons().map(({ label, text }, index) => (
        <button type="submit" form="quick-form" name="text" value={text}>
          {icons[index]}
          {label}
        </button>
      ))}
      <p class="privacy">
        {chatText.privacy}
        <br />
        <a href={OWN_DATA} download>
          {chatText.downloadData}
        </a>{' '}
        · <a href={STATUS_PAGE}>{chatText.statusPage}</a>
      </p>
      <details class="leave">
        <summary>{chatText.sharedDevice}</summary>
        <p>{chatText.leaveHint}</p>
        <form method="post" action={LEAVE} id="leave-form">
          <button type="submit">{chatText.leave}</button>
        </form>
      </details>
    </nav>
  )
}

function Composer() {
  return (
    <footer>
      <form id="chat-form" class="composer" method="post" action="/chat/messages" enctype="multipart/form-data" data-chat>
        <input type="hidden" name="id" value={randomUUID()} />
        <label class="photo-choice">
          {ICONS.camera}
          <span id="photo-count">{chatText.photo}</span>
          <input id="photo" name="photo" type="file" accept={PICTURE_TYPES.join(',')} multiple aria-label={chatText.photoLabel} />
        </label>
        <label for="text" class="hidden-label">
          {chatText.inputLabel}
        </label>
        <textarea id="text" name="text" rows={1} maxlength={LONGEST_INBOUND_TEXT} placeholder={chatText.inputPlaceholder} autocomplete="off" enterkeyhint="send"></textarea>
        <button type="submit" class="send">
          {chatText.send}
        </button>
      </form>
    </footer>
  )
}

/** A page that says one thing: not found, or that something failed. */
export function renderMessagePage(options: { assets: Assets; isLarge: boolean; title: string; text: string }) {
  return withDoctype(
    <Document assets={options.assets} isLarge={options.isLarge} title={options.title}>
      <main class="message">
        <h1>{options.title}</h1>
        <p>{options.text}</p>
        <p>
          <a class="button" href="/">
            {chatText.backToChat}
          </a>
        </p>
      </main>
    </Document>,
  )
}
