import { Document } from '@langchain/core/documents'
import { BaseRetriever } from '@langchain/core/retrievers'
import type { Answerer } from './answerer.ts'

/** What a retrieved document says of where it stands. */
export interface PassageMetadata extends Record<string, unknown> {
  document: string
  clause: string
  title: string
  /** Calibrated probability, 0..1. */
  score: number
}

/** LangChain's view of the answerer: the `limit` passages that answer a question most probably. */
export class PassageRetriever extends BaseRetriever<PassageMetadata> {
  override lc_namespace = ['linli', 'retrievers']
  readonly #answerer: Pick<Answerer, 'rank' | 'passage'>
  readonly #limit: number

  static override lc_name(): string {
    return 'PassageRetriever'
  }

  constructor(answerer: Pick<Answerer, 'rank' | 'passage'>, limit = 4) {
    super()
    this.#answerer = answerer
    this.#limit = limit
  }

  override async _getRelevantDocuments(question: string): Promise<Document<PassageMetadata>[]> {
    const ranked = await this.#answerer.rank(question, this.#limit)
    return ranked.flatMap(({ document, clause, score }) => {
      const passage = this.#answerer.passage(document, clause)
      return passage === null ? [] : [new Document({ pageContent: passage.text, metadata: { document, clause, title: passage.title, score } })]
    })
  }
}
