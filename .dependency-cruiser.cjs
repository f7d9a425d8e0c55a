// The import directions of the design: main, commands -> web, channels, outbox, dialog -> desk -> knowledge, forms, store, language, model -> domain.
const allowed = {
  domain: [],
  language: ['domain'],
  model: ['domain'],
  store: ['domain', 'language'],
  forms: ['domain', 'language'],
  knowledge: ['domain', 'language', 'model'],
  desk: ['domain', 'language', 'forms', 'knowledge', 'model', 'store'],
  dialog: ['domain', 'language', 'forms', 'knowledge', 'store', 'desk'],
  outbox: ['domain', 'language', 'store', 'desk'],
  channels: ['domain', 'language', 'store', 'desk'],
  web: ['domain', 'language', 'forms', 'knowledge', 'store', 'desk', 'dialog', 'outbox'],
}
/** Folders within a folder, each with those beside it that it may import; what is named by no rule may import all, and be imported by none of these. */
const rooms = {
  'src/knowledge': {
    documents: [],
    find: ['documents'],
    premise: ['documents', 'find'],
    write: ['documents', 'find'],
    answer: ['documents', 'find', 'premise', 'write'],
  },
  'src/knowledge/find': {
    numbers: [],
    words: ['numbers'],
    vectors: ['numbers'],
    questions: ['numbers', 'words', 'vectors'],
  },
  'src/language/reader': { classifiers: [] },
  'src/store': { engine: [] },
  'src/web/admin': { parts: [] },
}
module.exports = {
  forbidden: [
    ...Object.entries(allowed).map(([from, to]) => ({
      name: `${from}-imports-only-${to.join('-') || 'itself'}`,
      severity: 'error',
      from: { path: `^src/${from}/` },
      to: { path: '^src/', pathNot: `^src/(${[from, ...to].join('|')})/` },
    })),
    ...Object.entries(rooms).flatMap(([folder, allowedRooms]) => Object.entries(allowedRooms).map(([from, to]) => ({
      name: `${folder}/${from}-imports-only-${to.join('-') || 'itself'}`,
      severity: 'error',
      from: { path: `^${folder}/${from}/` },
      to: { path: `^${folder}/`, pathNot: `^${folder}/(${[from, ...to].join('|')})/` },
    }))),
    { name: 'reading-needs-no-training', severity: 'error', from: { path: '^src/language/reader/', pathNot: '^src/language/reader/training/' }, to: { path: '^src/language/reader/training/' } },
    { name: 'domain-knows-only-zod', severity: 'error', from: { path: '^src/domain/' }, to: { dependencyTypes: ['npm', 'core'], pathNot: '(^|/)(zod)(/|$)' } },
    { name: 'channels-do-not-import-each-other', severity: 'error', from: { path: '^src/channels/([^/]+)/' }, to: { path: '^src/channels/([^/]+)/', pathNot: '^src/channels/$1/' } },
    { name: 'only-the-store-touches-prisma', severity: 'error', from: { pathNot: '^src/store/' }, to: { path: '(@prisma|better-sqlite3|node_modules/pg/|src/store/generated)' } },
    { name: 'only-channels-touch-platforms', severity: 'error', from: { pathNot: '^src/channels/' }, to: { path: '(node_modules/(grammy|wechaty))' } },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
  ],
  options: { doNotFollow: { path: 'node_modules' }, exclude: { path: 'src/store/generated' }, tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] } },
}
