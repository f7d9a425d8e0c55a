import { FileBox, type FileBoxInterface } from 'file-box'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { log, type payloads } from 'wechaty-puppet'
import { mock, PuppetMock } from 'wechaty-puppet-mock'
import { PuppetServer } from 'wechaty-puppet-service'

export interface SentText {
  conversationId: string
  text: string
  mentionIds: string[]
  /** A picture that came alone; the text is empty. */
  picture?: { name: string; bytes: Uint8Array }
}

type Content = Partial<payloads.MessageBase> & { mentionIdList?: string[] }

export const INDIVIDUAL = 1
export const OFFICIAL = 2

const SELF_ID = 'wxid_assistant'

/**
 * A WeChat account behind wechaty's mock puppet that records what is sent, returns ids, checks recipients and the length
 * of texts, and plays what people write. Used as a puppet in this process, or served over gRPC by `FakeGateway`.
 */
export class FakeWechat {
  readonly sent: SentText[] = []
  selfId = SELF_ID
  readonly name = '社区小助手'
  /** What the next sends fail with, in order. */
  readonly failures: Error[] = []
  /** What the next sends fail with once they have taken effect: their answers are lost. */
  readonly lostAnswers: Error[] = []
  puppet: RecordingPuppet
  private mocker: mock.Mocker
  private readonly contacts = new Map<string, Partial<payloads.Contact>>()
  private readonly rooms = new Map<string, Partial<payloads.Room>>()
  private count = 0

  constructor() {
    log.level('silent')
    this.mocker = new mock.Mocker()
    this.puppet = new RecordingPuppet(this.mocker, this)
    this.addContact({ id: SELF_ID, name: this.name })
  }

  /** A new puppet, as after a restart of the gateway: nobody is logged in, people and rooms are the same. */
  renew(): RecordingPuppet {
    this.mocker = new mock.Mocker()
    this.puppet = new RecordingPuppet(this.mocker, this)
    for (const payload of this.contacts.values()) this.mocker.createContact(payload)
    for (const payload of this.rooms.values()) this.mocker.createRoom(payload)
    return this.puppet
  }

  addContact(payload: Partial<payloads.Contact> & { id: string; name: string }): void {
    const contact = { type: INDIVIDUAL, friend: true, alias: '', ...payload }
    this.contacts.set(payload.id, contact)
    this.mocker.createContact(contact)
  }

  addRoom(payload: Partial<payloads.Room> & { id: string; topic: string; memberIdList: string[] }): void {
    if (!payload.id.includes('@')) throw new Error('The mock takes an id for a room only when it contains "@".')
    this.rooms.set(payload.id, payload)
    this.mocker.createRoom(payload)
  }

  knows(id: string): boolean {
    return this.contacts.has(id) || this.rooms.has(id)
  }

  /** In private WeChat lets only friends be written to. */
  mayWriteTo(id: string): boolean {
    return this.rooms.has(id) || this.contacts.get(id)?.friend !== false
  }

  befriend(id: string): void {
    const contact = this.contacts.get(id)
    if (contact !== undefined) this.contacts.set(id, { ...contact, friend: true })
  }

  /** Somebody asks to become our friend. */
  askToBeFriend(id: string): void {
    this.puppet.emit('friendship', { friendshipId: `request-${id}` })
  }

  /** WeChat tells that somebody has become our friend. */
  confirmFriend(id: string): void {
    this.puppet.emit('friendship', { friendshipId: `confirm-${id}` })
  }

  get isLoggedIn(): boolean {
    return this.puppet.isLoggedIn
  }

  login(): void {
    if (!this.puppet.isLoggedIn) this.puppet.login(this.selfId)
  }

  /**
   * Logs out, and gives everybody and every room a new id, as wechat4u does at each log-in; names and topics stay. Log in
   * afterwards, a moment later.
   */
  async logoutWithAllIdsNew(renamed: (id: string) => string): Promise<void> {
    await this.puppet.logout()
    const contacts = [...this.contacts.values()]
    const rooms = [...this.rooms.values()]
    this.contacts.clear()
    this.rooms.clear()
    this.selfId = renamed(this.selfId)
    for (const contact of contacts) this.addContact({ ...contact, id: renamed(contact.id ?? ''), name: contact.name ?? '' })
    for (const room of rooms) this.addRoom({ ...room, id: renamed(room.id ?? ''), topic: room.topic ?? '', memberIdList: (room.memberIdList ?? []).map(renamed) })
  }

  scan(qrCode: string): void {
    this.mocker.scan(qrCode)
  }

  /** Somebody writes to a room or, in private, to us; returns the message's id. */
  say(talkerId: string, where: { roomId: string } | 'private', text: string, content: Content = {}): string {
    this.count += 1
    const base = { id: `msg-${this.count}`, talkerId, timestamp: Date.now(), type: 7, text, ...content }
    const payload = where === 'private' ? { ...base, listenerId: this.selfId } : { mentionIdList: [], ...base, roomId: where.roomId }
    this.mocker.MessageMock.create(payload)
    this.deliver(payload.id)
    return payload.id
  }

  /** Somebody sends a photo. */
  sendPhoto(talkerId: string, where: { roomId: string } | 'private', bytes: Uint8Array): string {
    this.puppet.photos.set(`msg-${this.count + 1}`, bytes)
    return this.say(talkerId, where, '', { type: 6 })
  }

