/** Of bytes that belong to no character: what a cut-off or slightly damaged file has. */
const MOST_DAMAGED = 0.002
const LEAST_PLAUSIBLE = 0.9

/**
 * The text of a file: UTF-8, UTF-16 with or without a mark, what the page itself declares, else GB18030 (which holds GBK and GB2312) or Big5, whichever gives the
 * more common characters; null when it is no text in any of them.
 */
export function decodeText(bytes: Buffer): string | null {
  for (const encoding of candidates(bytes)) {
    const text = decode(bytes, encoding)
    if (text !== null) return text
  }
  return null
}

function candidates(bytes: Buffer): string[] {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return ['utf-16le']
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return ['utf-16be']
  const sample = bytes.subarray(0, 200_000)
  if (sample.includes(0)) return ['utf-16le', 'utf-16be'].filter((encoding) => isPlausible(sample, encoding))
  const others = shareOfBig5(sample) > shareOfGb(sample) ? ['big5', 'gb18030'] : ['gb18030', 'big5']
  return ['utf-8', ...declared(sample), ...others]
}

/** What `<meta charset>` or the XML declaration says, if it is one of those that Chinese pages use. */
function declared(sample: Buffer): string[] {
  const name = /(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)/i.exec(sample.subarray(0, 4_000).toString('latin1'))?.[1]?.toLowerCase() ?? ''
  if (/^gb/.test(name)) return ['gb18030']
  return /^big5/.test(name) ? ['big5'] : []
}

function decode(bytes: Buffer, encoding: string): string | null {
  // Old editors end a file with Ctrl-Z.
  const text = new TextDecoder(encoding).decode(bytes).replace(/\u001a+\s*$/, '')
  if (/[\u0000-\u0008\u000e-\u001a]/.test(text)) return null
  const damaged = text.split('\ufffd').length - 1
  return damaged <= Math.max(damaged > 0 && encoding === 'utf-8' && text.length > 200 ? 1 : 0, text.length * MOST_DAMAGED) ? text.replaceAll('\ufffd', '') : null
}

function isPlausible(sample: Buffer, encoding: string): boolean {
  const text = new TextDecoder(encoding).decode(sample.subarray(0, sample.length - (sample.length % 2)))
  const known = text.match(/[\t\n\r\x20-\x7e\u00a0-\u00ff\u2010-\u2049\u2460-\u24ff\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/g)?.length ?? 0
  return known >= text.length * LEAST_PLAUSIBLE
}

/** Of the two-byte characters, how many are in GB2312: its marks and its 3,755 common characters. */
const shareOfGb = (bytes: Buffer): number => shareOf(bytes, (lead, trail) => trail >= 0xa1 && ((lead >= 0xa1 && lead <= 0xa3) || (lead >= 0xb0 && lead <= 0xd7)))
/** Of the two-byte characters, how many are Big5's marks and its 5,401 common characters; 0 where a pair is no Big5 at all. */
const shareOfBig5 = (bytes: Buffer): number => shareOf(bytes, (lead, trail) => lead >= 0xa1 && lead <= 0xc6 && isBig5Trail(trail), (trail) => !isBig5Trail(trail))
const isBig5Trail = (trail: number): boolean => (trail >= 0x40 && trail <= 0x7e) || trail >= 0xa1

function shareOf(bytes: Buffer, isCommon: (lead: number, trail: number) => boolean, isWrong: (trail: number) => boolean = () => false): number {
  let common = 0
  let all = 0
  for (let at = 0; at < bytes.length - 1; at += 1) {
    const lead = bytes[at] ?? 0
    if (lead < 0x80) continue
    const trail = bytes[at + 1] ?? 0
    if (isWrong(trail)) return 0
    if (isCommon(lead, trail)) common += 1
    all += 1
    at += 1
  }
  return all === 0 ? 0 : common / all
}
