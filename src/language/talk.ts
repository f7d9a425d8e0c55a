import type { MoveName } from '../domain/moves.ts'

/** What a message that is only talk does. */
export const kindOfTalk = (text: string): Extract<MoveName, 'thank' | 'bye' | 'greet'> => (/谢|辛苦|多谢/.test(text) ? 'thank' : /再见|拜拜|回头见/.test(text) ? 'bye' : 'greet')
