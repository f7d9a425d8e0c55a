import { createHash } from 'node:crypto'
import type { AskedKind } from './asked-kind.ts'
import { openKept } from '../numbers/kept-file.ts'
import type { KeptKind, KeptOptions } from '../numbers/kept-file.ts'
import { LinearHead } from '../numbers/linear-head.ts'
import type { SparseRow, SparseRows } from '../numbers/linear-head.ts'

/** How much a question's words are like those of each sort of known question: around 1 = like them, around -1 = not. */
export interface HeadScores {
  /** By passage; passages without typical questions are absent. */
  passages: Map<number, number>
  gap: number
  otherDomain: number
}

export interface HeadExample {
  terms: readonly number[]
  kinds: readonly AskedKind[]
  /** Passage number, or which of the sorts that belong to no passage. */
  owner: number | 'gap' | 'otherDomain'
}

/** To be raised when LinearHead learns in another way. */
const LEARNING_VERSION = 1
const TRAINING = { cost: 0.3, rounds: 10 }
/** Length of a row: the larger, the less the bias matters. */
const ROW_LENGTH = 2
/** What a kind of thing asked counts beside a row's words. */
const KIND_WEIGHT = 0.6
/** Sorts that nothing was learnt of. */
const UNLIKE = -1

/**
 * What the words of known questions have in common by passage, gap and other domain, learnt from all of them at once: where the nearest
 * question is chance, this is not. Trained when built, some 100 ms for 2,000 questions.
 */
export class QuestionHead {
  readonly #examples: readonly HeadExample[]
  readonly #weigh: (term: number) => number
  readonly #columns = new Map<number | AskedKind, number>()
  readonly #rows: SparseRows
  readonly #classes: Int32Array
  readonly #passages: number[]
  readonly #heads = new WeakMap<ReadonlySet<number>, LinearHead>()
  readonly #head: LinearHead

  /**
   * @param weigh a term's rarity
   * @param kept where what was learnt is kept, and loaded from when it would be learnt from the same
   */
  constructor(examples: readonly HeadExample[], weigh: (term: number) => number, kept?: KeptOptions) {
    this.#examples = examples
    this.#weigh = weigh
    this.#passages = [...new Set(examples.flatMap(({ owner }) => (typeof owner === 'number' ? [owner] : [])))]
    const places = new Map<HeadExample['owner'], number>([...this.#passages.entries()].map(([place, passage]) => [passage, place]))
    places.set('gap', this.#passages.length).set('otherDomain', this.#passages.length + 1)
    this.#classes = Int32Array.from(examples, ({ owner }) => places.get(owner) ?? -1)
    for (const { terms, kinds } of examples) {
      for (const name of [...terms, ...kinds]) if (!this.#columns.has(name)) this.#columns.set(name, this.#columns.size)
    }
    this.#rows = this.#collect()
    const train = () => this.#train(new Set())
    const kind: KeptKind<LinearHead> = { prefix: 'head-', most: 3, load: (columns) => LinearHead.load(columns, this.#passages.length + 2, this.#columns.size), columnsOf: (head) => head.columns() }
    this.#head = kept === undefined ? train() : openKept(kind, this.#hash(), kept, train)
  }

  /** @param leftOut positions of examples that nothing may be learnt from, when measuring; the same set is learnt once */
  scores(terms: readonly number[], kinds: readonly AskedKind[], leftOut?: ReadonlySet<number>): HeadScores {
    const scores = this.#headWithout(leftOut).scores(this.#toRow(terms, kinds))
    const passages = new Map<number, number>()
    for (const [place, passage] of this.#passages.entries()) {
      const score = scores[place]
      if (score != null) passages.set(passage, score)
    }
    return { passages, gap: scores[this.#passages.length] ?? UNLIKE, otherDomain: scores[this.#passages.length + 1] ?? UNLIKE }
  }

  #headWithout(leftOut: ReadonlySet<number> | undefined): LinearHead {
    if (leftOut === undefined || leftOut.size === 0) return this.#head
    const known = this.#heads.get(leftOut)
    if (known !== undefined) return known
    // Nothing is left to learn from: asked for with a new set each time.
    const head = leftOut.size >= this.#examples.length ? LinearHead.EMPTY : this.#train(leftOut)
    this.#heads.set(leftOut, head)
    return head
  }

  /** What the head is learnt from: the way of learning, every row and whose it is. */
  #hash(): string {
    const { starts, columns, values } = this.#rows
    const hash = createHash('sha256').update(JSON.stringify(['head', LEARNING_VERSION, TRAINING, this.#passages.length, this.#columns.size]))
    for (const part of [starts, columns, values, this.#classes]) hash.update(part)
    return hash.digest('hex').slice(0, 32)
  }

  #train(leftOut: ReadonlySet<number>): LinearHead {
    const classes = this.#classes.map((owner, position) => (leftOut.has(position) ? -1 : owner))
    return LinearHead.train(this.#rows, classes, this.#passages.length + 2, TRAINING)
  }

  #collect(): SparseRows {
    const rows = this.#examples.map(({ terms, kinds }) => this.#toRow(terms, kinds))
    const starts = new Uint32Array(rows.length + 1)
    for (const [position, { columns }] of rows.entries()) starts[position + 1] = (starts[position] ?? 0) + columns.length
    return {
      starts,
      columns: Uint32Array.from(rows.flatMap(({ columns }) => columns)),
      values: Float32Array.from(rows.flatMap(({ values }) => values)),
      width: this.#columns.size,
    }
  }

  /** Words that no example has take their share of the row's length: a question full of them is like nothing. */
  #toRow(terms: readonly number[], kinds: readonly AskedKind[]): { columns: number[]; values: number[] } & SparseRow {
    const distinct = [...new Set(terms)]
    const length = Math.sqrt(distinct.reduce((sum, term) => sum + this.#weigh(term) ** 2, 0)) || 1
    const columns: number[] = []
    const values: number[] = []
    const add = (name: number | AskedKind, value: number) => {
      const column = this.#columns.get(name)
      if (column === undefined) return
      columns.push(column)
      values.push(value)
    }
    for (const term of distinct) add(term, (ROW_LENGTH * this.#weigh(term)) / length)
    for (const kind of new Set(kinds)) add(kind, KIND_WEIGHT)
    return { columns, values }
  }
}
