import type { CheerioAPI } from 'cheerio'
import { toChinese } from '../count-label.ts'

type Element = ReturnType<ReturnType<CheerioAPI['root']>['parent']>[number]

/**
 * What a browser writes before an item of a numbered list, and nowhere in the page's text: `3. `; '' in other lists.
 * @param counts the last number of each list so far
 */
export function labelOfItem(page: CheerioAPI, item: Element, counts: Map<unknown, number>): string {
  const list = page(item).parent('ol')
  if (list.length === 0) return ''
  const own = Number(page(item).attr('value') ?? Number.NaN)
  const count = Number.isSafeInteger(own) ? own : (counts.get(list.get(0)) ?? Number(list.attr('start') ?? 1) - 1) + 1
  counts.set(list.get(0), count)
  const style = `${list.attr('style') ?? ''};${page(item).attr('style') ?? ''}`
  if (/list-style[\w-]*\s*:\s*[^;]*none/i.test(style)) return ''
  if (!Number.isSafeInteger(count)) return ''
  return `${formatItem(count, list.attr('type') ?? '', style)} `
}

function formatItem(count: number, type: string, style: string): string {
  if (/cjk-ideographic|simp-chinese/i.test(style)) return `${toChinese(count)}、`
  const letter = String.fromCodePoint(97 + ((((count - 1) % 26) + 26) % 26))
  if (type === 'a' || /lower-(?:alpha|latin)/i.test(style)) return `${letter}.`
  if (type === 'A' || /upper-(?:alpha|latin)/i.test(style)) return `${letter.toUpperCase()}.`
  return `${count}.`
}
