import { normalize } from './normalize.ts'

/** From the wide to the narrow; a piece belongs after what is wider. */
const LEVELS: readonly RegExp[] = [/(?:小区|花园|家园|社区|村|路|街)$/, /(?:号楼|栋|幢|号院|座)$/, /(?:单元|门|梯)$/, /(?:层|楼)$/, /(?:室|户|号)$|^\d{3,4}$/]
const PART = '(?:\\d{1,4}|[一二三四五六七八九十]{1,3})(?:号楼|栋|幢|单元|门|层|楼|室|户)'
const PIECE = new RegExp(`^(?:在|是|就是|住)?((?:(${PART})(?:${PART})*(?:\\d{3,4})?|(\\d{3,4})))$`)

const levelOf = (text: string): number => LEVELS.findIndex((ending) => ending.test(text))

/** An address with narrower pieces of it after it: "3号楼" and "2单元", "幸福小区" and "3号楼2单元", "3号楼2单元" and "501"; undefined when the words are no such pieces. */
export function extendAddress(known: string, said: string): string | undefined {
  const [, pieces, part, room] = PIECE.exec(normalize(said).trim()) ?? []
  const first = part ?? room
  if (pieces === undefined || first === undefined) return undefined
  const [before, after] = [levelOf(normalize(known)), levelOf(first)]
  return after > 0 && before >= 0 && after > before ? `${known}${said.trim().slice(said.trim().length - pieces.length)}` : undefined
}
