import { randomUUID } from 'node:crypto'
import type { Hono } from 'hono'
import type { Child } from 'hono/jsx'
import { clauseName } from '../../../../domain/answers.ts'
import { staffActor } from '../../../../desk/actor.ts'
import { addDocument } from '../../../../desk/knowledge/library.ts'
import { describeLikeness, describeUnlike, findLikenesses, type Advice } from '../../../../knowledge/documents/identity/recognise.ts'
import { importDocument, type Imported, type ImportOptions, type Missing } from '../../../../knowledge/documents/import/import-document.ts'
import { describeImport } from '../../../../knowledge/documents/import/preview.ts'
import { LONGEST_FILE_BYTES } from '../../../../knowledge/documents/import/read-file.ts'
import { readTypedDay } from '../../../../knowledge/documents/import/written-date.ts'
import { redirectAfter } from '../../parts/guard.ts'
import { renderPage } from '../../parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../../parts/options.ts'
import { Token } from '../../parts/parts.tsx'
import { LIBRARY, pathOf } from './list.tsx'

/** Longest post with a document, in bytes: one that is somewhat too large gets the form back with a sentence. */
export const LONGEST_DOCUMENT_POST = LONGEST_FILE_BYTES + 1024 * 1024
export const DOCUMENT_POST = `${LIBRARY}/new`
export const DOCUMENT_TOO_LARGE = `文件太大，最多 ${LONGEST_FILE_BYTES / 1024 / 1024} MB。`

interface Upload {
  name: string
  bytes: Buffer
  staff: string
}

const ADVICE: Advice = { supersede: () => '勾上下面的“代替”', replace: (id) => `把编号写成 ${id}`, another: '换一个编号' }
const MOST_UPLOADS = 8

/** Files that are looked at before they are saved; the oldest goes when there are too many, and all of them at a restart. */
class Uploads {
  readonly #files = new Map<string, Upload>()

