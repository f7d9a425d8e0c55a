import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs'

/** A drawn line, in points from the page's left and top: where it lies, and from where to where. */
export interface Rule {
  isAcross: boolean
  at: number
  from: number
  to: number
}

export interface Operators {
  fnArray: readonly number[]
  argsArray: readonly unknown[]
}

type Matrix = readonly number[]
/** What is no wider than this is a line, however it was drawn. */
const THICKEST = 2.5
const SHORTEST = 4
const MOST_RULES = 5_000
/** In the data of a path: move, line, curve, close. */
const STEPS = { move: 0, line: 1, curve: 2, close: 4 }
const POINTS: Readonly<Record<number, number>> = { 0: 2, 1: 2, 2: 6, 3: 4, 4: 0 }

/** The straight lines of a page, which the borders of tables are made of. */
export function readRules({ fnArray, argsArray }: Operators, toPage: Matrix): Rule[] {
  const rules: Rule[] = []
  const kept: Matrix[] = []
  let matrix: Matrix = toPage
  for (const [at, operator] of fnArray.entries()) {
    if (rules.length > MOST_RULES) break
    const args = argsArray[at]
    if (operator === OPS.save) kept.push(matrix)
    else if (operator === OPS.restore) matrix = kept.pop() ?? matrix
    else if (operator === OPS.transform) matrix = multiply(matrix, args as Matrix)
    else if (operator === OPS.paintFormXObjectBegin) {
      kept.push(matrix)
      const [own] = args as [Matrix | null]
      if (own !== null) matrix = multiply(matrix, own)
    } else if (operator === OPS.paintFormXObjectEnd) matrix = kept.pop() ?? matrix
    else if (operator === OPS.constructPath) {
      const [paint, data] = args as [number, [ArrayLike<number> | null]]
      if (paint !== OPS.endPath) addPath(rules, Array.from(data[0] ?? []), matrix, isStroke(paint))
    }
  }
  return rules
}

const isStroke = (paint: number): boolean => [OPS.stroke, OPS.closeStroke, OPS.fillStroke, OPS.eoFillStroke, OPS.closeFillStroke, OPS.closeEOFillStroke].includes(paint)

const multiply = ([a = 1, b = 0, c = 0, d = 1, e = 0, f = 0]: Matrix, [g = 1, h = 0, i = 0, j = 1, k = 0, l = 0]: Matrix): Matrix => [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f]

function addPath(rules: Rule[], data: readonly number[], [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0]: Matrix, isStroked: boolean): void {
  const set = (x: number, y: number): [number, number] => [a * x + c * y + e, b * x + d * y + f]
  let corners: [number, number][] = []
  const finish = () => {
    addCorners(rules, corners, isStroked)
    corners = []
  }
  for (let at = 0; at < data.length; ) {
    const step = data[at] ?? STEPS.close
    const count = POINTS[step] ?? 0
    if (step === STEPS.move) finish()
    if (step === STEPS.close && corners[0] !== undefined) corners.push(corners[0])
    else if (count > 0) corners.push(set(data[at + count - 1] ?? 0, data[at + count] ?? 0))
    at += count + 1
  }
  finish()
}

function addCorners(rules: Rule[], corners: readonly [number, number][], isStroked: boolean): void {
  if (corners.length < 2) return
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)]
  const box = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
  // A filled box that is thin is a line; a larger one is a shade.
  if (box.right - box.left <= THICKEST || box.bottom - box.top <= THICKEST) add(rules, box)
  else if (isStroked) {
    for (const [at, [x, y]] of corners.entries()) {
      const [nextX, nextY] = corners[at + 1] ?? [x, y]
      if (Math.abs(nextX - x) <= 0.5 || Math.abs(nextY - y) <= 0.5) add(rules, { left: Math.min(x, nextX), right: Math.max(x, nextX), top: Math.min(y, nextY), bottom: Math.max(y, nextY) })
    }
  }
}

function add(rules: Rule[], { left, right, top, bottom }: { left: number; right: number; top: number; bottom: number }): void {
  const isAcross = right - left > bottom - top
  const rule = isAcross ? { isAcross, at: (top + bottom) / 2, from: left, to: right } : { isAcross, at: (left + right) / 2, from: top, to: bottom }
  if (rule.to - rule.from >= SHORTEST) rules.push(rule)
}
