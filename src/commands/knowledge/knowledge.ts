import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Command } from 'commander'
import { loadConfig } from '../../config.ts'
import { addDocument, removeDocument, supersedeDocument } from '../../desk/knowledge/library.ts'
import type { Library, LibraryResult } from '../../desk/knowledge/library-change.ts'
import type { KnowledgeDocument } from '../../domain/answers.ts'
import { SetupError } from '../../domain/errors.ts'
import { toLocalDay } from '../../domain/time.ts'
import { describeLikeness, describeUnlike, findLikenesses, type Advice } from '../../knowledge/documents/identity/recognise.ts'
import { exists } from '../../knowledge/documents/import/folder.ts'
import { importDocument } from '../../knowledge/documents/import/import-document.ts'
import type { Imported, ImportOptions, Missing } from '../../knowledge/documents/import/import-document.ts'
import { countClauses, describeImport, describeValidity } from '../../knowledge/documents/import/preview.ts'
import { describeTooLarge, LONGEST_FILE_BYTES } from '../../knowledge/documents/import/read-file.ts'
import { readTypedDay } from '../../knowledge/documents/import/written-date.ts'
import { loadKnowledge } from '../../knowledge/documents/load.ts'
import { standingOf } from '../../knowledge/answer/several-documents.ts'
import { addLibraryCommands, COMMAND_LINE, isChanged, withLibrary } from './knowledge-library.ts'
import { collectList, fail, tell, writeLine } from '../output.ts'

interface AddOptions extends ImportOptions {
  supersedes?: string[]
  issuedOn?: string
  yes?: boolean
}

/** Nothing was wrong, and nothing was written either. */
const ONLY_SHOWN = 3
const ADVICE: Advice = { supersede: (id) => `加上 --supersedes ${id}`, replace: (id) => `用 --id ${id}`, another: '用 --id 换一个编号' }
const ID = /^[a-z0-9][a-z0-9-]*$/

/** `knowledge add FILE…`, `list`, `remove ID`, `supersede ID --by ID`: the documents that answers come from. */
export function knowledgeCommand(): Command {
  const knowledge = new Command('knowledge').description('添加、查看、删除助手用来回答的文件')
  knowledge
    .command('add')
    .description('添加文件（md、txt、html、mht、doc、docx、rtf、xlsx、pdf），先给您看，同意了才写进去')
    .argument('<files...>', '一个或几个文件')
    .option('--title <title>', '标题')
    .option('--issuer <issuer>', '发文机关')
    .option('--number <number>', '文号，如 大署发〔2012〕15号')
    .option('--issued-on <day>', '发文日期，如 2012-04-05', toDay)
    .option('--effective-from <day>', '从哪天起施行', toDay)
    .option('--effective-to <day>', '到哪天为止有效', toDay)
    .option('--supersedes <ids>', '它代替了哪些文件（编号）', collectList)
    .option('--id <id>', '编号，小写字母、数字和 -')
    .option('--yes', '不再问，直接写进去')
    .action(add)
  knowledge.command('list').description('列出所有文件').action(list)
  knowledge.command('remove').description('删除一份文件，连同它的问题和缺口').argument('<id>', '编号').option('--yes', '不再问，直接删').action(remove)
  knowledge.command('supersede').description('写明一份文件被另一份代替了').argument('<id>', '旧文件的编号').requiredOption('--by <id>', '新文件的编号').action(supersede)
  addLibraryCommands(knowledge)
  return knowledge
}

function toDay(value: string): string {
  const day = readTypedDay(value)
  if (day === null) throw new SetupError(`日期“${value}”看不懂，请写成 2012-04-05 这样。`)
  return day
}

async function openFolder(): Promise<{ directory: string; documents: KnowledgeDocument[] }> {
  const { knowledgeDirectory: directory } = loadConfig(process.env)
  const { documents } = await loadKnowledge(directory)
  return { directory, documents }
}

