import type { ImportLine } from '../lines.ts'
import { isOrgan } from './organ.ts'

/** What web pages print around any document. */
const AROUND = /^(?:扫一扫.{0,12}|分享(?:到|至)?\s*[：:]?.{0,12}|【?\s*(?:打印|关闭|返回|字号|字体).{0,30}|(?:上|下)一[篇条]\s*[：:].{0,60}|责任编辑\s*[：:].{0,20}|浏览次数\s*[：:].{0,8}|【?[大中小 ]{3,7}】?)$/
const LONGEST_ENTRY = 8
/** So many short words on one line above a title are a menu. */
const LEAST_ENTRIES = 3

const piecesOf = (text: string): string[] => text.split(/[\s|｜>＞»【】·]+/).filter((piece) => piece !== '')
const isMenu = (text: string): boolean => !/[，。；！？]/.test(text) && piecesOf(text.replace(/^[^：:]{2,6}[：:]/, '')).every((piece) => piece.length <= LONGEST_ENTRY)
/** 当前位置：首页 > 政务公开 > 正文 */
const isTrail = (text: string): boolean => /\S\s*[>＞»]\s*\S/.test(text) && isMenu(text)

/**
 * Lines of a web page that belong to the page and not to the document: what pages print around any text, and the menus above a title that
 * is repeated below them or that a trail (首页 > …) leads to.
 * @param titles where the title stands, once or twice
 */
export function findFurniture(lines: readonly ImportLine[], titles: readonly ImportLine[]): Set<ImportLine> {
  const found = new Set(lines.filter((line) => AROUND.test(line.text)))
  const places = lines.flatMap((line, at) => (titles.includes(line) ? [at] : []))
  const last = places.at(-1) ?? 0
  const above = lines.slice(0, last).filter((line) => !titles.includes(line))
  const isPage = above.some((line) => isTrail(line.text)) || (places.length > 1 && last - (places[0] ?? 0) >= places.length)
  const isBar = ({ text }: ImportLine) => isMenu(text) && piecesOf(text).length >= LEAST_ENTRIES && !piecesOf(text).some((piece) => isOrgan(piece))
  for (const line of above) if (line.row === undefined && isBar(line)) found.add(line)
  if (isPage) for (const line of above) if (line.row === undefined && isMenu(line.text) && !/\d{4}/.test(line.text)) found.add(line)
  for (const line of [...lines].reverse()) {
    if (found.has(line)) continue
    if (!/[|｜】]/.test(line.text) || !isMenu(line.text) || piecesOf(line.text).length < 2) break
    found.add(line)
  }
  return found
}
