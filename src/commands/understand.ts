import { Command } from 'commander'
import { z } from 'zod'
import { loadConfig } from '../config.ts'
import { SetupError } from '../domain/errors.ts'
import { fromLocalIso } from '../domain/time.ts'
import { FormId } from '../domain/understanding.ts'
import { loadKnowledge } from '../knowledge/load.ts'
import { createUnderstanding } from '../language/understand.ts'
import type { Understand } from '../language/understand.ts'
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

function understandLine(value: unknown, understand: Understand, now: Date): object {
  const id = typeof value === 'object' && value !== null && 'id' in value ? { id: value.id } : {}
  const parsed = Line.safeParse(value)
  if (!parsed.success) return { ...id, error: z.prettifyError(parsed.error) }
  const { text, form, now: lineNow } = parsed.data
  const instant = lineNow == null ? now : parseInstant(lineNow)
  if (instant === undefined) return { ...id, error: `now is not an ISO 8601 time: ${lineNow ?? ''}` }
  const { intent, slots: { guardian: _guardian, ...slots } } = understand(text, { now: instant, form: form ?? undefined })
  return { ...id, intent, slots }
}

interface Options {
  file: string
  now?: string
}

async function run(options: Options): Promise<void> {
  const now = options.now === undefined ? new Date() : parseInstant(options.now)
  if (now === undefined) throw new SetupError(`--now is not an ISO 8601 time: ${options.now ?? ''}. Example: 2026-11-24T10:00:00+08:00`)
  const knowledge = await loadKnowledge(loadConfig(process.env).knowledgeDirectory)
  const understand = createUnderstanding(knowledge)
  for await (const line of readJsonLines(options.file)) {
    writeJsonLine('error' in line ? { line: line.line, error: line.error } : understandLine(line.value, understand, now))
  }
}

/** `understand --json --file messages.jsonl [--now ISO]`: what each message wants and says, one line out for each line in. */
export function understandCommand(): Command {
  return new Command('understand')
    .description('reads messages of a JSON Lines file and prints intent and slots of each')
    .option('--json', 'JSON Lines out (the only format)')
    .requiredOption('--file <file>', 'lines of {"id","text","form"?,"now"?}; - reads standard input')
    .option('--now <iso>', 'the instant that 明天 counts from; default: now')
    .action(run)
}