async function add(files: string[], options: AddOptions): Promise<void> {
  const { yes, supersedes = [], ...said } = options
  if (files.length > 1 && Object.keys(said).length > 0) throw new SetupError('一次加几个文件时，不能用 --title、--id 这些选项，请一个一个加。')
  if (said.id !== undefined && !ID.test(said.id)) throw new SetupError(`编号“${said.id}”不能用，只能用小写字母、数字和 -。`)
  for (const file of files) await addOne(file, said, supersedes, yes === true)
}

async function addOne(file: string, said: ImportOptions, supersedes: readonly string[], isAgreed: boolean): Promise<void> {
  const { directory, documents } = await openFolder()
  const name = path.basename(file)
  const older = supersedes.map((id) => documents.find((document) => document.id === id) ?? unknown(id, documents))
  const bytes = await readBytes(file)
  if (typeof bytes === 'string') return fail(`${name}：${bytes}`)
  const imported = await importAsking(name, bytes, said, documents)
  if (imported.outcome === 'refused') return fail(`${name}：${imported.reason}`)
  if (imported.outcome === 'incomplete') return fail(`${name}：${askFor(imported.missing)}\n${imported.seen.join('；')}。`)
  const others = older.filter((document) => document.id !== imported.document.id)
  writeLine(describeImport(name, imported, documents, others, ADVICE))
  const likely = findLikenesses(imported.document, documents).filter(({ other }) => !others.includes(other))
  for (const likeness of likely) writeLine(`请看：${describeLikeness(likeness, imported.document, ADVICE)}`)
  const replaced = documents.find((document) => document.id === imported.document.id)
  const unlike = replaced === undefined ? null : describeUnlike(replaced, imported.document, ADVICE)
  if (unlike !== null) return fail(`${name}：没有写进去。\n${unlike}`)
  if (likely.some(({ kind }) => kind === 'same')) {
    tell('没有再加一份。')
    process.exitCode = ONLY_SHOWN
    return
  }
  if (!(await isConfirmed('写进去吗？', isAgreed))) return
  const isWritten = await changeLibrary(`${name}：没有写进去。`, (library) => addDocument(library, COMMAND_LINE, { document: imported.document, markdown: imported.markdown, supersedes: others.map((document) => document.id) }))
  if (!isWritten) return
  if (likely.length > 0) writeLine(`没有写明它代替了哪一份，先两份都留着，新的排在前面。要写明，运行：${likely.map(({ other }) => `knowledge supersede ${other.id} --by ${imported.document.id}`).join('；')}`)
  writeLine(`已写进 ${path.join(directory, fileOf(imported.document.id))}，正在运行的助手下一个问题就会用上。`)
}

/** The file's bytes, or in a sentence why not; one that is too large is not read at all. */
async function readBytes(file: string): Promise<Buffer | string> {
  try {
    const found = await stat(file)
    // A pipe or a device would be waited for without end.
    if (!found.isFile()) return found.isDirectory() ? `这是一个文件夹，请写出里面的文件：${file}` : `这不是一个普通的文件，没有读：${file}`
    const { size } = found
    return size > LONGEST_FILE_BYTES ? describeTooLarge(size) : await readFile(file)
  } catch {
    return `没有这个文件，或者读不了：${file}`
  }
}

const QUESTIONS: Record<Missing, { name: string; option: string; example: string }> = {
  title: { name: '标题', option: '--title', example: '幸福社区卫生公约' },
  issuer: { name: '发文机关', option: '--issuer', example: '幸福社区居民委员会' },
  issuedOn: { name: '发文日期', option: '--issued-on', example: '2024-03-01' },
}

/** Imports; at a terminal what stands nowhere in the file is asked for. */
async function importAsking(name: string, bytes: Buffer, said: ImportOptions, known: readonly KnowledgeDocument[]): Promise<Imported> {
  const imported = await importDocument(name, bytes, said, known)
  if (imported.outcome !== 'incomplete' || !isTerminal()) return imported
  tell(`${name}：${imported.seen.join('；')}。`)
  const answers: ImportOptions = { ...said }
  for (const key of imported.missing) {
    const { name: what, example } = QUESTIONS[key]
    const answer = (await ask(`文件里没有找到${what}，请写上（例如 ${example}）：`)).trim()
    if (answer !== '') answers[key] = key === 'issuedOn' ? toDay(answer) : answer
  }
  return importDocument(name, bytes, answers, known)
}

