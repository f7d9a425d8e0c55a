import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Proxy {
  url: string
  /** The processes behind it, by their addresses; those that don't answer are passed over. */
  backends: string[]
  close(): Promise<void>
}

/** A plain HTTP proxy before several processes: each call goes to the next one, and a call that breaks off is answered 502, as proxies do. */
export async function startProxy(): Promise<Proxy> {
  let turn = 0
  const proxy: Proxy = { url: '', backends: [], close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(() => resolve()) }) }
  const server = http.createServer((incoming, answer) => {
    const [backend] = proxy.backends.slice((turn += 1) % Math.max(1, proxy.backends.length))
    if (backend === undefined) return void answer.writeHead(502).end()
    const outgoing = http.request(`${backend}${incoming.url ?? '/'}`, { method: incoming.method, headers: { ...incoming.headers, connection: 'close' } }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.on('error', () => answer.destroy())
      response.pipe(answer)
    })
    outgoing.on('error', () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()))
    incoming.pipe(outgoing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return proxy
}
