import { Command } from 'commander'
import { z } from 'zod'
import { loadConfig } from '../config.ts'
import { SetupError } from '../domain/errors.ts'
import type { Area } from '../domain/services.ts'
import { fromLocalIso } from '../domain/time.ts'
import { FormId } from '../domain/messages/understanding.ts'
import { loadKnowledge } from '../knowledge/documents/load.ts'
import { cleanTyped, withoutMention } from '../language/clean.ts'
import { createReader } from '../language/moves/reader.ts'
import { MessageReader } from '../language/reader/message-reader.ts'
import { loadReaderWeights } from '../language/reader/open-reader.ts'
import { readMessage } from '../language/reader/read-message.ts'
import type { EmbeddingModel } from '../model/embedding/embedding.ts'
import { createCommandLog, waitForEmbedding } from './answering.ts'
import { readJsonLines, writeJsonLine } from './json-lines.ts'

const Line = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  text: z.string(),
  form: FormId.nullish(),
  now: z.string().nullish(),
})

/** An instant from ISO 8601; without a zone it is Shanghai's wall clock. undefined when it is no date. */
function parseInstant(iso: string): Date | undefined {
  const hasZone = /(?:z|[+-]\d{2}:?\d{2})$/i.test(iso) && iso.includes('T')
  const instant = hasZone ? new Date(iso) : fromLocalIso(iso.replace(' ', 'T'))
  return Number.isNaN(instant.getTime()) ? undefined : instant
}

interface Understanding {
  reader: MessageReader
  areas: readonly Area[]
  model: EmbeddingModel | null
  now: Date
  explains: boolean
}

async function understandLine(value: unknown, { reader, areas, model, now, explains }: Understanding): Promise<object> {
  const id = typeof value === 'object' && value !== null && 'id' in value ? { id: value.id } : {}
  const parsed = Line.safeParse(value)
  if (!parsed.success) return { ...id, error: z.prettifyError(parsed.error) }
  const { text, form: opened, now: lineNow } = parsed.data
  const instant = lineNow == null ? now : parseInstant(lineNow)
  if (instant === undefined) return { ...id, error: `now is not an ISO 8601 time: ${lineNow ?? ''}` }
  const form = opened ?? undefined
  const said = withoutMention(cleanTyped(text))
  const vector = model === null || said === '' ? null : ((await model.embed([said], 'passage'))[0] ?? null)
  const reading = await createReader({ current: () => reader, areas, vectorOf: () => Promise.resolve(vector) }).read(said, { asked: form === undefined ? 'nothing' : null, now: instant, form })
  const { guardian: _guardian, forWhom: _whom, companion: _companion, otherPhone: _phone, ...slots } = reading.slots
  const { intent, intents, danger, isSure } = reading
  const plain = { ...id, intent, intents, slots, danger: Math.round(danger * 1000) / 1000, sure: isSure }
  if (!explains) return plain
  const { gist, spans, moves } = readMessage(reader, said, vector, { asked: form === undefined ? 'nothing' : null, form, now: instant, areas })
  const likely = <T extends string>(of: ReadonlyMap<T, number>) => Object.fromEntries([...of].slice(0, 3).map(([name, probability]) => [name, Math.round(probability * 1000) / 1000]))
  return {
    ...plain,
    moves: reading.moves.map(({ type, text: words }) => ({ type, text: words })),
    probabilities: { intents: likely(gist.probabilities), moves: likely(moves) },
    spans: spans.map(({ start, end, kind }) => ({ kind, text: said.slice(start, end) })),
    because: reader.explain(said, gist.intents[0] ?? 'other').map(({ feature, weight }) => ({ feature, weight: Math.round(weight * 100) / 100 })),
  }
}

interface Options {
  file: string
  now?: string
  lexical?: boolean
  explain?: boolean
}

async function run(options: Options): Promise<void> {
  const now = options.now === undefined ? new Date() : parseInstant(options.now)
  if (now === undefined) throw new SetupError(`--now is not an ISO 8601 time: ${options.now ?? ''}. Example: 2026-11-24T10:00:00+08:00`)
  const config = loadConfig(process.env)
  const { services, areas } = await loadKnowledge(config.knowledgeDirectory)
  const weights = await loadReaderWeights(config.knowledgeDirectory)
  const model = weights.dense === null ? null : await waitForEmbedding(config, createCommandLog(config), options.lexical === true)
  const understanding: Understanding = { reader: new MessageReader(weights, { services, areas }), areas, model: model?.id === weights.dense?.model ? model : null, now, explains: options.explain === true }
  for await (const line of readJsonLines(options.file)) {
    writeJsonLine('error' in line ? { line: line.line, error: line.error } : await understandLine(line.value, understanding))
  }
}

/** `understand --json --file messages.jsonl [--now ISO]`: what each message wants and says, one line out for each line in. */
export function understandCommand(): Command {
  return new Command('understand')
    .description('reads messages of a JSON Lines file and prints intents, slots and danger of each')
    .option('--json', 'JSON Lines out (the only format)')
    .requiredOption('--file <file>', 'lines of {"id","text","form"?,"now"?}; - reads standard input')
    .option('--now <iso>', 'the instant that 明天 counts from; default: now')
    .option('--lexical', 'reads by words alone, without the embedding model')
    .option('--explain', 'adds moves, probabilities, marked stretches and what spoke for the intent')
    .action(run)
}
