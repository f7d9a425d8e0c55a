// The import directions of the design: main, commands -> web, channels, outbox, dialog -> knowledge, forms, store, language, model -> domain.
const allowed = {
  domain: [],
  language: ['domain'],
  model: ['domain'],
  store: ['domain'],
  forms: ['domain', 'language'],
  knowledge: ['domain', 'language', 'model'],
  dialog: ['domain', 'language', 'forms', 'knowledge', 'store'],
  outbox: ['domain', 'language', 'store'],
  channels: ['domain', 'language', 'store'],
  web: ['domain', 'language', 'forms', 'knowledge', 'store', 'dialog', 'outbox'],
}
module.exports = {
  forbidden: [
    ...Object.entries(allowed).map(([from, to]) => ({
      name: `${from}-imports-only-${to.join('-') || 'itself'}`,
      severity: 'error',
      from: { path: `^src/${from}/` },
      to: { path: '^src/', pathNot: `^src/(${[from, ...to].join('|')})/` },
    })),
    { name: 'domain-knows-only-zod', severity: 'error', from: { path: '^src/domain/' }, to: { dependencyTypes: ['npm', 'core'], pathNot: '(^|/)(zod)(/|$)' } },
    { name: 'channels-do-not-import-each-other', severity: 'error', from: { path: '^src/channels/([^/]+)/' }, to: { path: '^src/channels/([^/]+)/', pathNot: '^src/channels/$1/' } },
    { name: 'only-the-store-touches-prisma', severity: 'error', from: { pathNot: '^src/store/' }, to: { path: '(@prisma|better-sqlite3|node_modules/pg/|src/store/generated)' } },
    { name: 'only-channels-touch-platforms', severity: 'error', from: { pathNot: '^src/channels/' }, to: { path: '(node_modules/(grammy|wechaty))' } },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
  ],
  options: { doNotFollow: { path: 'node_modules' }, exclude: { path: 'src/store/generated' }, tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] } },
}
