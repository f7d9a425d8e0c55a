import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** A line to a gateway that can go dead without a word, as a network does: bytes vanish, connections stay open. */
export class FakeLine {
  private isFrozen = false
  private readonly sockets = new Set<Socket>()
  private readonly server: Server

  constructor(endpoint: string) {
    const [host = '', port = ''] = endpoint.split(':')
    this.server = createServer((near) => {
      const far = connect(Number(port), host)
      for (const [from, to] of [[near, far], [far, near]] as const) {
        this.sockets.add(from)
        from.on('data', (chunk) => { if (!this.isFrozen) to.write(chunk) })
        from.on('error', () => undefined)
        from.on('close', () => {
          this.sockets.delete(from)
          if (!this.isFrozen) to.destroy()
        })
      }
    })
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  freeze(): void {
    this.isFrozen = true
  }

  /** The network is back; what was under way is broken off. */
  thaw(): void {
    this.isFrozen = false
    for (const socket of this.sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.thaw()
    await new Promise<void>((resolve) => this.server.close(() => resolve()))
  }
}
