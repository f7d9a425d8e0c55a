import type { Span } from '../domain/talk.ts'

/** What is left of a message when the values found in it are taken out: tells an answer from a mention of something else. */
export function withoutValues(text: string, spans: readonly Span[]): string {
  let left = ''
  let at = 0
  for (const { start, end } of [...spans].sort((one, other) => one.start - other.start)) {
    left += text.slice(at, Math.max(at, start))
    at = Math.max(at, end)
  }
  return (left + text.slice(at)).replace(/我叫|我是|监护人|家长|姓名|名字|联系|电话|手机|号码|地址|年龄|今年|岁|[\s\d,，。.;；:：是住在]/g, '')
}
