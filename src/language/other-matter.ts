import { findCommand } from './commands.ts'

/** What is said after the words that call something off: "不当了，我要报修" -> "我要报修"; undefined when that is all, or nothing is called off. */
export function afterCallingOff(text: string): string | undefined {
  const head = /^[^,，。;；!！\s]{1,12}[,，。;；!！\s]+(?=\S{3})/.exec(text)?.[0]
  if (head === undefined || findCommand(text)?.type === 'cancel') return undefined
  const type = findCommand(head)?.type
  return type === 'cancel' || type === 'leave_volunteers' ? text.slice(head.length) : undefined
}

/**
 * The part of a message, sent while a form is open, that may be about another matter: what follows after calling the first one off, or the
 * whole where it names a form ("我要报修"). undefined when it can only be about the open form.
 */
export function findOtherMatter(text: string): string | undefined {
  const rest = afterCallingOff(text) ?? text
  const type = findCommand(rest)?.type
  return rest !== text || type === 'start_service' || type === 'start_volunteer' ? rest : undefined
}
