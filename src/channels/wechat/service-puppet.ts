import type { impls, PuppetOptions } from 'wechaty-puppet'
import type { PuppetService } from 'wechaty-puppet-service'
import type { FileBoxInterface } from 'file-box'
import { NotSentError } from './outbound.ts'

export type Puppet = impls.PuppetInterface

/** Numbers of the gateway's events, from wechaty-grpc. */
const SCAN_EVENT = 22
const LOGIN_EVENT = 25

interface GatewayEvent {
  getType(): number
  getPayload(): string
}

interface GatewayStream {
  on(event: 'data', listener: (event: GatewayEvent) => void): void
  off(event: 'data', listener: (event: GatewayEvent) => void): void
  once(event: 'error', listener: (error: Error) => void): void
  once(event: 'end', listener: () => void): void
  cancel(): void
}

/** The part of wechaty's gRPC client that we touch; its own types name a package that is not installed under that name. */
interface GatewayLine {
  client: { event(...parameters: unknown[]): GatewayStream; messageSendFile(request: FileRequest, callback: (error: Error | null, response?: FileResponse) => void): unknown; close(): void }
  eventStream?: GatewayStream
}

interface FileRequest {
  setConversationId(id: string): void
  setFileBox(json: string): void
}

interface FileResponse {
  getId(): string
}

/** gRPC's number for a method that a gateway does not know: it has done nothing. */
const UNIMPLEMENTED = 12

/** What a gateway says while the client opens its stream of events. */
interface Opening {
  events: GatewayEvent[]
  error: Error | null
  isOver: boolean
}

/**
 * wechaty's client for a gateway, mended in one place.
 * - A gateway tells at once who is logged in, or the QR code, while the client listens a moment later and misses it: after a
 *   broken network it would wait for a login that has long been.
 * - The client starts without a word on a stream that was refused, and does not notice when the gateway ends it.
 * - The client keeps names in a LevelDB under the home folder, which crashes the process when it is opened again before it
 *   is closed, and stays on the old account after a change. Ours asks the gateway instead, and remembers in memory.
 * - The client sends a file once more in another way after whatever went wrong, also when the gateway has sent it and only the
 *   answer was lost: people would see a picture twice.
 */
export async function createServicePuppet(options: PuppetOptions): Promise<Puppet> {
  const { PuppetService: Base } = await import('wechaty-puppet-service')

  class AttentivePuppetService extends Base {
    private opening: Opening = { events: [], error: null, isOver: false }

    protected override hookPayloadStore(): void {
      // A store that is never started is never asked.
    }

    protected override bridgeGrpcEventStream(manager: PuppetService['grpcManager']): void {
      super.bridgeGrpcEventStream(manager)
      const opening: Opening = { events: [], error: null, isOver: false }
      this.opening = opening
      // The client comes into being in this turn of the event loop, and opens its stream in the next microtask but one.
      queueMicrotask(() => watchStream(lineOf(manager), opening, (error) => this.emit('error', error)))
    }

    override async onStart(): Promise<void> {
      try {
        await super.onStart()
        if (this.opening.error !== null) throw this.opening.error
      } catch (error) {
        // wechaty follows a failed start by a stop; it must not reach a gateway that serves somebody else, or that comes back.
        hangUp(this)
        throw error
      }
      this.opening.isOver = true
      if (!this.isLoggedIn) this.catchUp(this.opening.events)
    }

    override async messageSendFile(conversationId: string, file: FileBoxInterface): Promise<string | void> {
      const grpc: { puppet: { MessageSendFileRequest: new () => FileRequest } } = await import('wechaty-grpc')
      const request = new grpc.puppet.MessageSendFileRequest()
      request.setConversationId(conversationId)
      try {
        request.setFileBox(await this.serializeFileBox(file))
        return await sendFile(lineOf(this.grpcManager), request)
      } catch (error) {
        // Gateways of before 2022 know only the other way.
        if (isUnknownMethod(error) || (error instanceof NotSentError && isUnknownMethod(error.cause))) return super.messageSendFile(conversationId, file)
        throw error
      }
    }

    /** Larger files go up to the gateway before anything is sent. */
    protected override async serializeFileBox(file: FileBoxInterface): Promise<string> {
      try {
        return await super.serializeFileBox(file)
      } catch (error) {
        throw new NotSentError('The picture did not reach the gateway.', { cause: error })
      }
    }

    private catchUp(events: readonly GatewayEvent[]): void {
      const last = (type: number): GatewayEvent | undefined => events.filter((event) => event.getType() === type).at(-1)
      const login = last(LOGIN_EVENT)
      const scan = last(SCAN_EVENT)
      if (login !== undefined) this.login((JSON.parse(login.getPayload()) as { contactId: string }).contactId)
      else if (scan !== undefined) this.emit('scan', JSON.parse(scan.getPayload()) as { status: number; qrcode?: string })
    }
  }

  return new AttentivePuppetService(options)
}

/**
 * Closes the line to a gateway before a stop: one that reaches the gateway would log WeChat out there, and somebody would
 * have to scan the QR code again; one that cannot reach it would wait. Puppets in this process have no line.
 */
export function hangUp(puppet: Puppet): void {
  if (!hasLine(puppet)) return
  try {
    const { client, eventStream } = lineOf(puppet.grpcManager)
    eventStream?.cancel()
    client.close()
  } catch {
    // wechaty throws where there is no line yet, or none any more: nothing to close.
  }
}

const hasLine = (puppet: Puppet): puppet is Puppet & Pick<PuppetService, 'grpcManager'> => 'grpcManager' in puppet

const lineOf = (manager: PuppetService['grpcManager']): GatewayLine => manager

const isUnknownMethod = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === UNIMPLEMENTED

const sendFile = ({ client }: GatewayLine, request: FileRequest): Promise<string | undefined> =>
  new Promise((resolve, reject) => client.messageSendFile(request, (error, response) => (error === null ? resolve(response?.getId()) : reject(error))))

/** Keeps what the stream brings from its first moment, and tells when the gateway ends it. */
function watchStream({ client }: GatewayLine, opening: Opening, onEnd: (error: Error) => void): void {
  const open = client.event.bind(client)
  client.event = (...parameters) => {
    const stream = open(...parameters)
    const keep = (event: GatewayEvent): void => void opening.events.push(event)
    stream.on('data', keep)
    stream.once('error', (error) => { opening.error = error })
    stream.once('end', () => {
      const error = new Error('1 CANCELLED: The gateway has ended its events.')
      if (opening.isOver) onEnd(error)
      else opening.error ??= error
    })
    // Long enough for the client to have started to listen.
    setTimeout(() => stream.off('data', keep), 1_000).unref()
    return stream
  }
}
