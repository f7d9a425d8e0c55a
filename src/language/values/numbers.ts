import { _chinese_parseInt } from '@lazy-cjk/zh2num'

/** A source fragment for regular expressions: a run of Chinese number words. */
export const CHINESE_NUMBER = '[零〇一二三四五六七八九十百千两廿卅]'

const SPOKEN_DIGITS: Record<string, string> = { 零: '0', 〇: '0', 一: '1', 幺: '1', 妖: '1', 腰: '1', 二: '2', 两: '2', 三: '3', 四: '4', 五: '5', 六: '6', 七: '7', 八: '8', 九: '9', 洞: '0', 拐: '7', 勾: '9' }

/** Digits that are said one by one ("一三八", "幺三八") as Arabic ones; other characters stay, lengths too. */
export function readSpokenDigits(text: string): string {
  return Array.from(text, (character) => SPOKEN_DIGITS[character] ?? character).join('')
}

/** The whole number that `text` is: "15", "十五", "二〇二六", "两百三". undefined when it is not one. */
export function parseNumber(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text)
  if (/^[零〇一二三四五六七八九两]{2,}$/.test(text)) return Number(readSpokenDigits(text))
  if (!/^[零〇一二三四五六七八九十百千万两廿卅]+$/.test(text)) return undefined
  const value = _chinese_parseInt(text)
  return Number.isFinite(value) ? value : undefined
}
