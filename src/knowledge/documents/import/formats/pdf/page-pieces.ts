/** A run of letters on one baseline, in points from the page's left and top. */
export interface Piece {
  text: string
  from: number
  to: number
  /** Of the baseline, from the top of the page downwards. */
  down: number
  size: number
}

export interface TextItem {
  str: string
  width: number
  transform: readonly number[]
}

/** Words set so far off the horizontal are no lines of the text: watermarks. */
const LEAST_SLANT = 4
/** The same letter so near to itself, in parts of its size, is one that is printed twice to look bold. */
const SAME_PLACE = 0.3

/**
 * The pieces of a page that belong to its text: what is set aslant (a watermark) is left out, what is printed twice to look bold is said once. A page whose words all
 * stand sideways is turned.
 * @param toPage the transformation from the file's to the shown page's axes, [a, b, c, d, e, f]
 */
export function readPieces(items: readonly TextItem[], toPage: readonly number[]): Piece[] {
  const placed = items.filter((item) => item.str.trim() !== '').map((item) => place(item, toPage))
  const quarter = mainQuarter(placed)
  const upright = placed.filter((item) => isNear(item.angle, quarter * 90)).map((item) => turn(item, quarter))
  return withoutDoubles(upright)
}

interface Placed {
  text: string
  x: number
  y: number
  width: number
  size: number
  /** Clockwise from the horizontal, 0..360. */
  angle: number
}

function place({ str, width, transform }: TextItem, [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0]: readonly number[]): Placed {
  const [ta = 0, tb = 0, , , tx = 0, ty = 0] = transform
  const [across, down] = [a * ta + c * tb, b * ta + d * tb]
  const angle = ((Math.atan2(down, across) * 180) / Math.PI + 360) % 360
  return { text: str, x: a * tx + c * ty + e, y: b * tx + d * ty + f, width, size: Math.hypot(ta, tb), angle }
}

/** How many quarter turns most letters are set at. */
function mainQuarter(placed: readonly Placed[]): number {
  const letters = [0, 1, 2, 3].map((quarter) => placed.filter((item) => isNear(item.angle, quarter * 90)).reduce((sum, item) => sum + item.text.length, 0))
  return letters.indexOf(Math.max(...letters))
}

const isNear = (angle: number, other: number): boolean => Math.min(Math.abs(angle - other), 360 - Math.abs(angle - other)) <= LEAST_SLANT

function turn({ text, x, y, width, size }: Placed, quarter: number): Piece {
  const [from, down] = quarter === 1 ? [y, -x] : quarter === 2 ? [-x, -y] : quarter === 3 ? [-y, x] : [x, y]
  return { text, from, to: from + width, down, size }
}

/** Chinese letters are as wide as they are high, others about half as wide. */
const weightOf = (letter: string): number => ((letter.codePointAt(0) ?? 0) > 0x2e00 ? 1 : 0.5)

function withoutDoubles(pieces: readonly Piece[]): Piece[] {
  const seen = new Map<string, { x: number; down: number }[]>()
  return pieces.flatMap((piece) => {
    const letters = [...piece.text]
    const all = letters.reduce((sum, letter) => sum + weightOf(letter), 0)
    const step = all === 0 ? 0 : (piece.to - piece.from) / all
    const near = piece.size * SAME_PLACE
    const parts: Piece[] = []
    let x = piece.from
    let isOpen = false
    for (const letter of letters) {
      const end = x + weightOf(letter) * step
      const key = `${letter}${Math.round(piece.size)}`
      const known = seen.get(key) ?? []
      const isDouble = letter.trim() !== '' && known.some((other) => Math.abs(other.x - x) < near && Math.abs(other.down - piece.down) < near)
      if (isDouble) isOpen = false
      else {
        if (letter.trim() !== '') seen.set(key, [...known.slice(-40), { x, down: piece.down }])
        const last = parts.at(-1)
        if (isOpen && last !== undefined) {
          last.text += letter
          last.to = end
        } else parts.push({ ...piece, text: letter, from: x, to: end })
        isOpen = true
      }
      x = end
    }
    return parts.filter((part) => part.text.trim() !== '')
  })
}
