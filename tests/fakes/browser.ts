import chromium from '@sparticuz/chromium'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { chromium as playwright, type Browser } from 'playwright-core'

/**
 * A real Chromium that comes with npm: nothing has to be installed. The package's own flags switch the same-origin policy off,
 * which would make these tests blind, so only those are used that a container needs.
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await chromium.executablePath()
  try {
    return await launch(executablePath)
  } catch {
    // An extraction that was interrupted leaves half a program behind; a bare machine lacks the libraries (nss, expat).
    fs.rmSync(executablePath, { force: true })
    return launch(await extractWithLibraries(), path.join(os.tmpdir(), 'al2023', 'lib'))
  }
}

const launch = (executablePath: string, libraries?: string): Promise<Browser> =>
  playwright.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
    ...(libraries !== undefined && { env: { ...process.env, LD_LIBRARY_PATH: libraries } }),
  })

/** The package unpacks the libraries that it carries only where it believes itself on Amazon's Linux. */
async function extractWithLibraries(): Promise<string> {
  const before = process.env.AWS_EXECUTION_ENV
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x'
  try {
    return await chromium.executablePath()
  } finally {
    if (before === undefined) delete process.env.AWS_EXECUTION_ENV
    else process.env.AWS_EXECUTION_ENV = before
  }
}
