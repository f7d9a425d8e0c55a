import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { KnowledgeDocument, KnownGap } from '../../domain/answers.ts'
import { SetupError } from '../../domain/errors.ts'
import type { Office } from '../../domain/office/office.ts'
import type { Area, Service } from '../../domain/services.ts'
import type { Deadlines } from '../../domain/requests/deadlines.ts'
import { readAreas, readServices } from './load-catalogue.ts'
import { readDeadlines, readHolidays } from './load-deadlines.ts'
import { type HeldQuestion, type KnownDocuments, QuestionFiles } from './load-questions.ts'
import { readDocument } from './load-document.ts'
import type { LoadedDocument } from './load-document.ts'
import { readOffice } from './load-office.ts'
import { addProblem, displayPath, readSource } from './load-file.ts'
import type { Problem, SourceFile } from './load-file.ts'
import { TalkRegister } from './load-talk.ts'
import type { Talk } from '../../domain/messages/talk.ts'

/** Everything that stands in the knowledge folder, checked. */
export interface Knowledge {
  documents: KnowledgeDocument[]
  gaps: KnownGap[]
  services: Service[]
  areas: Area[]
  deadlines: Deadlines
  /** null = the folder has no office.yaml. */
  office: Office | null
  /** Questions and gaps of clauses that are others now, or are no more: nothing is answered with them until staff have said where they belong. */
  held: HeldQuestion[]
  /** The documents' files as they were read, by the documents' ids. */
  files: ReadonlyMap<string, DocumentFile>
}

export interface DocumentFile {
  /** Below the knowledge folder. */
  file: string
  text: string
}

/** The file of the office's facts, within the knowledge folder; a folder may have none. */
export const OFFICE_FILE = 'office.yaml'

/** Names of what is read right below the knowledge folder: a copy with these, whole, reads like the folder. */
export const READ_BELOW = /^(?:documents|questions|gaps|[^.].*\.ya?ml)$/i

const LOCK_FILE = /\.lock\.yaml$/i
const QUESTIONS_FILE = /(?<!\.lock)\.ya?ml$/i

/**
 * Reads `documents/*.md`, `questions/*.yaml`, `gaps/*.yaml`, `services.yaml`, `areas.yaml` and, where they are there, `deadlines.yaml`, `holidays.yaml` and `office.yaml` below `directory`. A questions or gaps file
 * is named after the document that it belongs to; a document may have none. Beside the questions lies `ID.lock.yaml`, which says of which text the numbers are (identity/lock-file.ts).
 * @throws SetupError naming every problem of every file, with file and line, in Chinese and English.
 */
export async function loadKnowledge(directory: string): Promise<Knowledge> {
  const sources: SourceFile[] = []
  const read = async (...parts: string[]): Promise<SourceFile> => {
    const source = await readSource(join(directory, ...parts))
    sources.push(source)
    return source
  }
  const documents = new DocumentRegister()
  for (const name of await listFiles(directory, 'documents', /\.md$/i)) documents.add(await read('documents', name))

  const isWithoutDocuments = sources.length === 0
  const questions = new QuestionFiles(documents)
  for (const name of await listFiles(directory, 'questions', LOCK_FILE)) questions.addLock(await read('questions', name))
  for (const name of await listFiles(directory, 'questions', QUESTIONS_FILE)) questions.addQuestions(await read('questions', name))
  for (const name of await listFiles(directory, 'gaps', QUESTIONS_FILE)) questions.addGaps(await read('gaps', name))
  const { gaps, held } = questions.place()

  const readIfThere = async (name: string) => ((await listFiles(directory, '.', /\.ya?ml$/i)).includes(name) ? read(name) : null)
  const deadlines: Deadlines = { ...readDeadlines(await readIfThere('deadlines.yaml')), calendar: readHolidays(await readIfThere('holidays.yaml')) }
  const services = readServices(await read('services.yaml'), deadlines.limits)
  const areas = readAreas(await read('areas.yaml'))
  const office = (await hasFile(directory, OFFICE_FILE)) ? readOffice(await read(OFFICE_FILE), documents.all()) : null
  const problems = sources.flatMap((source) => source.problems)
  if (isWithoutDocuments) problems.unshift({ file: displayPath(join(directory, 'documents')), line: 1, text: '这里没有文件，至少要一份 .md / holds no .md file' })
  if (problems.length > 0) throw new SetupError(describeProblems(problems))
  return { documents: documents.all(), gaps, services, areas, deadlines, office, held, files: documents.files() }
}

