import { Command } from 'commander'
import { randomUUID } from 'node:crypto'
import os from 'node:os'
import { createInterface } from 'node:readline'
import { createPullChannel } from '../../channels/pull/channel.ts'
import { loadConfig } from '../../config.ts'
import type { Button, InboundMessage } from '../../domain/messages/messages.ts'
import { picturePath } from '../../domain/pictures/pictures.ts'
import { openServices, useEmbedding, type Services } from '../../services.ts'
import { makeDataDirectory } from '../../process.ts'
import { createOutbox } from '../../outbox/worker.ts'
import { listPushed, type PushedMessage } from '../../store/outbox/outbox.ts'
import { createCommandLog } from '../answering.ts'
import { answerLines } from './chat-json.ts'
import { tell } from '../output.ts'

/** Notices that another process sent (staff changed a status) are seen this late at most. */
const LOOK_EVERY_MS = 1_000
const TERMINAL = { channel: 'terminal', account: 'terminal' } as const

interface Options {
  json?: boolean
  file: string
  lexical?: boolean
  as: string
}

/** `chat`: a conversation in the terminal; `chat --json`: one line of answer for each line of message. */
export function chatCommand(): Command {
  return new Command('chat')
    .description('在终端里和邻里说话；--json 一行一条消息进，一行一条回答出')
    .option('--json', 'JSON Lines')
    .option('--file <file>', '从文件读消息；- 是标准输入', '-')
    .option('--lexical', '不用语义模型')
    .option('--as <name>', '以谁的身份说话：不同的名字各有各的对话', os.userInfo().username)
    .action(run)
}

async function run(options: Options): Promise<void> {
  const config = loadConfig(process.env)
  const log = createCommandLog(config)
  makeDataDirectory(config)
  const services = await openServices(config, log)
  try {
    if (options.json === true) {
      // Every line is answered by the same index, so that the same line always gets the same answer.
      if (options.lexical !== true) await useEmbedding(services, config, log)
      await answerLines(services, options.file)
      return
    }
    const loading = new AbortController()
    const loaded = options.lexical === true ? Promise.resolve() : useEmbedding(services, config, log, loading.signal).catch(() => false)
    await talk(services, options.as, config.publicUrl ?? `http://${config.host}:${config.port}`, createOutbox({ store: services.store, channels: [createPullChannel('terminal', TERMINAL.account)], log, now: () => new Date(), processId: randomUUID() }))
    loading.abort()
    await loaded
  } finally {
    await services.close()
  }
}

async function talk(services: Services, name: string, address: string, outbox: ReturnType<typeof createOutbox>): Promise<void> {
  const input = createInterface({ input: process.stdin, output: process.stdout, prompt: '您：', terminal: process.stdin.isTTY === true })
  const screen = new Screen((text) => process.stdout.write(`${text}\n`))
  const pushes = watchPushes(services, name, address, async (text, buttons) => {
    if (process.stdin.isTTY) process.stdout.write('\n')
    screen.show(text, buttons)
    if (process.stdin.isTTY) input.prompt(true)
  })
  await outbox.start()
  await pushes.begin()
  tell('邻里在这里。问政策、报修办事、当志愿者，直接写；结束请写“退出”。')
  if (process.stdin.isTTY) input.prompt()
  try {
    for await (const line of input) {
      if (/^(退出|exit|quit)$/i.test(line.trim())) break
      const { turn } = await services.assistant.receive(toMessage(name, screen.choose(line)))
      for (const reply of (await turn).replies) screen.show(reply.text, reply.buttons ?? [])
      await pushes.look()
      if (process.stdin.isTTY) input.prompt()
    }
  } finally {
    input.close()
    pushes.end()
    await outbox.stop()
  }
}

const toMessage = (name: string, text: string): InboundMessage => ({
  ...TERMINAL,
  externalId: randomUUID(),
  conversation: { kind: 'private', externalId: name },
  sender: { externalId: name, nickname: name },
  isAddressed: true,
  text,
  attachments: [],
  sentAt: new Date(),
})

/** What stands in the terminal: the last buttons are chosen by their number. */
export class Screen {
  readonly #print: (text: string) => void
  #choices: Button[] = []

  constructor(print: (text: string) => void) {
    this.#print = print
  }

  show(text: string, offered: readonly Button[]): void {
    const buttons = offered.filter((button) => button.isQuiet !== true)
    this.#print(`邻里：${text}`)
    // Where a figure is itself an answer (a rating), numbers in front would turn 1 into 5.
    const areNumbered = !buttons.some((button) => /^\d/.test(button.text))
    this.#choices = areNumbered ? [...buttons] : []
    if (buttons.length > 0) this.#print(buttons.map((button, index) => (areNumbered ? `  ${index + 1}. ${button.label}` : `  · ${button.text}`)).join('\n'))
  }

  /** What a line says: the button of that number, or the line itself. */
  choose(line: string): string {
    const number = /^\s*(\d{1,2})\s*[.。]?\s*$/.exec(line)?.[1]
    return (number === undefined ? undefined : this.#choices[Number(number) - 1]?.text) ?? line
  }
}

function watchPushes(services: Services, name: string, address: string, show: (text: string, buttons: Button[]) => Promise<void>) {
  const conversation = { ...TERMINAL, externalId: name }
  let seen = 0
  let timer: NodeJS.Timeout | undefined
  // A terminal shows no pictures.
  const textOf = ({ text, picture }: PushedMessage) => (picture === undefined ? text : `${text}\n图片：${address}${picturePath(picture)}`)
  const look = async () => {
    for (const message of await listPushed(services.store, conversation, seen)) {
      // Read twice at once (by the clock and after a turn), it is shown once.
      if (message.seq <= seen) continue
      seen = message.seq
      await show(textOf(message), [])
    }
  }
  return {
    look,
    /** Nobody knows whether what was pushed before this talk began was read: the latest three are shown first. */
    async begin() {
      const earlier = await listPushed(services.store, conversation, 0)
      seen = earlier.at(-1)?.seq ?? 0
      for (const message of earlier.slice(-3)) await show(textOf(message), [])
      timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS)
      timer.unref()
    },
    end: () => clearInterval(timer),
  }
}
