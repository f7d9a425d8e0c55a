import fs from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const SOURCE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  help: string
  nodes: { target: string[]; failureSummary?: string }[]
}

/** What axe finds wrong with the page as it is shown, one line for each element: rule, place, and why. Motion is over before it looks. */
export async function findAxeFaults(page: Page): Promise<string[]> {
  await page.evaluate('Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined)))')
  await page.evaluate(`${SOURCE}; undefined`)
  const { violations, passes } = await page.evaluate<{ violations: Violation[]; passes: unknown[] }>("axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })")
  if (passes.length === 0) throw new Error('axe has looked at nothing.')
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary = '' }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`))
}
