export interface Word {
  start: number
  end: number
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/** Where the words of a stretch of a text begin and end, as a dictionary parts them. */
export const wordsIn = (text: string, from = 0, to = text.length): Word[] => Array.from(segmenter.segment(text.slice(from, to)), ({ index, segment }) => ({ start: from + index, end: from + index + segment.length }))