  keep(upload: Upload): string {
    const id = randomUUID()
    this.#files.set(id, upload)
    for (const old of this.#files.keys()) if (this.#files.size > MOST_UPLOADS) this.#files.delete(old)
    return id
  }

  find(id: string, staff: string): Upload | null {
    const found = this.#files.get(id)
    return found?.staff === staff ? found : null
  }

  drop(id: string): void {
    this.#files.delete(id)
  }
}

const MISSING: Record<Missing, string> = { title: '标题', issuer: '发文机关', issuedOn: '发文日期' }
const FIELDS = [
  { key: 'title', label: '标题', hint: '' },
  { key: 'issuer', label: '发文机关', hint: '' },
  { key: 'number', label: '文号', hint: '没有就不写' },
  { key: 'issuedOn', label: '发文日期', hint: '如 2024-03-01' },
  { key: 'effectiveFrom', label: '从哪天施行', hint: '不写就是发文那天' },
  { key: 'effectiveTo', label: '到哪天为止', hint: '不写就是没有说' },
  { key: 'id', label: '编号', hint: '小写字母、数字和 -；写已有的编号就换掉那一份' },
] as const satisfies readonly { key: keyof ImportOptions; label: string; hint: string }[]

const DAYS: ReadonlySet<string> = new Set(['issuedOn', 'effectiveFrom', 'effectiveTo'])
const LONGEST_TITLE = 200

type Said = { [key in (typeof FIELDS)[number]['key']]?: string | undefined }

const readSaid = (form: URLSearchParams): Said =>
  Object.fromEntries(FIELDS.flatMap(({ key }) => {
    const value = form.get(key)?.trim() ?? ''
    return value === '' ? [] : [[key, (DAYS.has(key) ? readTypedDay(value) : null) ?? value]]
  }))

/** What is wrong with what was typed, in a sentence; null when nothing is. */
function checkSaid({ id, title, issuer, issuedOn, effectiveFrom, effectiveTo }: Said): string | null {
  if (id !== undefined && !/^[a-z0-9][a-z0-9-]{0,59}$/.test(id)) return `编号“${id.slice(0, 60)}”不能用，只能用小写字母、数字和 -，最多 60 个字。`
  if ((title ?? '').length > LONGEST_TITLE || (issuer ?? '').length > LONGEST_TITLE) return `标题和发文机关最多 ${LONGEST_TITLE} 个字。`
  const unread = [issuedOn, effectiveFrom, effectiveTo].find((day) => day !== undefined && readTypedDay(day) === null)
  return unread === undefined ? null : `日期“${unread.slice(0, 20)}”看不懂，请写成 2024-03-01 这样。`
}

/** What the form shows: what was typed, else what was found in the file. */
function shownFields(imported: Imported | null, said: Said): Said {
  if (imported?.outcome === 'incomplete') return { ...imported.found, ...said }
  if (imported?.outcome !== 'ready') return said
  const { id, title, issuer, number, issuedOn, effectiveFrom, effectiveTo } = imported.document
  return { id, title, issuer, issuedOn, ...(number !== undefined && { number }), ...(effectiveFrom !== undefined && { effectiveFrom }), ...(effectiveTo !== undefined && { effectiveTo }) }
}

const frame = (c: AdminContext, options: AdminServices, problem: string | undefined, body: Child): Promise<Response> =>
  renderPage(
    c,
    options,
    { title: '加一份文件', section: LIBRARY, ...(problem !== undefined && { problem, status: 422 as const }) },
    <>
      <p>
        <a href={LIBRARY}>文件</a>
      </p>
      <h1>加一份文件</h1>
      {body}
    </>,
  )

const UploadForm = ({ csrf }: { csrf: string }) => (
  <form class="card stack" method="post" action={DOCUMENT_POST} enctype="multipart/form-data">
    <Token csrf={csrf} />
    <div class="field">
      <label for="file">选文件</label>
      <input id="file" name="file" type="file" required aria-describedby="file-hint" />
      <p class="hint" id="file-hint">
        Word、PDF、网页、txt、md 都行，最大 {LONGEST_FILE_BYTES / 1024 / 1024} MB。先给您看，您同意了才写进去。
      </p>
    </div>
    <button type="submit" class="primary">
      看一看
    </button>
  </form>
)

const Clauses = ({ imported }: { imported: Extract<Imported, { outcome: 'ready' }> }) => (
  <details>
    <summary>看全部 {imported.document.passages.length} 条</summary>
    <ol class="plain-list">
      {imported.document.passages.map(({ clause, title, text }) => (
        <li>
          <b>
            {clauseName(clause, ' ')} {title}
          </b>
          <p class="quote">{text}</p>
        </li>
      ))}
    </ol>
  </details>
)

/** What was understood of the file, with the fields to put right, and what it may take the place of. */
function renderPreview(c: AdminContext, options: AdminServices, shown: { upload: Upload; uploadId: string; said: Said; supersedes: readonly string[]; imported: Imported; problem?: string }): Promise<Response> {
  const { upload, uploadId, said, supersedes, imported } = shown
  const documents = options.documents()
  const fields = shownFields(imported, said)
  const likely = imported.outcome === 'ready' ? findLikenesses(imported.document, documents) : []
  const missing = imported.outcome === 'incomplete' ? `文件里没有找到${imported.missing.map((key) => MISSING[key]).join('、')}，请写上。` : undefined
  const isReady = imported.outcome === 'ready'
  return frame(
    c,
    options,
    shown.problem ?? missing,
    <>
      {isReady ? (
        <section class="card stack" aria-labelledby="s-preview">
          <h2 id="s-preview">读出来是这样</h2>
          <pre class="quote">{describeImport(upload.name, imported, documents, documents.filter(({ id }) => supersedes.includes(id)), ADVICE)}</pre>
          {likely.map((likeness) => (
            <p class="notice">{describeLikeness(likeness, imported.document, ADVICE)}</p>
          ))}
          <Clauses imported={imported} />
        </section>
      ) : null}
      <form class="card stack" method="post" action={DOCUMENT_POST}>
        <Token csrf={c.get('session').csrfToken} />
        <input type="hidden" name="upload" value={uploadId} />
        {FIELDS.map(({ key, label, hint }) => (
          <div class="field">
            <label for={`f-${key}`}>{label}</label>
            <input id={`f-${key}`} name={key} value={fields[key] ?? ''} />
            {hint === '' ? null : <p class="hint">{hint}</p>}
          </div>
        ))}
        {documents.length === 0 ? null : (
          <fieldset>
            <legend>它代替了哪些文件</legend>
            {documents.map(({ id, title }) => (
              <label class="check">
                <input type="checkbox" name="supersedes" value={id} checked={supersedes.includes(id)} />
                <span>代替《{title}》</span>
              </label>
            ))}
          </fieldset>
        )}
        <div class="buttons">
          <button type="submit" name="as" value="look">
            改好再看一遍
          </button>
          {isReady ? (
            <button type="submit" name="as" value="save" class="primary">
              写进去，马上算数
            </button>
          ) : null}
        </div>
      </form>
    </>,
  )
}

/** Adding a document: chosen, looked at, put right, saved. */
export function addDocumentForm(app: Hono<AdminEnv>, options: AdminServices): void {
  const uploads = new Uploads()

  app.get('/knowledge/new', (c) => frame(c, options, undefined, <UploadForm csrf={c.get('session').csrfToken} />))

  app.post('/knowledge/new', async (c) => {
    const [form, file] = [c.get('form'), c.get('upload')]
    const { staff, csrfToken } = c.get('session')
    const again = (problem: string) => frame(c, options, problem, <UploadForm csrf={csrfToken} />)
    if (file !== null && file.size > LONGEST_FILE_BYTES) return again(DOCUMENT_TOO_LARGE)
    const uploadId = file === null ? (form.get('upload') ?? '') : uploads.keep({ name: file.name, bytes: Buffer.from(await file.arrayBuffer()), staff: staff.id })
    const upload = uploads.find(uploadId, staff.id)
    if (upload === null) return again(form.has('upload') ? '放得太久，文件不在了，请再选一次。' : '请先选文件。')
    const [said, supersedes] = [readSaid(form), form.getAll('supersedes')]
    const wrong = checkSaid(said)
    const imported = await importDocument(upload.name, upload.bytes, wrong === null ? said : {}, options.documents())
    if (imported.outcome === 'refused') return again(`${upload.name}：${imported.reason}`)
    const show = (problem?: string) => renderPreview(c, options, { upload, uploadId, said, supersedes, imported, ...(problem !== undefined && { problem }) })
    if (wrong !== null) return show(wrong)
    if (form.get('as') !== 'save' || imported.outcome !== 'ready') return show()
    const same = findLikenesses(imported.document, options.documents()).find(({ kind }) => kind === 'same')
    if (same !== undefined) return show(`和已有的《${same.other.title}》一字不差，没有再加一份。要改标题、日期，请把编号写成 ${same.other.id}。`)
    const before = options.documents().find(({ id }) => id === imported.document.id)
    const unlike = before === undefined ? null : describeUnlike(before, imported.document, ADVICE)
    if (unlike !== null) return show(unlike)
    const result = await addDocument(options.library, staffActor(staff), { document: imported.document, markdown: imported.markdown, supersedes })
    if (result.outcome === 'not_used') return show(result.reason)
    if (result.outcome !== 'changed') return show(result.outcome === 'refused' ? `没有写进去。${result.reason}` : '没有写进去。')
    uploads.drop(uploadId)
    return redirectAfter(c, pathOf(result.documentId), 'document_added')
  })
}
