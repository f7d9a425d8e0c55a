import { describe, expect, it } from 'vitest'
import { findNameMentions, readQuote, removeSpans } from '../../src/channels/mentions.ts'

const read = (text: string, names = ['小助手', 'bot']): string | null => {
  const spans = findNameMentions(text, names)
  return spans.length === 0 ? null : removeSpans(text, spans)
}

describe('findNameMentions', () => {
  it.each([
    ['@bot，几点?', '几点?'],
    ['@bot\u2005几点?', '几点?'],
    ['@bot 几点?', '几点?'],
    ['＠小助手：几点', '几点'],
    ['几点@bot', '几点'],
    ['@Bot\n第一行\n第二行', '第一行\n第二行'],
    ['@bot\u2005@bot\u2005几点', '几点'],
    ['@bot', ''],
    ['@bot。', ''],
    ['请问@小助手\u2005今天停水吗', '请问今天停水吗'],
    ['@bot 叫 @张三\u2005来', '叫 @张三 来'],
  ])('reads %j as addressed', (text, expected) => expect(read(text)).toBe(expected))

  it.each(['a@bot 几点', 'x@bot.com', '@bot.com', '@botany', '@bot_2 几点', '@bot-2', '@小助手二号 几点', '@小助手几点', '@小助手 二号\u2005几点', 'bot 几点', '@ bot', '@所有人 几点'])(
    'does not read %j as addressed',
    (text) => expect(read(text)).toBeNull(),
  )

  it('prefers the longer of two names', () => expect(read('@小助手 一号\u2005几点', ['小助手', '小助手 一号'])).toBe('几点'))
  it('finds nothing for an empty name', () => expect(findNameMentions('@ 几点', ['', ' '])).toEqual([]))
  it('keeps its place where lower-casing would lengthen the text', () => expect(read('İİİ @BOT 几点')).toBe('İİİ 几点'))
})

describe('readQuote', () => {
  it('parts a quote from the reply', () => {
    expect(readQuote('「张三：@bot 几点？」\n- - - - - - - - - - - - - - -\n我也想知道')).toEqual({ name: '张三', quoted: '@bot 几点？', reply: '我也想知道' })
    expect(readQuote('「小助手：九点。\n周末休息。」\n——————————\n那节假日呢')).toEqual({ name: '小助手', quoted: '九点。\n周末休息。', reply: '那节假日呢' })
  })
  it('takes all of a nested quote for quoted', () => {
    expect(readQuote('「张三：「李四：甲」\n- - - -\n乙」\n- - - -\n丙')?.reply).toBe('丙')
  })
  it.each(['「张三：几点」', '- - - -\n几点', '几点「甲：乙」\n- - - -\n丙'])('finds no quote in %j', (text) => expect(readQuote(text)).toBeNull())
})
