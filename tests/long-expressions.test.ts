import { Linter } from 'eslint'
import tseslint from 'typescript-eslint'
import { expect, test } from 'vitest'
import { noLongRegularExpression } from '../.eslint/no-long-regular-expression.js'

const LONG = Array.from({ length: 60 }, (_, index) => `词${index}`).join('|')

const complaints = (code: string): string[] =>
  new Linter({ configType: 'flat' })
    .verify(code, [{ files: ['**/*.ts'], languageOptions: { parser: tseslint.parser }, plugins: { linli: { rules: { 'no-long-regular-expression': noLongRegularExpression } } }, rules: { 'linli/no-long-regular-expression': 'error' } }], 'some.ts')
    .map(({ ruleId, message }) => ruleId ?? message)

test.each([
  ['written out', `export const A = /${LONG}/`],
  ['in a string', `export const A = new RegExp('${LONG}', 'g')`],
  ['put together from constants', `const HALF = '${LONG.slice(0, 120)}'\nexport const A = new RegExp(\`\${HALF}|(?:\${HALF})\`)`],
  ['added up', `const HALF = '${LONG.slice(0, 120)}'\nexport const A = RegExp(HALF + '|' + HALF)`],
  ['of a list that is joined', `const WORDS = [${LONG.split('|').map((word) => `'${word}'`).join(', ')}]\nexport const A = new RegExp(\`^(?:\${WORDS.join('|')})$\`)`],
  ['of another expression’s source', `const A = /${LONG.slice(0, 150)}/\nexport const B = new RegExp(\`\${A.source}|\${A.source}\`)`],
])('a long regular expression %s is an error', (_, code) => {
  expect(complaints(code)).toContain('linli/no-long-regular-expression')
})

test.each(['export const A = /短/', "export const make = (word: string) => new RegExp(`^${word}$`)", `export const WORDS = '${LONG}'`])('nothing else is: %s', (code) => {
  expect(complaints(code)).toEqual([])
})
