/** What a text is embedded for: the model puts an instruction before a question that is compared with passages. */
export type EmbeddingPurpose = 'question' | 'passage'

/**
 * Turns texts into vectors of length 1, in the order of the texts. A question that is compared with other questions is
 * embedded as 'passage'. Rejects with ModelCallError when no usable vectors came.
 */
export interface EmbeddingModel {
  /** Names model and version; vectors of different ids are never compared. */
  readonly id: string
  readonly dimensions: number
  embed(texts: readonly string[], purpose: EmbeddingPurpose): Promise<Float32Array[]>
  /** The same model several times side by side, for thousands of texts; absent where `embed` does that by itself. */
  openLanes?(count: number): EmbeddingLanes
  /** Ends the thread that it runs on; absent where it has none. */
  close?(): Promise<void>
}

/** Gives the same vectors as the model that it comes from; whoever opened it closes it. */
export interface EmbeddingLanes extends Pick<EmbeddingModel, 'embed'> {
  close(): Promise<void>
}
