import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const TESTS = path.resolve(import.meta.dirname, '..')
/** The faults that must each have a test of their own, which its name says first. */
const NUMBERS = Array.from({ length: 24 }, (_, index) => index + 1)

/** The number with which the names of tests in one file begin; this folder's lines of the log are no proof of what residents saw. */
function numbersIn(file: string): number[] {
  return [...fs.readFileSync(file, 'utf8').matchAll(/(?:\bit|\bdescribe)(?:\.each\([\s\S]*?\))?\(\s*['`"]T(\d+): /g)].map(([, number]) => Number(number))
}

it('each of T1 to T24 has a test that begins with its number', () => {
  const files = fs.readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts') && !file.startsWith('faults'))
  const found = new Set(files.flatMap((file) => numbersIn(path.join(TESTS, file))))
  expect(NUMBERS.filter((number) => !found.has(number))).toEqual([])
})
