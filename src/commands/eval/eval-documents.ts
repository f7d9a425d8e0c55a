import type { KnowledgeDocument } from '../../domain/answers.ts'
import { buildKnowledgeIndex } from '../../knowledge/find/knowledge-index.ts'
import type { KnowledgeIndex } from '../../knowledge/find/knowledge-index.ts'
import type { VectorCache } from '../../knowledge/find/vectors/vector-cache.ts'
import { embedLabelled } from '../../knowledge/learn/fit/fit-data.ts'
import type { LabelledQuestion } from '../../knowledge/learn/fit/fit-data.ts'
import { collectSum, fitSum } from '../../knowledge/learn/fit/fit-sum.ts'
import type { SumCorpus } from '../../knowledge/learn/fit/fit-sum.ts'
import { readPaperFolder } from './paper-folder.ts'

/** Shorter runs stand in too many clauses. */
const LEAST_RUN = 8

export interface DocumentFigures {
  file: string
  clauses: number
  /** Questions whose answer was found in the imported text, and those whose was not. */
  questions: number
  lost: number
  figures: Record<string, number>
}

/**
 * How well the right clause of each file of a folder is found, among all of them and the knowledge folder, by numbers that were fitted on the questions of
 * all other files. The folder has files, `questions*.jsonl` of {"file","q","where"} and, where it is wanted, `metadata.json` by file name.
 * @param cache null = by words alone
 */
export async function evaluateDocuments(folder: string, known: readonly KnowledgeDocument[], cache: VectorCache | null): Promise<DocumentFigures[]> {
  const { documents: imported, questions } = await readPaperFolder(folder)
  const documents = [...imported.values(), ...known]
  const knowledge = buildKnowledgeIndex({ documents, gaps: [] })
  const index = cache === null ? knowledge.index : await knowledge.index.withVectors(cache)
  const corpora: SumCorpus[] = []
  const rows: Omit<DocumentFigures, 'figures'>[] = []
  for (const [file, document] of imported) {
    const own = questions.filter((question) => question.file === file && question.where !== '')
    const labelled = own.map(({ q, where }) => label(q, where, document, knowledge)).filter(({ gold }) => gold.size > 0)
    rows.push({ file, clauses: document.passages.length, questions: labelled.length, lost: own.length - labelled.length })
    const vectors = cache === null ? labelled.map(() => null) : await embedLabelled(cache, labelled)
    corpora.push(collectSum(file, { index, questions: labelled, vectors }))
  }
  const { unseen } = fitSum(corpora.filter((corpus) => corpus.questions.length > 0), cache === null ? 'lexical' : 'hybrid')
  return rows.map((row) => ({ ...row, figures: unseen.find(({ name }) => name === row.file)?.figures ?? {} }))
}

/** Right are the document's clauses that hold the run, or the longest part of it that stands anywhere. */
function label(text: string, where: string, document: KnowledgeDocument, knowledge: KnowledgeIndex): LabelledQuestion {
  const bare = (one: string) => one.normalize('NFKC').replaceAll(/\s/g, '')
  const own = [...knowledge.passages.entries()].filter(([, { documentId }]) => documentId === document.id)
  const texts = own.map(([position, passage]) => ({ position, text: bare([...(passage.headings ?? []), passage.title, passage.text].join('')) }))
  const holding = (run: string) => texts.filter((one) => one.text.includes(run)).map(({ position }) => position)
  const wanted = bare(where)
  let gold = holding(wanted)
  for (let length = wanted.length - 2; gold.length === 0 && length >= LEAST_RUN; length -= 2) {
    for (let start = 0; gold.length === 0 && start + length <= wanted.length; start += 2) gold = holding(wanted.slice(start, start + length))
  }
  return { text, gold: new Set(gold), leftOut: new Set(knowledge.questions.keys()) }
}

const SHOWN = ['first', 'firstThree', 'firstFive', 'reciprocalRank'] as const

/** A table by file, with the mean over all questions. */
export function describeDocuments(mode: string, rows: readonly DocumentFigures[]): string {
  const cell = (value: string | number) => String(value).padStart(15)
  const asked = rows.reduce((sum, { questions }) => sum + questions, 0)
  const mean = (name: (typeof SHOWN)[number]) => (rows.reduce((sum, { questions, figures }) => sum + questions * (figures[name] ?? 0), 0) / Math.max(1, asked)).toFixed(3)
  return [
    `${mode}, each file by numbers fitted on the others`,
    ['clauses', 'questions', 'lost', ...SHOWN].map(cell).join(''),
    ...rows.map(({ file, clauses, questions, lost, figures }) => `${[clauses, questions, lost, ...SHOWN.map((name) => figures[name] ?? '-')].map(cell).join('')}  ${file}`),
    `${['', asked, rows.reduce((sum, { lost }) => sum + lost, 0), ...SHOWN.map(mean)].map(cell).join('')}  all`,
    '',
  ].join('\n')
}
