import hnswlib from 'hnswlib-node'
import { dot } from '../model/vectors.ts'

const { HierarchicalNSW } = hnswlib

/** Below this size every vector is compared, which is exact and as fast. */
const EXHAUSTIVE_BELOW = 64
const NEIGHBOURS = 16
const EF_CONSTRUCTION = 120
const EF_SEARCH = 160
const POINTS_BETWEEN_PAUSES = 200

/** The vectors nearest to a question's, best first. */
export interface Neighbour {
  /** The vector's position in the list that the index was built from. */
  position: number
  cosine: number
}

/** Vectors of length 1 in an HNSW graph, with the vectors themselves for exact cosines. Built once, never changed. */
export class VectorIndex {
  readonly vectors: readonly Float32Array[]
  readonly #graph: InstanceType<typeof HierarchicalNSW> | null

  private constructor(vectors: readonly Float32Array[], graph: InstanceType<typeof HierarchicalNSW> | null) {
    this.vectors = vectors
    this.#graph = graph
  }

  /** Builds in small steps, so that a server goes on answering meanwhile. */
  static async build(vectors: readonly Float32Array[]): Promise<VectorIndex> {
    const dimensions = vectors[0]?.length ?? 0
    if (vectors.length < EXHAUSTIVE_BELOW) return new VectorIndex(vectors, null)
    const graph = new HierarchicalNSW('cosine', dimensions)
    graph.initIndex({ maxElements: vectors.length, m: NEIGHBOURS, efConstruction: EF_CONSTRUCTION, randomSeed: 100 })
    for (const [position, vector] of vectors.entries()) {
      // addPoint takes plain arrays only.
      graph.addPoint(Array.from(vector), position)
      if (position % POINTS_BETWEEN_PAUSES === 0) await new Promise(setImmediate)
    }
    graph.setEf(EF_SEARCH)
    return new VectorIndex(vectors, graph)
  }

  /** At most `limit` neighbours, best first. */
  search(vector: Float32Array, limit: number): Neighbour[] {
    const count = Math.min(limit, this.vectors.length)
    if (count === 0) return []
    const positions = this.#graph === null ? this.vectors.keys() : this.#graph.searchKnn(Array.from(vector), count).neighbors
    return Array.from(positions, (position) => ({ position, cosine: this.cosine(vector, position) }))
      .sort((left, right) => right.cosine - left.cosine)
      .slice(0, count)
  }

  cosine(vector: Float32Array, position: number): number {
    const other = this.vectors[position]
    return other === undefined ? 0 : dot(vector, other)
  }
}
