import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseDocument } from 'yaml'
import { bareQuestion, printOf } from '../../knowledge/documents/identity/clause-print.ts'
import { moveQuestions } from '../../knowledge/documents/identity/settle.ts'
import { exists, type FolderChange } from '../../knowledge/documents/import/folder.ts'
import { moveTypical, removeTypical } from '../../store/knowledge/document-versions.ts'
import type { Transaction } from '../../store/engine/store.ts'
import type { Actor } from '../actor.ts'
import { changeLibrary, type Library, type LibraryResult } from './library-change.ts'

/** `clause` null = they belong to none any more: they are given up. */
export interface HeldDecision {
  documentId: string
  questions: readonly string[]
  clause: string | null
}

/** Says where questions belong whose clause is another now, or is no more. They count at the next question. */
export function placeHeld(services: Library, actor: Actor, { documentId, questions, clause }: HeldDecision): Promise<LibraryResult> {
  return changeLibrary(services, async (known) => {
    const wanted = new Set(questions.map(bareQuestion))
    const held = services.held().filter((one) => one.documentId === documentId && wanted.has(bareQuestion(one.question)))
    const passage = known.documents.find(({ id }) => id === documentId)?.passages.find((one) => one.clause === clause)
    if (held.length === 0 || (clause !== null && passage === undefined)) return { outcome: 'not_found' }
    const texts = new Set(held.filter(({ row }) => row === undefined).map(({ question }) => question))
    const changes: FolderChange[] = []
    for (const file of ['questions', 'gaps'].flatMap((folder) => [`${folder}/${documentId}.yaml`, `${folder}/${documentId}.yml`])) {
      if (texts.size === 0 || !(await exists(path.join(services.directory, file)))) continue
      const text = moveQuestions(await readFile(path.join(services.directory, file), 'utf8'), (question) => (texts.has(question) ? { to: clause } : null))
      if (text !== null) changes.push({ file, text: isEmptyYaml(text) ? null : text })
    }
    const rows = held.flatMap(({ row }) => row ?? [])
    const place = async (transaction: Transaction): Promise<void> => {
      if (passage === undefined) await removeTypical(transaction, rows, services.now())
      else await moveTypical(transaction, rows, { clause: passage.clause, print: printOf(passage) })
      await transaction.auditEntry.create({ data: { at: services.now(), actor: actor.user, action: 'held_placed', subject: documentId, detail: clause ?? '' } })
    }
    return { documentId, changes, versions: [], alsoIn: [place] }
  })
}

const isEmptyYaml = (text: string): boolean => Object.keys((parseDocument(text).toJS() as Record<string, unknown> | null) ?? {}).length === 0
