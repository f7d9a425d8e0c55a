import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { isMap, parseDocument, type Document } from 'yaml'
import type { Office } from '../../domain/office/office.ts'
import { printOf } from './identity/clause-print.ts'
import { writeFileWhole } from './import/document-file.ts'
import { OFFICE_FILE, type Knowledge } from './load.ts'
import { oneAtATime } from './one-at-a-time.ts'
import type { KnowledgeFolder } from './watch.ts'

/** What a file begins with that is written anew. */
const HEAD = ' 社区办公室的基本情况：居民问电话、上班时间、地方、谁管什么，就照这里回答。\n 在管理页面的“社区信息”里也能改；改好保存，下一个问题就算数。怎么写看 README.md。'

/** Keys in the order in which people read them. */
const ORDER = ['example', 'name', 'telephone', 'address', 'changed', 'dates', 'hours', 'holidays', 'closed', 'people', 'places', 'questions'] as const satisfies readonly (keyof Office)[]

/**
 * Writes the office's file, whole or not at all. What has not changed stays as it was written, comments included.
 * @throws what the file system says when the folder cannot be written
 */
export async function writeOffice(directory: string, office: Office): Promise<void> {
  const file = path.join(directory, OFFICE_FILE)
  const before = await readFile(file, 'utf8').catch(() => null)
  const yaml = before === null ? newDocument() : parseDocument(before)
  // A file that nobody can read any more is written anew: its place is in the backup.
  const document = yaml.errors.length > 0 ? newDocument() : yaml
  const present = (document.toJS() ?? {}) as Record<string, unknown>
  for (const key of ORDER) {
    const value = office[key]
    if (value === undefined) document.delete(key)
    else if (!isDeepStrictEqual(present[key], value)) document.set(key, document.createNode(value, { aliasDuplicateObjects: false }))
  }
  await writeFileWhole(file, document.toString({ lineWidth: 0 }))
}

/**
 * Notes in the office's file the words of the clauses that its answers point to, so that they are followed when the numbers change. All else stays.
 * @returns whether something was written
 */
export async function fillOfficePrints(directory: string, { office, documents }: Pick<Knowledge, 'office' | 'documents'>): Promise<boolean> {
  if (office == null || office.questions.every(({ clause }) => clause === undefined || clause.print !== undefined)) return false
  const yaml = parseDocument(await readFile(path.join(directory, OFFICE_FILE), 'utf8'))
  let isFilled = false
  for (const [index, { clause, question }] of office.questions.entries()) {
    if (clause === undefined || clause.print !== undefined) continue
    const passage = documents.find(({ id }) => id === clause.document)?.passages.find((one) => one.clause === clause.number)
    const place = ['questions', index, 'clause']
    // Somebody may have changed the file meanwhile: then it is read again.
    const isThere = isMap(yaml.getIn(place)) && String(yaml.getIn(['questions', index, 'question'])).trim() === question && String(yaml.getIn([...place, 'number'])) === clause.number && !yaml.hasIn([...place, 'print'])
    if (passage === undefined || !isThere) continue
    yaml.setIn([...place, 'print'], printOf(passage))
    isFilled = true
  }
  if (isFilled) await writeFileWhole(path.join(directory, OFFICE_FILE), yaml.toString({ lineWidth: 0 }))
  return isFilled
}

/** How the office is kept in the folder that it is read from: resolves when what was written answers. @throws when it can't be written, or read again */
export const keepOfficeIn = (directory: string, folder: Pick<KnowledgeFolder, 'look' | 'problem'>) => (office: Office): Promise<void> =>
  oneAtATime(directory, async () => {
    await writeOffice(directory, office)
    await folder.look()
    const problem = folder.problem()
    if (problem !== null) throw new Error(problem)
  })

function newDocument(): Document {
  const document = parseDocument('{}')
  document.contents = document.createNode({}) as typeof document.contents
  document.commentBefore = HEAD
  return document
}
