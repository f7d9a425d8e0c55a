/** The commands menu; `text` is what a command says, as if the resident had typed it. A deep link's payload may name one too. */
export const COMMANDS = [
  { command: 'help', description: '我能帮您做什么', text: '帮助' },
  { command: 'report', description: '报修、求助', text: '我要报修' },
  { command: 'volunteer', description: '报名当志愿者', text: '我要报名当志愿者' },
  { command: 'progress', description: '查办理进度', text: '查进度' },
  { command: 'human', description: '找工作人员', text: '转人工' },
  { command: 'cancel', description: '取消正在填的内容', text: '取消' },
  { command: 'mydata', description: '看我留下的信息', text: '我的数据' },
] as const

const START_TEXT = '你好'

/** What a link must not do by being opened: who sends it around would undo what somebody else has begun. */
const NEVER_BY_LINK = 'cancel'

export const isKnownCommand = (command: string): boolean => command === 'start' || COMMANDS.some((known) => known.command === command)

/**
 * What a command says in words; null for a command that is not ours. What follows it is kept (`/report 灯坏了`). After
 * `/start` comes the payload of a deep link, which is no text of the resident's.
 */
export function commandText(command: string, rest: string): string | null {
  if (command === 'start') return (rest.trim() === NEVER_BY_LINK ? undefined : textOf(rest.trim())) ?? START_TEXT
  const text = textOf(command)
  return text === undefined ? null : `${text} ${rest.trim()}`.trim()
}

const textOf = (command: string): string | undefined => COMMANDS.find((known) => known.command === command)?.text
