import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { KnowledgeDocument } from '../../domain/answers.ts'
import { SetupError } from '../../domain/errors.ts'
import { importDocument } from '../../knowledge/documents/import/import-document.ts'
import type { ImportOptions } from '../../knowledge/documents/import/import-document.ts'
import { readJsonLines } from '../json-lines.ts'

/** A question on one of the folder's files; `where` is a run of the file's text that answers it, '' = nothing does. */
const PaperQuestion = z.object({ file: z.string(), q: z.string(), where: z.string().default(''), kind: z.enum(['answerable', 'near_miss']).optional() })
export type PaperQuestion = z.infer<typeof PaperQuestion>
const Given = z.record(z.string(), z.looseObject({ title: z.string().nullish(), issuer: z.string().nullish(), issuedOn: z.string().nullish(), docNo: z.string().nullish() }))

export interface PaperFolder {
  /** By the file's name; what could not be imported is named on stderr and left out. */
  documents: Map<string, KnowledgeDocument>
  questions: PaperQuestion[]
}

/**
 * A labelled folder: files of any kind that can be imported, `questions*.jsonl` of {"file","q","where","kind"?} and, where it is wanted, `metadata.json` by
 * file name with what a file does not say of itself. What is missing all the same is made up: reading the head of a paper is not measured here.
 * @throws SetupError when no file can be imported, or a line is none
 */
export async function readPaperFolder(folder: string): Promise<PaperFolder> {
  const names = (await readdir(folder)).filter((name) => !/\.jsonl?$|^[._]|^readme/i.test(name)).sort()
  const given = Given.parse(JSON.parse(await readFile(path.join(folder, 'metadata.json'), 'utf8').catch(() => '{}')))
  const documents = new Map<string, KnowledgeDocument>()
  for (const name of names) {
    const { title, issuer, issuedOn, docNo } = given[name] ?? {}
    const said: ImportOptions = { title: title ?? undefined, issuer: issuer ?? undefined, issuedOn: issuedOn ?? undefined, number: docNo ?? undefined, takenIds: [...documents.values()].map(({ id }) => id) }
    const bytes = await readFile(path.join(folder, name))
    const found = await importDocument(name, bytes, said)
    const result = found.outcome === 'incomplete' ? await importDocument(name, bytes, fillIn(name, { ...found.found, ...present(said) })) : found
    if (result.outcome === 'ready') documents.set(name, result.document)
    else process.stderr.write(`${name}: ${result.outcome === 'refused' ? result.reason : result.outcome}\n`)
  }
  if (documents.size === 0) throw new SetupError(`${folder} holds no file that can be imported`)
  return { documents, questions: await readQuestions(folder) }
}

const present = (said: ImportOptions): ImportOptions => Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))

function fillIn(name: string, said: ImportOptions): ImportOptions {
  return { ...said, title: said.title ?? name.replace(/\.[^.]*$/, ''), issuer: said.issuer ?? '—', issuedOn: said.issuedOn ?? '2020-01-01' }
}

async function readQuestions(folder: string): Promise<PaperQuestion[]> {
  const questions: PaperQuestion[] = []
  for (const name of (await readdir(folder)).filter((file) => /^questions.*\.jsonl$/.test(file))) {
    for await (const line of readJsonLines(path.join(folder, name))) {
      const parsed = 'error' in line ? null : PaperQuestion.safeParse(line.value)
      if (parsed?.success !== true) throw new SetupError(`${name}, line ${line.line}: ${'error' in line ? line.error : z.prettifyError(parsed?.error ?? new z.ZodError([]))}`)
      questions.push(parsed.data)
    }
  }
  return questions
}
