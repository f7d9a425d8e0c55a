/** The numbers of terms, looked up in two flat arrays: a fifth of the memory of a Map. A term's number is its position in the list; no term is 0. */
export class TermTable {
  readonly terms: Float64Array
  /** Terms by place, at least half of the places free (0). */
  readonly #places: Float64Array
  readonly #ids: Uint32Array
  readonly #mask: number

  constructor(terms: Float64Array) {
    let size = 16
    while (size < terms.length * 2) size *= 2
    this.terms = terms
    this.#places = new Float64Array(size)
    this.#ids = new Uint32Array(size)
    this.#mask = size - 1
    for (const [id, term] of terms.entries()) {
      const place = this.#find(term)
      this.#places[place] = term
      this.#ids[place] = id
    }
  }

  get(term: number): number | undefined {
    const place = this.#find(term)
    return this.#places[place] === term ? this.#ids[place] : undefined
  }

  /** The term's place, or the free one where it would stand. */
  #find(term: number): number {
    const high = Math.floor(term / 0x1_0000_0000)
    let place = (Math.imul((term >>> 0) ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1) >>> 7) & this.#mask
    while (this.#places[place] !== 0 && this.#places[place] !== term) place = (place + 1) & this.#mask
    return place
  }
}
