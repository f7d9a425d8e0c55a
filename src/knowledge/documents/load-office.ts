import { Office } from '../../domain/office/office.ts'
import { clauseName } from '../../domain/answers.ts'
import type { KnowledgeDocument } from '../../domain/answers.ts'
import { addProblem, parseYaml, type SourceFile } from './load-file.ts'

/** The office as the community wrote it down; null when the file has problems, which are added to `source`. */
export function readOffice(source: SourceFile, documents: readonly KnowledgeDocument[]): Office | null {
  if (source.text === '') return null
  const parsed = parseYaml(source, Office)
  if (parsed === null) return null
  for (const [index, { clause }] of parsed.value.questions.entries()) {
    const wrong = clause === undefined || clause.print !== undefined ? null : describeClauseProblem(clause, documents)
    if (wrong !== null) addProblem(source, parsed.lineOf(['questions', index, 'clause']), `questions ${index + 1} clause: ${wrong}`)
  }
  return parsed.value
}

/** Why there is no such clause; null when there is. */
export function describeClauseProblem({ document, number }: { document: string; number: string }, documents: readonly KnowledgeDocument[]): string | null {
  const found = documents.find(({ id }) => id === document)
  if (found === undefined) return `没有“${document}”这份文件 / no document has this id`
  return found.passages.some(({ clause }) => clause === number) ? null : `${document} 里没有${clauseName(number, ' ')} / no such clause`
}
