import type { Logger } from 'pino'
import { loadConfig } from '../config.ts'
import type { Config } from '../config.ts'
import { tellAllAtOnce } from '../forms/service-guide.ts'
import { answerFromCommunity } from '../knowledge/office/answer-from-community.ts'
import { createAnswerer } from '../knowledge/answer/answerer.ts'
import type { Answerer } from '../knowledge/answer/answerer.ts'
import { loadKnowledge } from '../knowledge/documents/load.ts'
import type { EmbeddingModel } from '../model/embedding/embedding.ts'
import { createLog } from '../process.ts'
import { loadEmbeddingModel } from '../model/embedding/embedding-source.ts'

/** The program's own log, but for a command only what is amiss: standard error is read by people then. */
export const createCommandLog = (config: Pick<Config, 'logLevel'>): Logger => createLog({ logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel })

/** The embedding model, waited for; null when it is not wanted or cannot be had, which standard error then says. */
export async function waitForEmbedding(config: Config, log: Logger, isLexical: boolean): Promise<EmbeddingModel | null> {
  if (isLexical) return null
  const loaded = await loadEmbeddingModel({ ...config.embedding, log })
  if (loaded.outcome === 'ready') return loaded.model
  process.stderr.write(`No embedding model, going on by words alone:\n${loaded.reasons.map((reason) => `  ${reason}\n`).join('')}`)
  return null
}

/** The answerer over the knowledge folder, with its index finished. */
export async function openAnswerer(options: { isLexical: boolean }): Promise<{ answerer: Answerer; config: Config; log: Logger }> {
  const config = loadConfig(process.env)
  const log = createCommandLog(config)
  const knowledge = await loadKnowledge(config.knowledgeDirectory)
  const now = () => new Date()
  const documents = createAnswerer({ ...knowledge, cacheDirectory: config.cacheDirectory, log, now })
  const answerer = answerFromCommunity(documents, knowledge, { tellService: tellAllAtOnce, log, now })
  const model = await waitForEmbedding(config, log, options.isLexical)
  if (model !== null) await answerer.useEmbedding(model)
  return { answerer, config, log }
}
