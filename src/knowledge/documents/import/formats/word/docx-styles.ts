import { load } from 'cheerio'
import type { CheerioAPI } from 'cheerio'

type Elements = ReturnType<ReturnType<CheerioAPI['root']>['parent']>

/** What a style, or a paragraph or run of its own, says; absent = what it is based on says it. */
export interface StyleSays {
  name?: string | undefined
  numbering?: string | undefined
  level?: number | undefined
  /** 0 = as a first heading, 9 = as text. */
  outline?: number | undefined
  isVanished?: boolean | undefined
  isStruck?: boolean | undefined
  isDoublyStruck?: boolean | undefined
}

interface Style extends StyleSays {
  basedOn: string | undefined
}

const MOST_STEPS = 20

/** The styles of a Word document, each with all that it takes over from those it is based on. */
export class DocxStyles {
  readonly #styles = new Map<string, Style>()
  readonly #resolved = new Map<string, StyleSays>()
  /** The style of paragraphs that name none. */
  readonly paragraph: string = ''

  /** @param stylesXml `word/styles.xml`, '' where there is none */
  constructor(stylesXml: string) {
    if (stylesXml === '') return
    const xml = load(stylesXml, { xml: true })
    for (const element of xml('w\\:style').toArray()) {
      const style = xml(element)
      const id = style.attr('w:styleId') ?? ''
      const paragraph = style.children('w\\:pPr')
      this.#styles.set(id, { name: valueOf(style, 'name'), basedOn: valueOf(style, 'basedOn'), ...readParagraph(paragraph), ...readRun(style.children('w\\:rPr')) })
      if (style.attr('w:type') === 'paragraph' && style.attr('w:default') === '1') this.paragraph = id
    }
  }

  /** All that a style says; nothing for one that is not there. */
  find(id: string | undefined): StyleSays {
    if (id === undefined) return {}
    const known = this.#resolved.get(id)
    if (known !== undefined) return known
    let says: StyleSays = {}
    let style = this.#styles.get(id)
    for (let step = 0; style !== undefined && step < MOST_STEPS; step += 1) {
      says = { ...defined(style), ...says }
      style = style.basedOn === undefined ? undefined : this.#styles.get(style.basedOn)
    }
    // Its name is its own.
    says.name = this.#styles.get(id)?.name
    this.#resolved.set(id, says)
    return says
  }
}

const defined = ({ basedOn: _, ...says }: Style): StyleSays => Object.fromEntries(Object.entries(says).filter(([, value]) => value !== undefined))

/** @param properties a `w:pPr` */
export function readParagraph(properties: Elements): Pick<StyleSays, 'numbering' | 'level' | 'outline'> {
  const numbered = properties.children('w\\:numPr')
  return { numbering: valueOf(numbered, 'numId'), level: toNumber(valueOf(numbered, 'ilvl')), outline: toNumber(valueOf(properties, 'outlineLvl')) }
}

/** @param properties a `w:rPr` */
export function readRun(properties: Elements): Pick<StyleSays, 'isVanished' | 'isStruck' | 'isDoublyStruck'> {
  return { isVanished: switchOf(properties, 'vanish'), isStruck: switchOf(properties, 'strike'), isDoublyStruck: switchOf(properties, 'dstrike') }
}

export const valueOf = (parent: Elements, name: string): string | undefined => parent.children(`w\\:${name}`).attr('w:val')

function switchOf(properties: Elements, name: string): boolean | undefined {
  const own = properties.children(`w\\:${name}`)
  return own.length === 0 ? undefined : !/^(?:0|false|off|none)$/.test(own.attr('w:val') ?? '')
}

function toNumber(value: string | undefined): number | undefined {
  const number = value === undefined ? Number.NaN : Number(value)
  return Number.isSafeInteger(number) ? number : undefined
}
