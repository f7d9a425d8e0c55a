import type { OutgoingMessage } from '../domain/messages/messages.ts'

/** The text followed by what the buttons would say, for a platform without buttons; what stands in the text already is not repeated. */
export function withChoices({ text, buttons }: Pick<OutgoingMessage, 'text' | 'buttons'>): string {
  const unsaid = buttons.filter((button) => button.isQuiet !== true).map((button) => button.text).filter((choice) => !text.includes(choice))
  return unsaid.length === 0 ? text : `${text}\n可以回复：${unsaid.join('、')}`
}