const hasFile = (directory: string, name: string): Promise<boolean> => stat(join(directory, name)).then(
  (found) => found.isFile(),
  () => false,
)

/**
 * Reads `talk/intents/*.yml`, `talk/spans/*.yml`, `talk/moves/*.yml` and `talk/held-back/*.yml` below `directory`: what the reader learns from.
 * Empty when there is no such folder.
 * @throws SetupError naming every problem, with file and line
 */
export async function loadTalk(directory: string): Promise<Talk> {
  const register = new TalkRegister()
  const sources: SourceFile[] = []
  const readAll = async (folder: string, add: (source: SourceFile) => void) => {
    for (const name of await listFiles(directory, join('talk', folder), /\.ya?ml$/i)) {
      const source = await readSource(join(directory, 'talk', folder, name))
      sources.push(source)
      add(source)
    }
  }
  await readAll('intents', (source) => register.addIntents(source))
  await readAll('held-back', (source) => register.addIntents(source, true))
  await readAll('spans', (source) => register.addSpans(source))
  await readAll('moves', (source) => register.addMoves(source))
  const problems = sources.flatMap((source) => source.problems)
  if (problems.length > 0) throw new SetupError(describeProblems(problems))
  return register.talk
}

async function listFiles(directory: string, folder: string, pattern: RegExp): Promise<string[]> {
  try {
    const names = await readdir(join(directory, folder))
    return names.filter((name) => pattern.test(name) && !/^[._~]|^readme\./i.test(name)).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new SetupError(`读不了文件夹 / cannot read the folder ${join(directory, folder)}`, { cause: error })
  }
}

/** The documents read so far, by id. */
class DocumentRegister implements KnownDocuments {
  readonly #documents = new Map<string, LoadedDocument>()
  /** False when a file was left out or has faults: what seems to be missing may stand in it. */
  isComplete = true

  add(source: SourceFile): void {
    const loaded = readDocument(source)
    const earlier = loaded === null ? undefined : this.#documents.get(loaded.document.id)
    if (loaded !== null && earlier !== undefined) {
      addProblem(source, loaded.idLine, `id: “${loaded.document.id}”已经用在 ${earlier.source.name} / id is already used there`)
    } else if (loaded !== null) {
      this.#documents.set(loaded.document.id, loaded)
    }
    if (source.problems.length > 0) this.isComplete = false
  }

  find(id: string): KnowledgeDocument | null {
    return this.#documents.get(id)?.document ?? null
  }

  files(): Map<string, DocumentFile> {
    return new Map([...this.#documents].map(([id, { source }]) => [id, { file: `documents/${basename(source.name)}`, text: source.text }]))
  }

  all(): KnowledgeDocument[] {
    const documents = [...this.#documents.values()].map((loaded) => loaded.document)
    return documents.map((document) => withSuccessor(document, documents))
  }
}

/** What takes a document's place is named by its id, or (in files that are written by hand) by its title; of one title the latest is meant. */
function withSuccessor(document: KnowledgeDocument, documents: readonly KnowledgeDocument[]): KnowledgeDocument {
  const named = document.supersededBy
  if (named === undefined) return document
  const others = documents.filter(({ id }) => id !== document.id)
  const bare = (title: string) => title.replaceAll(/[《》\s]/g, '')
  const by = others.find(({ id }) => id === named) ?? others.filter(({ title }) => bare(title) === bare(named)).sort((left, right) => right.issuedOn.localeCompare(left.issuedOn))[0]
  return by === undefined ? document : { ...document, supersededBy: by.title, supersededById: by.id }
}

function describeProblems(problems: Problem[]): string {
  const lines = problems.map((problem) => `${problem.file}:${problem.line}: ${problem.text}`)
  return [`知识文件有 ${problems.length} 处要改，改好再启动 / ${problems.length} problem(s) in the knowledge files, mend them and start again:`, ...lines].join('\n')
}
