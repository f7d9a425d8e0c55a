import type { CheerioAPI } from 'cheerio'
import { isOrgan } from '../../about/organ.ts'
import { beforeDate, isDateLine } from '../../written-date.ts'

/** What is no text of the document: programs, pictures, controls, what was struck out. */
const NOT_TEXT = 'script, style, noscript, template, head, nav, button, select, textarea, datalist, iframe, object, embed, svg, canvas, audio, video, img, map, rp, del, s, strike, dialog:not([open]), [hidden], [aria-hidden="true"]'
const HIDING = [
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all)/i,
  /(?:^|;)\s*(?:opacity|font-size)\s*:\s*0(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)/i,
  /(?:^|;)\s*text-decoration[\w-]*\s*:[^;]*line-through/i,
]
const isHiding = (style: string): boolean => HIDING.some((pattern) => pattern.test(style))
/** Names that web designers give to what stands around a text. */
const AROUND = /(?:^|[-_\s])(?:nav|navbar|menu|breadcrumbs?|crumbs?|footer|foot|share|sidebar|copyright|pagination|toolbar)(?:$|[-_\s\d])/i
const MOST_RULES = 2_000
const LEAST_LINKS = 3
const LINKED = 0.6

type Root = ReturnType<CheerioAPI['root']>
type Node = ReturnType<Root['parent']>[number]['children'][number]

/** Takes off a page what its reader does not see, and the menus and lists of links around its text. False when it is nested too deep to tell. */
export function keepVisible(page: CheerioAPI, deepest: number): boolean {
  for (const selector of hidingSelectors(page('style').text())) {
    try {
      page(selector).remove()
    } catch {
      // What this reader cannot select stays.
    }
  }
  page(NOT_TEXT).remove()
  page('[style]').each((_, element) => {
    if (isHiding(page(element).attr('style') ?? '')) page(element).remove()
  })
  const body = page('body').get(0)
  return body === undefined || removeAround(page, body, deepest)
}

/** Of a style sheet's plain rules (not those for print or narrow screens) the selectors of classes and ids that are not shown. */
function hidingSelectors(css: string): string[] {
  const selectors: string[] = []
  let depth = 0
  let head = ''
  for (const [part] of css.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/[^{}]+|[{}]/g)) {
    if (part === '{') depth += 1
    else if (part === '}') depth = Math.max(0, depth - 1)
    else if (depth === 0) head = part.trim()
    else if (depth === 1 && isHiding(part)) selectors.push(...head.split(',').map((selector) => selector.trim()).filter((selector) => /^[a-z\d]*[.#][\w-]+$/i.test(selector)))
    if (selectors.length > MOST_RULES) break
  }
  return selectors
}

interface Weight {
  text: number
  linked: number
  links: number
  hasSentence: boolean
  /** Lines that look like whose the text is and of what day: they may be its signature. */
  signed: string[]
}

/** A block that is mostly links, and has no sentence, leads elsewhere; one with a file among its links is the document's own list of annexes. */
function removeAround(page: CheerioAPI, body: Node, deepest: number): boolean {
  const gone = new Map<Node, string[]>()
  let isTooDeep = false
  const weigh = (node: Node, depth: number, isLinked: boolean): Weight => {
    if (depth > deepest) isTooDeep = true
    if ('data' in node) {
      const text = String(node.type) === 'text' ? node.data.replaceAll(/\s+/g, '') : ''
      const own = String(node.type) === 'text' && !isLinked ? node.data.trim() : ''
      return { text: text.length, linked: isLinked ? text.length : 0, links: 0, hasSentence: /[。；]/.test(text), signed: isSigned(own) ? [own] : [] }
    }
    const sum: Weight = { text: 0, linked: 0, links: 0, hasSentence: false, signed: [] }
    if (!('name' in node) || isTooDeep) return sum
    const href = node.name === 'a' ? (node.attribs['href'] ?? '') : ''
    const isLink = href !== '' && !/\.(?:docx?|xlsx?|pdf|wps|et|rtf|zip|rar|txt)(?:[?#]|$)/i.test(href)
    for (const child of node.children) {
      const own = weigh(child, depth + 1, isLinked || isLink)
      sum.text += own.text
      sum.linked += own.linked
      sum.links += own.links
      sum.hasSentence ||= own.hasSentence
      sum.signed.push(...own.signed)
    }
    if (isLink) sum.links += 1
    if (node !== body && /^(?:div|ul|ol|dl|td|section|aside|header|footer|table|center)$/.test(node.name) && isAround(node.name, `${node.attribs['class'] ?? ''} ${node.attribs['id'] ?? ''}`, sum)) {
      gone.set(node, sum.signed)
      return { text: 0, linked: 0, links: 0, hasSentence: false, signed: sum.signed }
    }
    return sum
  }
  const all = weigh(body, 0, false)
  if (isTooDeep) return false
  // A page of nothing but links is shown as it is.
  if (all.text > 0) for (const [node, signed] of gone) page(node).replaceWith(signed.map((line) => page('<p></p>').text(line)).map((paragraph) => page.html(paragraph)).join(''))
  return true
}

const LONGEST_SIGNED = 40
const isSigned = (text: string): boolean => text.length <= LONGEST_SIGNED && (isOrgan(text) || isDateLine(text) || isOrgan(beforeDate(text) ?? ''))

function isAround(name: string, called: string, { text, linked, links, hasSentence }: Weight): boolean {
  if (text === 0) return false
  if (links >= LEAST_LINKS && linked >= text * LINKED && !hasSentence) return true
  return !hasSentence && (name === 'footer' || AROUND.test(called))
}
