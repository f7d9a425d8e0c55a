export const K1 = 1.2
export const B = 0.75
/** How far the length of a field beside the text (headings, the document's title) counts: less, as they are all short. */
export const B_BESIDE = 0.5

/** A text's own terms, and the terms of fields that stand beside it: the same number of fields for every text. */
export interface FieldedTerms {
  own: readonly number[]
  beside: readonly (readonly number[])[]
}

/** Which texts have which terms: the postings of term number i stand from `starts[i]` to `starts[i + 1]`. */
export interface Postings {
  /** How many texts there are. */
  size: number
  /** Terms by number. */
  terms: Float64Array
  starts: Uint32Array
  /** By posting: the text's position. */
  texts: Uint32Array
  /** By posting: what the term adds to the text's score. */
  impacts: Float32Array
}

/** Texts as they were read: the terms of text i, each once, stand from `ends[i - 1]` to `ends[i]`. */
interface Collected {
  ids: Map<number, number>
  terms: Uint32Array
  /** In the text itself; 0 = the term stands only beside it. */
  frequencies: Uint16Array
  ends: number[]
  lengths: number[]
  count: number
  /** By field, by text: the terms' numbers, as often as they stand there. */
  beside: Uint32Array[][]
}

/** BM25F: a term that stands in the text and beside it counts once, with its frequencies added up, each divided by the norm of its field's length. */
export function buildPostings(texts: Iterable<FieldedTerms>): Postings {
  const collected = collect(texts)
  const starts = new Uint32Array(collected.ids.size + 1)
  for (let at = 0; at < collected.count; at += 1) starts[(collected.terms[at] ?? 0) + 1]! += 1
  for (let term = 0; term < collected.ids.size; term += 1) starts[term + 1]! += starts[term] ?? 0
  const postings = {
    size: collected.lengths.length,
    terms: Float64Array.from(collected.ids.keys()),
    starts,
    texts: new Uint32Array(collected.count),
    impacts: new Float32Array(collected.count),
  }
  fill(postings, collected)
  return postings
}

/** Inverse document frequencies by term number. */
export function weighTerms({ size, starts }: Pick<Postings, 'size' | 'starts'>): Float32Array {
  const weights = new Float32Array(starts.length - 1)
  for (let term = 0; term < weights.length; term += 1) {
    const frequency = (starts[term + 1] ?? 0) - (starts[term] ?? 0)
    weights[term] = Math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))
  }
  return weights
}

function collect(texts: Iterable<FieldedTerms>): Collected {
  let capacity = 1024
  const collected: Collected = { ids: new Map(), terms: new Uint32Array(capacity), frequencies: new Uint16Array(capacity), ends: [], lengths: [], count: 0, beside: [] }
  const inText = new Map<number, number>()
  const idOf = (term: number) => {
    let id = collected.ids.get(term)
    if (id === undefined) collected.ids.set(term, (id = collected.ids.size))
    return id
  }
  for (const text of texts) {
    inText.clear()
    for (const term of text.own) {
      const id = idOf(term)
      inText.set(id, (inText.get(id) ?? 0) + 1)
    }
    for (const [field, terms] of text.beside.entries()) {
      const ids = Uint32Array.from(terms, idOf)
      ;(collected.beside[field] ??= []).push(ids)
      for (const id of ids) if (!inText.has(id)) inText.set(id, 0)
    }
    while (collected.count + inText.size > capacity) {
      capacity *= 2
      collected.terms = grow(collected.terms, new Uint32Array(capacity))
      collected.frequencies = grow(collected.frequencies, new Uint16Array(capacity))
    }
    for (const [id, frequency] of inText) {
      collected.terms[collected.count] = id
      collected.frequencies[collected.count] = Math.min(frequency, 0xffff)
      collected.count += 1
    }
    collected.ends.push(collected.count)
    collected.lengths.push(text.own.length)
  }
  return collected
}

function fill({ size, starts, texts, impacts }: Postings, { terms, frequencies, ends, lengths, beside }: Collected): void {
  const weights = weighTerms({ size, starts })
  const normOf = (length: number, mean: number, b: number) => 1 - b + (b * length) / mean
  const meanOf = (all: readonly { length: number }[]) => all.reduce((sum, { length }) => sum + length, 0) / Math.max(1, size) || 1
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, size) || 1
  const besideMeans = beside.map(meanOf)
  const extra = new Float32Array(weights.length)
  const next = starts.slice(0, -1)
  let from = 0
  for (let text = 0; text < size; text += 1) {
    const end = ends[text] ?? from
    const norm = normOf(lengths[text] ?? 0, mean, B)
    for (const [field, all] of beside.entries()) {
      const ids = all[text] ?? new Uint32Array()
      const share = 1 / normOf(ids.length, besideMeans[field] ?? 1, B_BESIDE)
      for (const id of ids) extra[id]! += share
    }
    for (let at = from; at < end; at += 1) {
      const term = terms[at]!
      const frequency = frequencies[at]! / norm + extra[term]!
      extra[term] = 0
      const place = next[term]!
      next[term] = place + 1
      texts[place] = text
      impacts[place] = (weights[term]! * frequency * (K1 + 1)) / (frequency + K1)
    }
    from = end
  }
}

function grow<T extends Uint32Array | Uint16Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}
