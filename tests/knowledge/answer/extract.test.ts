import { describe, expect, it } from 'vitest'
import { extractQuotes, LONGEST_QUOTE } from '../../../src/knowledge/answer/extract/extract.ts'
import { fitLogistic, logit, sigmoid } from '../../../src/knowledge/find/numbers/logistic.ts'
import type { LogisticSample } from '../../../src/knowledge/find/numbers/logistic.ts'
import { tokenize } from '../../../src/knowledge/find/words/tokens.ts'
import { sentenceWindows, splitClauses, splitSentences } from '../../../src/knowledge/find/words/windows.ts'

const quote = (text: string, question: string, kinds: Parameters<typeof extractQuotes>[0]['kinds'] = [], title = '') => {
  const [span] = extractQuotes({ text, title, question, kinds, weights: new Map(tokenize(question).map((term) => [term, 1])), alike: [], meaning: null })
  return text.slice(span?.start, span?.end)
}

describe('Sentences', () => {
  it('end at their marks, and two neighbours make a window', () => {
    const text = '第一句。第二句；第三句'
    const sentences = splitSentences(text)
    expect(sentences.map(({ start, end }) => text.slice(start, end))).toEqual(['第一句。', '第二句；', '第三句'])
    expect(sentenceWindows(sentences).map(({ start, end }) => text.slice(start, end))).toContain('第一句。第二句；')
  })

  it('are divided at commas, never inside brackets or quotation marks', () => {
    const text = '建立两委(社区、村党委),落实“一格、多元”责任,做好服务'
    expect(splitClauses(text, { start: 0, end: text.length }).map(({ start, end }) => text.slice(start, end))).toEqual(['建立两委(社区、村党委),', '落实“一格、多元”责任,', '做好服务'])
  })

  it('of blanks and marks alone are none', () => {
    expect(splitSentences(' 。。\n； ')).toEqual([])
  })
})

describe('A quote', () => {
  it('is the sentence about the question, not the one that repeats the title', () => {
    expect(quote('加强物业管理。建立房屋维修站。抓好花园小区建设。', '房屋坏了找谁维修', [], '加强物业管理')).toBe('建立房屋维修站。')
  })

  it('is the sentence that holds the kind of thing asked', () => {
    expect(quote('社区服务站要建好。社区服务站面积在300平方米以上。', '社区服务站要建多大', ['area'])).toContain('300平方米')
  })

  it('is a run of at most 200 characters of a longer sentence, around what is asked', () => {
    const text = `${'要统筹各项工作,'.repeat(30)}每年列支500万元专项资金,${'并做好各项保障,'.repeat(30)}`
    const found = quote(text, '专项资金每年列支多少', ['amount'])
    expect(found).toContain('500万元')
    expect(found.length).toBeLessThanOrEqual(LONGEST_QUOTE)
    expect(text).toContain(found)
  })

  it('is never the heading alone, and neighbouring sentences are one run', () => {
    expect(quote('加强社区治安。社区民警到居委会兼职。建立防控网络。', '社区治安怎么加强', [], '加强社区治安')).toBe('社区民警到居委会兼职。建立防控网络。')
  })

  it('is one sentence when that is clearly the best, and the next too when it is not', () => {
    const text = '社区志愿者要注册登记。老年人由居委会照看。残疾人由服务站照看。'
    const all = (question: string) => extractQuotes({ text, title: '', question, kinds: [], weights: new Map(tokenize(question).map((term) => [term, 1])), alike: [], meaning: null }).length
    expect(quote(text, '志愿者怎么注册登记')).toBe('社区志愿者要注册登记。')
    expect(all('志愿者怎么注册登记')).toBe(1)
    expect(quote(text, '照看的事找哪里')).toBe('老年人由居委会照看。残疾人由服务站照看。')
  })

  it('goes with a typical question that is like the one asked and says it in the words of the text', () => {
    const text = '社区设立房屋维修站。居民区建立业主委员会。'
    const [span] = extractQuotes({ text, title: '', question: '房顶漏了', kinds: [], weights: new Map(tokenize('房顶漏了').map((term) => [term, 1])), alike: [{ weights: new Map(tokenize('房屋维修找谁').map((term) => [term, 1])), nearness: 0.9 }], meaning: null })
    expect(text.slice(span?.start, span?.end)).toBe('社区设立房屋维修站。')
  })

  it('of a text without any mark is cut at the limit, between characters', () => {
    const found = quote('𠮷'.repeat(300), '吉')
    expect(found.length).toBeLessThanOrEqual(LONGEST_QUOTE)
    expect(/[\ud800-\udbff]$/.test(found)).toBe(false)
  })
})

describe('The regression', () => {
  it('finds the log-odds of a known table', () => {
    // 80 of 100 right where the feature is 1, 20 of 100 where it is 0.
    const sampleOf = (feature: number, isRight: boolean): LogisticSample => ({ features: [feature], label: isRight ? 1 : 0 })
    const samples = [0, 1].flatMap((feature) => Array.from({ length: 100 }, (_, index) => sampleOf(feature, index < (feature === 1 ? 80 : 20))))
    const model = fitLogistic(['feature'], samples, { penalty: 1e-6 })
    expect(sigmoid(logit(model, [1]))).toBeCloseTo(0.8, 3)
    expect(sigmoid(logit(model, [0]))).toBeCloseTo(0.2, 3)
  })
})
