// Starts one of the two programs: node src/start.mjs src/main.ts, or src/commands/linli.ts with its arguments.
// What is written in TypeScript is compiled into few files once, and they are kept in .cache by what they were made from: compiling and
// looking for seven hundred files at each start takes longer than all the rest. Where nothing can be kept, tsx compiles while it starts.
import { createHash, randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'

const SOURCES = path.dirname(fileURLToPath(import.meta.url))
const ROOT = path.dirname(SOURCES)
const PROGRAMS = ['src/main.ts', 'src/commands/linli.ts']
const KEPT = path.join(ROOT, '.cache', 'programs')
const MOST_KEPT = 5

/** Where the compiled programs lie, made now unless they are there. */
async function compiled() {
  const folder = path.join(KEPT, digestOfSources())
  if (!fs.existsSync(folder)) await compile(folder)
  return folder
}

/** Of all that the compiled files depend on; the folder too, whose files they look for. */
function digestOfSources() {
  const digest = createHash('sha256').update(ROOT).update(process.version)
  const names = fs.readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(tsx?|mjs)$/.test(name)).sort()
  for (const file of ['package-lock.json', 'tsconfig.json', ...names.map((name) => path.join('src', name))]) digest.update(file).update(fs.readFileSync(path.join(ROOT, file)))
  return digest.digest('hex').slice(0, 16)
}

/** @throws what the file system says where nothing can be written */
async function compile(/** @type {string} */ folder) {
  const unfinished = `${folder}-${randomUUID()}`
  fs.mkdirSync(KEPT, { recursive: true })
  const { build } = await import('esbuild')
  try {
    await build({ entryPoints: PROGRAMS, absWorkingDir: ROOT, outbase: 'src', outdir: unfinished, outExtension: { '.js': '.mjs' }, bundle: true, splitting: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20', sourcemap: 'linked', sourcesContent: false, logLevel: 'error', plugins: [{ name: 'own-place', setup: keepOwnPlace }] })
    fs.renameSync(unfinished, folder)
    removeOld()
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true })
    // Another process has made the same meanwhile.
    if (!fs.existsSync(folder)) throw error
  }
}

/** A program that runs may still load a part of what it was started from. */
function removeOld() {
  const madeAt = (/** @type {string} */ folder) => fs.statSync(folder).mtimeMs
  const newestFirst = fs.readdirSync(KEPT).map((name) => path.join(KEPT, name)).sort((one, other) => madeAt(other) - madeAt(one))
  for (const old of newestFirst.slice(MOST_KEPT)) fs.rmSync(old, { recursive: true, force: true })
}

/** A file that looks for what lies beside it goes on looking where it stands itself. */
function keepOwnPlace(/** @type {import('esbuild').PluginBuild} */ build) {
  build.onLoad({ filter: /\.tsx?$/ }, ({ path: file }) => {
    const contents = fs.readFileSync(file, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href)).replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file)))
    return { contents, loader: file.endsWith('x') ? 'tsx' : 'ts' }
  })
}

// The program finds its own name and arguments where it would without us.
const file = path.resolve(process.argv[2] ?? '')
process.argv.splice(1, 2, file)
const program = path.relative(ROOT, file)
process.setSourceMapsEnabled(true)
const folder = await compiled().catch(() => null)
if (folder === null) await import('tsx')
await import(pathToFileURL(folder === null ? path.join(ROOT, program) : path.join(folder, path.relative('src', program).replace(/ts$/, 'mjs'))).href)
