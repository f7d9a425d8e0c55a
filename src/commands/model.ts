import { Command } from 'commander'
import pino from 'pino'
import { loadConfig } from '../config.ts'
import { SetupError } from '../domain/errors.ts'
import { loadEmbeddingModel } from '../model/embedding/embedding-source.ts'

/** `model`: fetches and verifies the embedding model and prints where it is. */
export function modelCommand(): Command {
  return new Command('model').description('fetches and verifies the embedding model, and prints where it is').action(async () => {
    const config = loadConfig(process.env)
    const log = pino({ level: 'info' }, pino.destination(2))
    const loaded = await loadEmbeddingModel({ ...config.embedding, log })
    if (loaded.outcome === 'unavailable') {
      throw new SetupError(`The embedding model cannot be had; answers come from words alone. Set EMBEDDING_MODEL_DIR, HF_ENDPOINT or put mvn on the PATH.\n${loaded.reasons.map((reason) => `  ${reason}`).join('\n')}`)
    }
    process.stderr.write(`${loaded.model.id}, ${loaded.model.dimensions} dimensions, verified; source: ${loaded.source}\n`)
    process.stdout.write(`${loaded.from}\n`)
  })
}
