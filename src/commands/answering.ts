import path from 'node:path'
import pino from 'pino'
import type { Logger } from 'pino'
import { loadConfig } from '../config.ts'
import type { Config } from '../config.ts'
import { createAnswerer } from '../knowledge/answerer.ts'
import type { Answerer } from '../knowledge/answerer.ts'
import { loadKnowledge } from '../knowledge/load.ts'
import type { EmbeddingModel } from '../model/embedding.ts'
import { loadEmbeddingModel } from '../model/embedding-source.ts'

/** A log on standard error: standard output carries results only. */
export function createCommandLog(config: Pick<Config, 'logLevel'>): Logger {
  return pino({ level: config.logLevel === 'info' ? 'warn' : config.logLevel }, pino.destination(2))
}

/** Where vectors are kept between runs. */
export function vectorFolder(config: Pick<Config, 'dataDirectory'>): string {
  return path.join(config.dataDirectory, 'cache')
}

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
  const { documents, gaps } = await loadKnowledge(config.knowledgeDirectory)
  const answerer = createAnswerer({ documents, gaps, cacheDirectory: vectorFolder(config), log, now: () => new Date() })
  const model = await waitForEmbedding(config, log, options.isLexical)
  if (model !== null) await answerer.useEmbedding(model)
  return { answerer, config, log }
}
