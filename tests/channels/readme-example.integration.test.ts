import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Channel } from '../../src/domain/messages/channel.ts'
import type { InboundMessage } from '../../src/domain/messages/messages.ts'
import { eventually, outgoing } from './contract.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
/** Where the README says that it stands, for as long as the test takes. */
const FILE = path.join(ROOT, 'src/channels/readme-example-pigeon.ts')

interface Example {
  createPigeonChannel: (options: { url: string; token: string; now: () => Date }) => Channel
}

beforeAll(() => {
  const code = /```ts\n([\s\S]*?createPigeonChannel[\s\S]*?)```/.exec(fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8'))?.[1]
  if (code === undefined) throw new Error('README.md shows no channel.')
  fs.writeFileSync(FILE, code)
})
afterAll(() => fs.rmSync(FILE, { force: true }))

it('the channel in the README compiles, hands over what is posted and says what became of a send', async () => {
  const project = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'linli-readme-')), 'tsconfig.json')
  fs.writeFileSync(project, JSON.stringify({ extends: path.join(ROOT, 'tsconfig.json'), compilerOptions: { typeRoots: [path.join(ROOT, 'node_modules/@types')] }, include: [FILE] }))
  execFileSync(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', project], { stdio: 'pipe' })
  const posts = [{ id: 1, room: 'r1', isGroup: false, userId: 'u1', userName: '张三', text: '灯坏了', mentionsBot: false, at: '2026-11-24T02:00:00Z' }]
  const taken: unknown[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => { body += chunk.toString() })
    request.on('end', () => {
      if (request.method === 'GET') return response.end(JSON.stringify(request.url?.endsWith('after=0') === true ? posts : []))
      const post = JSON.parse(body) as { room: string }
      if (post.room !== 'r1') return response.writeHead(404).end()
      taken.push(post)
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { createPigeonChannel } = (await import(/* @vite-ignore */ pathToFileURL(FILE).href)) as Example
  const channel = createPigeonChannel({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 't', now: () => new Date() })
  const received: InboundMessage[] = []
  await channel.start(async (message) => void received.push(message))
  await eventually(() => channel.status().state === 'online', 'it is online')
  expect(received).toMatchObject([{ externalId: '1', text: '灯坏了', isAddressed: true, sender: { nickname: '张三' } }])
  expect(await channel.send(outgoing({ kind: 'private', externalId: 'r1' }, '已登记'))).toEqual({ outcome: 'sent' })
  expect(await channel.send(outgoing({ kind: 'private', externalId: 'r2' }, '已登记'))).toMatchObject({ outcome: 'recipient_gone' })
  expect(taken).toEqual([{ room: 'r1', text: '已登记' }])
  await channel.stop()
  server.close()
  server.closeAllConnections()
})
