import { describe, expect, it } from 'vitest'
import { splitText } from '../../../src/web/chat/split-text.ts'

const citation = { document: 'd', clause: '13', quote: '达到社区志愿者注册率占居民人口10%以上的目标。' }

describe('setting quotations apart', () => {
  it('takes the quotation out with its marks and the line that says where it stands', () => {
    const text = `关于比例，文件写的是：\n“${citation.quote}”\n——《关于加强和谐社区建设的意见》（2012年）第13条\n（这是2012年的文件。）`
    expect(splitText(text, [citation])).toEqual({
      isGenerated: false,
      segments: [
        { type: 'text', text: '关于比例，文件写的是：' },
        { type: 'quote', citation, source: '《关于加强和谐社区建设的意见》（2012年）第13条' },
        { type: 'text', text: '（这是2012年的文件。）' },
      ],
    })
  })

  it('leaves a text without citations as it is', () => {
    expect(splitText('您好\n有什么事？', [])).toEqual({ isGenerated: false, segments: [{ type: 'text', text: '您好\n有什么事？' }] })
  })

  it('puts a citation whose words are not in the text at the end', () => {
    expect(splitText('要占一成。', [citation]).segments).toEqual([
      { type: 'text', text: '要占一成。' },
      { type: 'quote', citation, source: '' },
    ])
  })

  it('finds each of several quotations where it stands', () => {
    const other = { document: 'd', clause: '4', quote: '不低于30平方米' }
    const { segments } = splitText(`一、「${citation.quote}」二、「${other.quote}」`, [other, citation])
    expect(segments.map((segment) => (segment.type === 'text' ? segment.text : segment.citation.clause))).toEqual(['一、', '13', '二、', '4'])
  })

  it('turns the line that a model wrote it into a mark', () => {
    expect(splitText('要占一成。\n（AI 生成，以原文为准）', [])).toEqual({ isGenerated: true, segments: [{ type: 'text', text: '要占一成。' }] })
  })

  it('keeps an empty quotation from emptying the text', () => {
    expect(splitText('好', [{ ...citation, quote: '' }]).segments[0]).toEqual({ type: 'text', text: '好' })
  })
})
