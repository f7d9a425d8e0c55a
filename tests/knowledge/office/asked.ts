import { readFileSync } from 'node:fs'
import path from 'node:path'
import { TOPICS, type Topic } from '../../../src/knowledge/office/wordings.ts'

/** A question and what it asks of the office or the catalogue; null = something else. */
export interface Asked {
  q: string
  previous?: string
  topic: Topic | null
}

/** `known` is what the weights were fitted on; `unseen` was written after that and is only measured on. */
export function readAsked(name: 'known' | 'unseen' | 'fresh'): Asked[] {
  const lines = readFileSync(path.join(import.meta.dirname, `${name}.jsonl`), 'utf8').trim().split('\n')
  const asked = lines.map((line) => JSON.parse(line) as Asked)
  const strange = asked.filter(({ topic }) => topic !== null && !TOPICS.includes(topic))
  if (strange.length > 0) throw new Error(`${name}.jsonl has topics that there are not: ${strange.map(({ q }) => q).join(', ')}`)
  return asked
}

const MATTERS: Partial<Record<Topic, string>> = { office_open: 'hours', office_hours: 'hours', place_open: 'place hours', place_hours: 'place hours' }
const matterOf = (topic: Topic): string => (topic.startsWith('service_') ? 'service' : (MATTERS[topic] ?? topic))
/** Topics that are answered alike: of a service everything is told at once. */
export const sameMatter = (left: Topic, right: Topic): boolean => matterOf(left) === matterOf(right)
