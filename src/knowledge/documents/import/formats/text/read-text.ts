import { toLines } from '../../lines.ts'
import type { ReadLines } from '../../lines.ts'
import { unwrap } from './unwrap.ts'

/** Plain text, a paragraph a line; where lines were broken at a margin they are joined. */
export const readText = (text: string): ReadLines => ({ outcome: 'read', lines: toLines(unwrap(text)) })