function askFor(missing: readonly Missing[]): string {
  const options = missing.map((key) => `${QUESTIONS[key].option} "${QUESTIONS[key].example}"`)
  return `文件里没有找到${missing.map((key) => QUESTIONS[key].name).join('、')}，请加上 ${options.join(' ')}。什么都没有写。`
}

const isTerminal = (): boolean => process.stdin.isTTY && process.stderr.isTTY

async function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await reader.question(question)
  } finally {
    reader.close()
  }
}

async function isConfirmed(question: string, isAgreed: boolean): Promise<boolean> {
  if (isAgreed) return true
  if (isTerminal() && /^\s*(?:y|yes|是|好|对|同意|可以)\s*$/i.test(await ask(`${question}（y/N）`))) return true
  tell(isTerminal() ? '没有写。' : '这是预览，什么都没有写。看过没问题，再加上 --yes 运行一次。')
  process.exitCode = ONLY_SHOWN
  return false
}

const fileOf = (id: string): string => path.join('documents', `${id}.md`)

function unknown(id: string, documents: readonly KnowledgeDocument[]): never {
  throw new SetupError(`没有编号为“${id}”的文件。现有：${documents.map((document) => document.id).join('、')}`)
}

/** Changes the folder, and keeps what it was. @returns whether it was written; standard error says why not */
async function changeLibrary(failed: string, change: (library: Library) => Promise<LibraryResult>): Promise<boolean> {
  let isWritten = false
  await withLibrary(async (library) => {
    isWritten = isChanged(await change(library), failed)
  })
  return isWritten
}

async function list(): Promise<void> {
  const { documents } = await openFolder()
  const today = toLocalDay(new Date())
  for (const document of documents) {
    const standing = standingOf(document, today)
    const state = standing === 'in_force' ? '有效' : standing === 'superseded' ? `已由《${document.supersededBy ?? ''}》代替` : standing === 'expired' ? '已过期' : '还没施行'
    const asked = document.passages.reduce((sum, passage) => sum + passage.typicalQuestions.length, 0)
    writeLine(`${document.id}  《${document.title}》  ${document.issuer}  ${document.number ?? '无文号'}  ${document.issuedOn}发文  ${describeValidity(document)}  ${countClauses(document).replace(' ', '')}  ${asked}个问题  ${state}`)
  }
}

async function remove(id: string, options: { yes?: boolean }): Promise<void> {
  const { directory, documents } = await openFolder()
  const document = documents.find((candidate) => candidate.id === id) ?? unknown(id, documents)
  const besides: string[] = []
  for (const folder of ['questions', 'gaps']) for (const ending of ['yaml', 'yml']) if (await exists(path.join(directory, folder, `${id}.${ending}`))) besides.push(path.join(folder, `${id}.${ending}`))
  writeLine(`要删除：${id}《${document.title}》，共 ${document.passages.length} 条${besides.length === 0 ? '' : `，连同 ${besides.join('、')}`}`)
  if (!(await isConfirmed('删除吗？', options.yes === true))) return
  if (!(await changeLibrary('没有删除。', (library) => removeDocument(library, COMMAND_LINE, id)))) return
  writeLine(`已删除。原来的文件在 ${path.join(directory, 'removed')} 里，想恢复就运行 knowledge undo ${id}。`)
}

async function supersede(id: string, { by }: { by: string }): Promise<void> {
  const { documents } = await openFolder()
  const older = documents.find((document) => document.id === id) ?? unknown(id, documents)
  const newer = documents.find((document) => document.id === by) ?? unknown(by, documents)
  if (older === newer) return fail('一份文件不能代替它自己。')
  if (!(await changeLibrary('没有写进去。', (library) => supersedeDocument(library, COMMAND_LINE, { older: id, newer: by })))) return
  writeLine(`已写明：《${older.title}》由《${newer.title}》代替。`)
}