  /** Somebody writes to a room, and wechat4u hands it over as it does: cut at the first colon that ends a line. */
  sayByWechat4u(talkerId: string, roomId: string, text: string): string {
    this.count += 1
    const id = `msg-${this.count}`
    this.mocker.MessageMock.create({ id, talkerId, timestamp: Date.now(), type: 7, text: text.split(':\n')[0] ?? '', mentionIdList: [], roomId })
    this.puppet.originals.set(id, `@a1b2c3:<br/>${text.replaceAll('\n', '<br/>')}`)
    this.deliver(id)
    return id
  }

  /** Delivers a message, for instance once more. */
  deliver(messageId: string): void {
    this.puppet.emit('message', { messageId })
  }
}

class RecordingPuppet extends PuppetMock {
  private readonly account: FakeWechat

  constructor(mocker: mock.Mocker, account: FakeWechat) {
    super({ mocker })
    this.account = account
  }

  readonly acceptedFriends: string[] = []

  override friendshipRawPayload(id: string): Promise<unknown> {
    return Promise.resolve({ id, contactId: id.replace(/^(?:request|confirm)-/, ''), type: id.startsWith('confirm-') ? 1 : 2, ticket: 't', timestamp: 0 })
  }

  override async friendshipAccept(friendshipId: string): Promise<void> {
    this.acceptedFriends.push(friendshipId)
    this.account.befriend(friendshipId.replace(/^request-/, ''))
  }

  /** Texts as wechat4u got them, with the talker in front, by message id. */
  readonly originals = new Map<string, string>()

  /** What was sent, by message id. */
  readonly photos = new Map<string, Uint8Array>()

  override async messageFile(id: string): Promise<FileBoxInterface> {
    const bytes = this.photos.get(id)
    if (bytes === undefined) throw new Error(`message ${id} has no file`)
    return FileBox.fromBase64(Buffer.from(bytes).toString('base64'), `${id}.jpg`)
  }

  /** The stock mock makes up a QR code. */
  override messageImage(id: string): Promise<FileBoxInterface> {
    return this.messageFile(id)
  }

  override async messageRawPayload(messageId: string): Promise<payloads.Message & { OriginalContent?: string }> {
    const OriginalContent = this.originals.get(messageId)
    return { ...(await super.messageRawPayload(messageId)), ...(OriginalContent !== undefined && { OriginalContent }) }
  }

  /** The stock mock drops the mentions, returns no id (and is typed so) and takes any text for any contact. */
  override messageSendText(conversationId: string, text: string, mentionIdList: string[] = []): Promise<void> {
    const sent: Promise<unknown> = this.take(conversationId, text, mentionIdList)
    return sent as Promise<void>
  }

  /** WeChat shows what a name with a picture's ending holds; the stock mock takes anything. */
  override messageSendFile(conversationId: string, file: FileBoxInterface): Promise<void> {
    const sent: Promise<unknown> = this.takeFile(conversationId, file)
    return sent as Promise<void>
  }

  private async takeFile(conversationId: string, file: FileBoxInterface): Promise<string> {
    this.check(conversationId)
    const bytes = new Uint8Array(await file.toBuffer())
    if (!/\.(?:jpg|png)$/.test(file.name)) throw new Error(`${file.name} would arrive as a file, not as a picture`)
    if (bytes.length === 0) throw new Error('empty file')
    this.account.sent.push({ conversationId, text: '', mentionIds: [], picture: { name: file.name, bytes } })
    const lost = this.account.lostAnswers.shift()
    if (lost !== undefined) throw lost
    return `sent-${this.account.sent.length}`
  }

  private check(conversationId: string): void {
    if (!this.isLoggedIn) throw new Error('not logged in')
    const failure = this.account.failures.shift()
    if (failure !== undefined) throw failure
    if (!this.account.knows(conversationId)) throw new Error(`contact ${conversationId} not found`)
  }

  private async take(conversationId: string, text: string, mentionIdList: string[]): Promise<string> {
    this.check(conversationId)
    if (!this.account.mayWriteTo(conversationId)) throw new Error('对方还不是你的好友')
    if (text.trim() === '') throw new Error('empty text')
    if (Buffer.byteLength(text, 'utf8') > 2_000) throw new Error('text too long')
    for (const id of mentionIdList) if (!this.account.knows(id)) throw new Error(`mentioned contact ${id} not found`)
    this.account.sent.push({ conversationId, text, mentionIds: mentionIdList })
    return `sent-${this.account.sent.length}`
  }
}

/** wechaty's gateway: the account served over real gRPC, without TLS, on loopback. */
export class FakeGateway {
  readonly wechat = new FakeWechat()
  readonly token: string
  private server: PuppetServer | null = null
  private port = 0

  constructor(token: string) {
    if (!token.startsWith('insecure_')) throw new Error('A token without TLS begins with insecure_.')
    this.token = token
  }

  get endpoint(): string {
    return `127.0.0.1:${this.port}`
  }

  /** Starts, or comes back on the same port; nobody is logged in then. */
  async start(): Promise<void> {
    if (this.port === 0) this.port = await freePort()
    else this.wechat.renew()
    this.server = new PuppetServer({ endpoint: this.endpoint, puppet: this.wechat.puppet, token: this.token, tls: { disable: true } })
    await this.server.start()
  }

  /** Breaks every connection, without a word to the clients. */
  async die(): Promise<void> {
    const server = this.server
    this.server = null
    await server?.stop()
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise<void>((resolve) => probe.close(() => resolve()))
  return port
}
