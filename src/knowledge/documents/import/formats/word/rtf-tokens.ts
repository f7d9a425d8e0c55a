export type RtfToken = { kind: 'open' } | { kind: 'close' } | { kind: 'word'; name: string; value: number | null } | { kind: 'symbol'; name: string } | { kind: 'bytes'; bytes: Buffer }

const isLetter = (code: number): boolean => (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
const [OPEN, CLOSE, SLASH, QUOTE, MINUS, SPACE, CR, LF] = [0x7b, 0x7d, 0x5c, 0x27, 0x2d, 0x20, 0x0d, 0x0a]

/** The parts of a rich-text file. `\bin` data is passed over; line ends of the file are nothing. */
export function* readTokens(file: Buffer): Generator<RtfToken> {
  let at = 0
  while (at < file.length) {
    const code = file[at]
    if (code === OPEN || code === CLOSE) {
      at += 1
      yield code === OPEN ? { kind: 'open' } : { kind: 'close' }
    } else if (code === CR || code === LF) at += 1
    else if (code !== SLASH) {
      const from = at
      while (at < file.length && ![OPEN, CLOSE, SLASH, CR, LF].includes(file[at] ?? 0)) at += 1
      yield { kind: 'bytes', bytes: file.subarray(from, at) }
    } else if (isLetter(file[at + 1] ?? 0)) {
      const from = at + 1
      at = from
      while (isLetter(file[at] ?? 0)) at += 1
      const name = file.toString('latin1', from, at)
      const start = at
      if (file[at] === MINUS && isDigit(file[at + 1] ?? 0)) at += 1
      while (isDigit(file[at] ?? 0)) at += 1
      const value = at === start ? null : Number(file.toString('latin1', start, at))
      if (file[at] === SPACE) at += 1
      if (name === 'bin') at += Math.max(0, value ?? 0)
      else yield { kind: 'word', name, value }
    } else if (file[at + 1] === QUOTE) {
      const byte = Number.parseInt(file.toString('latin1', at + 2, at + 4), 16)
      at += 4
      if (Number.isInteger(byte)) yield { kind: 'bytes', bytes: Buffer.from([byte]) }
    } else {
      yield { kind: 'symbol', name: String.fromCharCode(file[at + 1] ?? SPACE) }
      at += 2
    }
  }
}
