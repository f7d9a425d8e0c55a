import hnswlib from 'hnswlib-node'

const { HierarchicalNSW } = hnswlib
type Graph = InstanceType<typeof HierarchicalNSW>

/** Below this size every vector is compared, which is exact and as fast. */
const EXHAUSTIVE_BELOW = 64
const NEIGHBOURS = 16
const EF_CONSTRUCTION = 120
const EF_SEARCH = 160
const POINTS_BETWEEN_PAUSES = 200
const SEED = 100
/** How graphs are made: one that was made otherwise is not taken for ours. */
export const GRAPH_RECIPE = `hnsw/cosine/${NEIGHBOURS}/${EF_CONSTRUCTION}/${SEED}`

/** The vectors nearest to a question's, best first. */
export interface Neighbour {
  /** The vector's position in the list that the index was built from. */
  position: number
  cosine: number
}

/** Vectors of length 1 in an HNSW graph, with the vectors themselves, one behind the other, for exact cosines. Built or loaded once, never changed. */
export class VectorIndex {
  /** How many vectors there are. */
  readonly size: number
  readonly dimensions: number
  /** All vectors, `dimensions` numbers each. */
  readonly numbers: Float32Array
  readonly #graph: Graph | null

  private constructor(numbers: Float32Array, dimensions: number, graph: Graph | null) {
    this.size = dimensions === 0 ? 0 : numbers.length / dimensions
    this.dimensions = dimensions
    this.numbers = numbers
    this.#graph = graph
  }

  /** Builds in small steps, so that a server goes on answering meanwhile. */
  static async build(vectors: readonly Float32Array[]): Promise<VectorIndex> {
    const dimensions = vectors[0]?.length ?? 0
    const numbers = new Float32Array(vectors.length * dimensions)
    for (const [position, vector] of vectors.entries()) numbers.set(vector, position * dimensions)
    if (vectors.length < EXHAUSTIVE_BELOW) return new VectorIndex(numbers, dimensions, null)
    const graph = new HierarchicalNSW('cosine', dimensions)
    graph.initIndex({ maxElements: vectors.length, m: NEIGHBOURS, efConstruction: EF_CONSTRUCTION, randomSeed: SEED })
    for (const [position, vector] of vectors.entries()) {
      // addPoint takes plain arrays only.
      graph.addPoint(Array.from(vector), position)
      if (position % POINTS_BETWEEN_PAUSES === 0) await new Promise(setImmediate)
    }
    graph.setEf(EF_SEARCH)
    return new VectorIndex(numbers, dimensions, graph)
  }

  /**
   * The index whose graph `writeGraph` wrote, with its vectors: it finds exactly what that one found.
   * @throws when the file is no graph of these vectors
   */
  static async load(numbers: Float32Array, dimensions: number, graphFile: string): Promise<VectorIndex> {
    const graph = new HierarchicalNSW('cosine', dimensions)
    await graph.readIndex(graphFile)
    if (graph.getCurrentCount() * dimensions !== numbers.length) throw new RangeError(`${graphFile} is a graph of other vectors`)
    graph.setEf(EF_SEARCH)
    return new VectorIndex(numbers, dimensions, graph)
  }

  /** The same vectors and a few more behind them, which are compared one by one. */
  extend(vectors: readonly Float32Array[]): VectorIndex {
    const numbers = new Float32Array(this.numbers.length + vectors.length * this.dimensions)
    numbers.set(this.numbers)
    for (const [index, vector] of vectors.entries()) numbers.set(vector, this.numbers.length + index * this.dimensions)
    return new VectorIndex(numbers, this.dimensions, this.#graph)
  }

  /** Whether there is a graph to be kept: a few vectors are compared one by one. */
  get hasGraph(): boolean {
    return this.#graph !== null
  }

  async writeGraph(file: string): Promise<void> {
    await this.#graph?.writeIndex(file)
  }

  /** At most `limit` neighbours, best first. */
  search(vector: Float32Array, limit: number): Neighbour[] {
    const count = Math.min(limit, this.size)
    if (count === 0) return []
    const inGraph = this.#graph?.getCurrentCount() ?? 0
    const behind = Array.from({ length: this.size - inGraph }, (_, index) => inGraph + index)
    const positions = this.#graph === null ? behind : [...this.#graph.searchKnn(Array.from(vector), Math.min(count, inGraph)).neighbors, ...behind]
    return Array.from(positions, (position) => ({ position, cosine: this.cosine(vector, position) }))
      .sort((left, right) => right.cosine - left.cosine)
      .slice(0, count)
  }

  /** The vector itself, not a copy. */
  vector(position: number): Float32Array {
    return this.numbers.subarray(position * this.dimensions, (position + 1) * this.dimensions)
  }

  /** 0 where there is no such position. */
  cosine(vector: Float32Array, position: number): number {
    if (position < 0 || position >= this.size) return 0
    const start = position * this.dimensions
    let sum = 0
    for (let index = 0; index < vector.length; index += 1) sum += vector[index]! * this.numbers[start + index]!
    return sum
  }
}
