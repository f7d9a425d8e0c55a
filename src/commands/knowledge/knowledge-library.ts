import type { Command } from 'commander'
import type { Actor } from '../../desk/actor.ts'
import { placeHeld } from '../../desk/knowledge/held-questions.ts'
import { noteFolder } from '../../desk/knowledge/library.ts'
import { actionName, type Library, type LibraryResult } from '../../desk/knowledge/library-change.ts'
import { withStaffKnowledge } from '../../desk/knowledge/staff-knowledge.ts'
import { undoDocument } from '../../desk/knowledge/undo-document.ts'
import { clauseName } from '../../domain/answers.ts'
import { formatLocalLong } from '../../domain/time.ts'
import { settleFolder } from '../../knowledge/documents/identity/settle.ts'
import { loadKnowledge, type Knowledge } from '../../knowledge/documents/load.ts'
import { fillOfficePrints } from '../../knowledge/documents/write-office.ts'
import { explainFinding } from '../../knowledge/learn/explain.ts'
import { listVersions } from '../../store/knowledge/document-versions.ts'
import { openAnswerer } from '../answering.ts'
import { fail, withStore, writeLine } from '../output.ts'

/** Who does what is done on the command line. */
export const COMMAND_LINE: Actor = { staffId: null, user: '命令行', name: '命令行' }

/** The knowledge folder with its versions, for one job. What is written counts in a running service at the next question. */
export function withLibrary(job: (library: Library) => Promise<void>): Promise<void> {
  return withStore(async ({ store, config, now }) => {
    const directory = config.knowledgeDirectory
    let knowledge: Knowledge = await loadKnowledge(directory)
    await noteFolder({ store, now }, knowledge)
    // Before anything is changed it has to be known for which text the questions are.
    await settle(directory, knowledge)
    const { held } = await withStaffKnowledge(store, knowledge)
    const look = async () => {
      knowledge = await loadKnowledge(directory)
      await settle(directory, knowledge)
    }
    await job({ store, now, directory, knowledge: () => knowledge, read: look, look, problem: () => null, held: () => held })
  })
}

async function settle(directory: string, knowledge: Knowledge): Promise<void> {
  await settleFolder(directory, knowledge)
  await fillOfficePrints(directory, knowledge)
}

/** Says why nothing was written. @returns whether it was */
export function isChanged(result: LibraryResult, failed: string): boolean {
  if (result.outcome === 'changed') return true
  fail(result.outcome === 'not_found' ? `${failed}没有找到，请用 knowledge list 核对编号。` : result.outcome === 'refused' ? `${failed}\n${result.reason}` : result.reason)
  return false
}

/** `knowledge versions ID`, `undo ID`, `held`, `place ID`, `try QUESTION`. */
export function addLibraryCommands(knowledge: Command): void {
  knowledge.command('versions').description('一份文件的各个版本：什么时候、谁改的').argument('<id>', '编号').action(versions)
  knowledge.command('undo').description('撤销一份文件最近一次改动，或者恢复某一版').argument('<id>', '编号').option('--to <version>', '恢复哪一版（versions 里的编号）').action(undo)
  knowledge.command('held').description('条文改了以后，不知道该放在哪一条的问题').action(held)
  knowledge
    .command('place')
    .description('把这样的问题放到一条下面，或者不要了')
    .argument('<id>', '文件的编号')
    .argument('<questions...>', '问题')
    .option('--to <clause>', '放到哪一条')
    .option('--drop', '不要这些问题了')
    .action(place)
  knowledge.command('try').description('试一个问题：找到了哪些条、把握多大、为什么、怎么答').argument('<question>', '问题').option('--lexical', '只按字词找').action(tryOne)
}

const versions = (id: string): Promise<void> =>
  withLibrary(async ({ store }) => {
    const all = await listVersions(store, id)
    if (all.length === 0) return fail(`没有编号为“${id}”的文件。`)
    for (const version of all) writeLine(`${version.id}  ${formatLocalLong(version.createdAt)}  ${version.by}  ${actionName(version.action)}  《${version.title}》`)
  })

const undo = (id: string, { to }: { to?: string }): Promise<void> =>
  withLibrary(async (library) => {
    if (isChanged(await undoDocument(library, COMMAND_LINE, { documentId: id, ...(to !== undefined && { to }) }), '没有恢复。')) writeLine(`已恢复 ${id}。再运行一次 undo 就回到刚才那一版。`)
  })

const held = (): Promise<void> =>
  withLibrary((library) => {
    for (const { documentId, key, question, isGap, near } of library.held()) {
      writeLine(`${documentId}  原${clauseName(key.replace(/^旧/, ''), ' ')}  ${question}${isGap ? '（文件没写的）' : ''}  ${near.length === 0 ? '没有像的' : `像是${near.map((clause) => clauseName(clause, ' ')).join('、')}`}`)
    }
    return Promise.resolve()
  })

const place = (id: string, questions: string[], { to, drop }: { to?: string; drop?: boolean }): Promise<void> =>
  withLibrary(async (library) => {
    if ((to === undefined) === (drop !== true)) return fail('请用 --to 写上放到哪一条，或者用 --drop 不要了。')
    if (isChanged(await placeHeld(library, COMMAND_LINE, { documentId: id, questions, clause: to ?? null }), '没有放。')) writeLine(to === undefined ? '已去掉。' : `已放到${clauseName(to, ' ')}。`)
  })

async function tryOne(question: string, { lexical }: { lexical?: boolean }): Promise<void> {
  const { answerer } = await openAnswerer({ isLexical: lexical === true })
  const { found, gap } = await explainFinding(answerer.workings(), question)
  const percent = (share: number) => `${Math.round(share * 100)}%`
  for (const { document, clause, score, words, meaning, typical } of found) {
    writeLine(`${document} ${clauseName(clause, ' ')}  把握 ${percent(score)}  字词 ${percent(words)}  意思 ${meaning === null ? '没有比' : percent(meaning)}  ${typical === null ? '没有像的问法' : `最像“${typical.text}” ${percent(typical.nearness)}`}`)
  }
  if (gap !== null) writeLine(`更像一个文件没有写的问题：“${gap}”`)
  const { text } = await answerer.answer(question, lexical === true ? { lexicalOnly: true } : {})
  writeLine(`\n${text}`)
}
