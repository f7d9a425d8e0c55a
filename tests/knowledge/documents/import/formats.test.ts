import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readByKind } from '../../../../src/knowledge/documents/import/formats/read-by-kind.ts'
import type { ImportLine } from '../../../../src/knowledge/documents/import/lines.ts'
import { writeZip } from '../../../../src/model/write-zip.ts'
import { paragraph, table, writeDocx } from './docx.ts'
import { writePdf } from './pdf.ts'

const CASES = path.resolve(import.meta.dirname, 'cases')

async function linesOf(name: string, bytes: Buffer | string): Promise<ImportLine[]> {
  const read = await readByKind(name, Buffer.from(bytes))
  if (read.outcome === 'refused') throw new Error(read.reason)
  return read.lines
}
const textsOf = async (name: string, bytes: Buffer | string) => (await linesOf(name, bytes)).map((line) => line.text)
const textsOfCase = async (name: string) => textsOf(name, readFileSync(path.join(CASES, name)))

const run = (text: string, properties = ''): string => `<w:r>${properties === '' ? '' : `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`
const cell = (text: string, properties = ''): string => `<w:tc><w:tcPr>${properties}</w:tcPr><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:tc>`
const row = (...cells: string[]): string => `<w:tr>${cells.join('')}</w:tr>`

describe('a table', () => {
  it('of Word is read row by row, merged cells filled in, with what stands over it', async () => {
    const merged = `<w:tbl>${row(cell('类别'), cell('车型'), cell('每月'))}${row(cell('两轮', '<w:vMerge w:val="restart"/>'), cell('自行车'), cell('五元'))}${row(cell('', '<w:vMerge/>'), cell('电动车'), cell('八元'))}${row(cell('合计'), cell('十三元', '<w:gridSpan w:val="2"/>'))}</w:tbl>`
    expect(await linesOf('a.docx', writeDocx([paragraph({ text: '车棚收费表' }), merged, paragraph({ text: '每月5日前交。' })]))).toEqual([
      { text: '车棚收费表' },
      { text: '类别：两轮；车型：自行车；每月：五元。', row: { table: 1, row: 1, heading: '车棚收费表' } },
      { text: '类别：两轮；车型：电动车；每月：八元。', row: { table: 1, row: 2, heading: '车棚收费表' } },
      { text: '类别：合计；车型：十三元；每月：十三元。', row: { table: 1, row: 3, heading: '车棚收费表' } },
      { text: '每月5日前交。' },
    ])
  })

  it('with names in two rows says both, and a row across it is a heading for those below', async () => {
    const page = '<table><caption>收费标准</caption><tr><th rowspan=2>车型</th><th colspan=2>收费</th></tr><tr><th>每月</th><th>补卡</th></tr><tr><td colspan=3>一期</td></tr><tr><td>自行车</td><td>五元</td><td></td></tr><tr><td>三轮车</td><td>十元</td><td>二十元</td></tr></table>'
    expect(await linesOf('a.html', page)).toEqual([
      { text: '收费标准' },
      { text: '一期' },
      { text: '车型：自行车；收费（每月）：五元。', row: { table: 1, row: 1, heading: '收费标准 一期' } },
      { text: '车型：三轮车；收费（每月）：十元；收费（补卡）：二十元。', row: { table: 1, row: 2, heading: '收费标准 一期' } },
    ])
  })

  it('of labels and values is lines of 标签：值, a list in a value kept below its label', async () => {
    const page = '<table><tr><td>事项名称</td><td>车棚卡办理</td></tr><tr><td>办理时限</td><td>1个工作日，特殊情况除外</td></tr><tr><td>申请材料</td><td><p>1、身份证</p><p>2、购车发票</p></td></tr></table>'
    expect(await linesOf('a.html', page)).toEqual([{ text: '事项名称：车棚卡办理' }, { text: '办理时限：1个工作日，特殊情况除外' }, { text: '申请材料：' }, { text: '1、身份证' }, { text: '2、购车发票' }])
  })

  it('without names of columns sets its cells side by side, and one of a single column is plain text', async () => {
    expect(await textsOf('a.html', '<table><tr><td>王丽</td><td>网格员</td><td>13800000000</td></tr><tr><td>李强</td><td>门卫</td><td>13900000000</td></tr></table>')).toEqual(['王丽；网格员；13800000000。', '李强；门卫；13900000000。'])
    expect(await linesOf('a.html', '<table><tr><td>第一条 甲。</td></tr><tr><td>第二条 乙。</td></tr></table>')).toEqual([{ text: '第一条 甲。' }, { text: '第二条 乙。' }])
  })

  it('that claims to cover a billion rows ends as one that covers its own', async () => {
    expect(await textsOf('a.html', '<table><tr><th colspan=1000000000>甲</th><th>乙</th></tr><tr><td rowspan=1000000000>1</td><td>2</td></tr></table>')).toEqual(['甲：1；甲：2。'])
  })
})

describe('Word', () => {
  it('takes numbers over from a style that another is based on', async () => {
    const styles = '<w:styles xmlns:w="x"><w:style w:type="paragraph" w:styleId="Tiao"><w:name w:val="Tiao"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="TiaoZi"><w:name w:val="TiaoZi"/><w:basedOn w:val="Tiao"/></w:style></w:styles>'
    const body = ['车棚晚上十点关门。', '每月收费五元。'].map((text) => paragraph({ text, style: 'TiaoZi' }))
    expect(await textsOf('a.docx', writeDocx(body, [['第%1条', 'chineseCountingThousand']], { 'word/styles.xml': Buffer.from(styles) }))).toEqual(['第一条 车棚晚上十点关门。', '第二条 每月收费五元。'])
  })

  it('leaves out what is struck, hidden or deleted, and keeps what was inserted', async () => {
    const body = `<w:p>${run('收费五元')}${run('八元', '<w:strike/>')}${run('九元', '<w:dstrike/>')}${run('看不见', '<w:vanish/>')}${run('，照收', '<w:strike w:val="0"/>')}<w:del w:id="1"><w:r><w:delText>删去</w:delText></w:r></w:del><w:ins w:id="2">${run('，不找零')}</w:ins>${run('。')}</w:p>`
    expect(await textsOf('a.docx', writeDocx([body]))).toEqual(['收费五元，照收，不找零。'])
  })

  it('says a text box once and keeps controls, links and formulas', async () => {
    const box = '<w:txbxContent><w:p><w:r><w:t>框里的收费五元。</w:t></w:r></w:p></w:txbxContent>'
    const names = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="wps" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="m"'
    const body = [
      `<w:p><w:r><mc:AlternateContent ${names}><mc:Choice Requires="wps"><w:drawing><wps:txbx>${box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>${box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`,
      '<w:sdt><w:sdtContent><w:p><w:r><w:t>押金十元。</w:t></w:r></w:p></w:sdtContent></w:sdt>',
      `<w:p><w:hyperlink><w:r><w:t>链接里的字</w:t></w:r></w:hyperlink><m:oMath ${names}><m:r><m:t>面积×单价</m:t></m:r></m:oMath></w:p>`,
    ]
    expect(await textsOf('a.docx', writeDocx(body))).toEqual(['框里的收费五元。', '押金十元。', '链接里的字面积×单价'])
  })

  it('sets a footnote below the paragraph that it belongs to', async () => {
    const names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    const relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/></Relationships>'
    const notes = `<w:footnotes ${names}><w:footnote w:id="2"><w:p>${run('指按月收。')}</w:p></w:footnote></w:footnotes>`
    const body = [`<w:p>${run('收费五元')}<w:r><w:footnoteReference w:id="2"/></w:r>${run('。')}</w:p>`, paragraph({ text: '不找零。' })]
    expect(await textsOf('a.docx', writeDocx(body, [], { 'word/footnotes.xml': Buffer.from(notes), 'word/_rels/document.xml.rels': Buffer.from(relations) }))).toEqual(['收费五元。', '注1：指按月收。', '不找零。'])
  })

  it('of the old kind (.doc) and rich text (.rtf) give text and tables', async () => {
    const rows = ['类别：两轮；车型：自行车；每月：五元。', '类别：两轮；车型：电动车；每月：八元。', '类别：合计；车型：十三元；每月：十三元。']
    for (const name of ['车棚.doc', '车棚.rtf']) {
      const texts = await textsOfCase(name)
      expect(texts.slice(0, 3)).toEqual(['清河社区车棚管理办法', '清河社区居民委员会', '2024年3月1日'])
      expect(texts.filter((text) => text.startsWith('类别'))).toEqual(rows)
      expect(texts).toContain('第三条 补卡二十元，由居委会一楼办理。')
    }
    // Struck text can be told in rich text.
    expect(await textsOfCase('车棚.rtf')).toContain('第一条 车棚晚上十点关门。')
  })

  it('of rich text in code page, Unicode and fonts of their own is read, without its tables of fonts', async () => {
    const gbk = String.raw`{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 \'cb\'ce\'cc\'e5;}}{\info{\title x}}\f0 \'b3\'b5\'c5\'ef\u25910?\u36153?{\v \'b3\'b5}{\strike \'b3\'b5}\par{\listtext 1.\tab}\'c5\'ef\par}`
    expect(await textsOf('a.rtf', gbk)).toEqual(['车棚收费', '1. 棚'])
  })
})

describe('the web', () => {
  it('of a government site keeps its labels and its text, not its menus, hidden words and foot', async () => {
    const page = '<html><head><title>清河社区车棚管理办法_清河网</title><style>.gone{display:none} @media print{.shown{display:none}}</style></head><body><div class="nav"><a href="/">首页</a><a href="/a">政务</a><a href="/b">服务</a></div><form id="form1"><table><tr><td><table><tr><td><b>索 引 号：</b></td><td>001</td><td><b>主题分类：</b></td><td>民政</td></tr><tr><td><b>标　题：</b></td><td colspan="3">清河社区车棚管理办法</td></tr></table></td></tr></table><p>清河社区车棚管理办法</p><p class="gone">第九条 看不见。</p><p class="shown">第一条 车棚晚上十点<!-- 注释 -->关门。</p><p style="DISPLAY: none">第八条 也看不见。</p><ol start="2"><li>每月收费五元。</li><li>押金十元。</li></ol></form><div id="footer">主办：清河社区 备案号1</div></body></html>'
    expect(await linesOf('a.html', page)).toEqual([
      { text: '索 引 号：001' },
      { text: '主题分类：民政' },
      { text: '标 题：清河社区车棚管理办法' },
      { text: '清河社区车棚管理办法', level: 1 },
      { text: '第一条 车棚晚上十点关门。' },
      { text: '2. 每月收费五元。' },
      { text: '3. 押金十元。' },
    ])
  })

  it('keeps a list of annexes, and a page of nothing but links', async () => {
    const annexes = '<p>第一条 甲。</p><div><a href="1.doc">附件1：申请表</a><a href="2.xls">附件2：明细</a><a href="3.pdf">附件3：图</a></div>'
    expect((await textsOf('a.html', annexes)).join()).toContain('附件2：明细')
  })

  it('is known by its tags when it is named .doc, and read out of .mht whatever it is coded in', async () => {
    expect(await textsOf('通知.doc', '<div><p>第一条 甲。</p><p>第二条 乙。<script>x</script></p></div>')).toEqual(['第一条 甲。', '第二条 乙。'])
    const part = (encoding: string, body: string) => `MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n--x--\r\n`
    expect(await textsOf('a.mht', part('quoted-printable', '<p>=E6=B8=85=E6=B2=B3=\r\n</p>'))).toEqual(['清河'])
    expect(await textsOf('a.mht', part('base64', Buffer.from('<p>第一条 甲。</p>').toString('base64')))).toEqual(['第一条 甲。'])
  })

  it('inside of markdown is read too; numbers stay as typed, one ~ strikes nothing', async () => {
    const text = '# 车棚收费\n\n<style>\ntable{}\n</style>\n\n<table><tr><th>车型</th><th>每月</th></tr>\n<tr><td>自行车</td><td>五元</td></tr></table>\n\n| 时间 | 开门 |\n|---|---|\n| 周一 | 8~10点，18~20点 |\n\n第一条 按表收费。<br>\n第二条 &nbsp;每月5日前交，见[办法](http://example.com/a)。\n\n3. 甲\n5. 乙'
    expect(await textsOf('a.md', text)).toEqual(['车棚收费', '车型：自行车；每月：五元。', '时间：周一；开门：8~10点，18~20点。', '第一条 按表收费。', '第二条 每月5日前交，见办法。', '3. 甲', '5. 乙'])
  })
})

describe('plain text', () => {
  it('in Big5, UTF-16 without a mark and GB18030 is read as what it is', async () => {
    expect(await textsOfCase('big5.txt')).toEqual(['清河社區樓道清理通知', '清河社區居民委員會', '2024年3月1日', '一、樓道裡不准放雜物。', '二、每月五日統一清理一次。'])
    const text = '第一条 车棚晚上十点关门。\n第二条 每月收费五元。'
    expect(await textsOf('a.txt', Buffer.from(text, 'utf16le'))).toEqual(text.split('\n'))
    expect(await textsOf('a.txt', Buffer.from(text, 'utf16le').swap16())).toEqual(text.split('\n'))
    expect(await textsOf('a.txt', Buffer.from('b5dad2bbccf520b3b5c5efa1a3', 'hex'))).toEqual(['第一条 车棚。'])
  })

  it('that was broken at a margin is joined, and nothing else is', async () => {
    const broken = '第一条 车棚每天早上六点开门，晚上十点关门，过了时间要进\n车棚的，给值班室打电话，电话是八三二一。\n第二条 自行车每个月收费五元，电动车每个月收费八元，每月\n五日以前交到居委会一楼。'
    expect(await textsOf('a.txt', broken)).toEqual(['第一条 车棚每天早上六点开门，晚上十点关门，过了时间要进车棚的，给值班室打电话，电话是八三二一。', '第二条 自行车每个月收费五元，电动车每个月收费八元，每月五日以前交到居委会一楼。'])
    const plain = '车棚收费\n自行车 每月五元\n电动车 每月八元，其中充电三元，停放五元，每月五日以前交到居委会一楼\n三轮车 每月十元'
    expect(await textsOf('a.txt', plain)).toEqual(plain.split('\n'))
  })

  it('has its radicals put right by Unicode, those of the supplement too', async () => {
    expect(await textsOf('a.txt', '居⺠进⻔，⾃⾏⻋每⽉五元，⽤⼾⾃理。')).toEqual(['居民进门，自行车每月五元，用户自理。'])
  })
})

describe('Excel', () => {
  const SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="r"'
  const book = (sheets: readonly [name: string, xml: string, state?: string][], styles = ''): Buffer =>
    writeZip({
      'xl/workbook.xml': `<workbook ${SHEET}><sheets>${sheets.map(([name, , state], at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="r${at + 1}"${state === undefined ? '' : ` state="${state}"`}/>`).join('')}</sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships>${sheets.map((_, at) => `<Relationship Id="r${at + 1}" Target="worksheets/sheet${at + 1}.xml"/>`).join('')}</Relationships>`,
      'xl/styles.xml': styles,
      ...Object.fromEntries(sheets.map(([, xml], at) => [`xl/worksheets/sheet${at + 1}.xml`, `<worksheet ${SHEET}>${xml}</worksheet>`])),
    }, { deflated: true })
  const text = (at: string, value: string, style = '') => `<c r="${at}" t="inlineStr"${style}><is><t>${value}</t></is></c>`

  it('gives a line for each row, under the sheet\'s name, with merged cells, dates and shares as shown, without hidden rows and sheets', async () => {
    const styles = '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="0.0&quot;元&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="31"/><xf numFmtId="10"/><xf numFmtId="170"/></cellXfs></styleSheet>'
    const rows = `<sheetData><row r="1">${text('A1', '类别')}${text('B1', '开始')}${text('C1', '优惠')}${text('D1', '每月')}</row><row r="2">${text('A2', '两轮')}<c r="B2" s="1"><v>45352</v></c><c r="C2" s="2"><v>0.05</v></c><c r="D2" s="3"><v>5</v></c></row><row r="3"><c r="B3" s="1"><v>45353</v></c><c r="D3"><v>0.30000000000000004</v></c></row><row r="4" hidden="1">${text('A4', '看不见')}</row></sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells>`
    expect(await linesOf('a.xlsx', book([['车棚', rows], ['密', `<sheetData><row>${text('A1', '藏')}</row></sheetData>`, 'hidden']], styles))).toEqual([
      { text: '车棚', level: 2 },
      { text: '类别：两轮；开始：2024年3月1日；优惠：5.00%；每月：5.0元。', row: { table: 1, row: 1, heading: '车棚' } },
      { text: '类别：两轮；开始：2024年3月2日；每月：0.3。', row: { table: 1, row: 2, heading: '车棚' } },
    ])
  })

  it('that is a zip of something else is refused', async () => {
    expect(await readByKind('a.xlsx', writeZip({ 'ppt/presentation.xml': '<p/>' }))).toMatchObject({ outcome: 'refused' })
  })
})

describe('PDF', () => {
  it('of two columns is read one after the other', async () => {
    const texts = await textsOfCase('x-两栏.pdf')
    expect(texts.slice(3)).toEqual(['第一条 车棚每天早上六点开门，晚上十点关门，过了时间请给值班室打电话。', '第二条 自行车每月收费五元，电动车每月收费八元。', '第三条 卡丢了补办收二十元，带身份证到一楼。', '第四条 车棚里不准充电瓶，充电请到充电桩。', '第五条 每月五日前交费，逾期按天加收一角。', '第六条 车辆三个月不动的当作废车清理。', '第七条 本办法由居委会解释。'])
  })

  it('with a table whose cells have several lines gives its rows', async () => {
    expect((await linesOf('h.pdf', readFileSync(path.join(CASES, 'h-表格.pdf')))).slice(3)).toEqual([
      { text: '一、办卡要交的材料' },
      { text: '序号：1；材料：车棚卡申请表（本人签字，代办的要另附委托书）；份数：1。', row: { table: 1, row: 1, heading: '一、办卡要交的材料' } },
      { text: '序号：2；材料：购车发票或者车辆来源说明（没有发票的由楼栋长证明）；份数：1。', row: { table: 1, row: 2, heading: '一、办卡要交的材料' } },
      { text: '序号：3；材料：身份证；份数：1。', row: { table: 1, row: 3, heading: '一、办卡要交的材料' } },
      { text: '二、办卡地点在居委会一楼。' },
      { text: '三、办卡当天就能拿到。' },
    ])
  })

  it('says once what is printed twice to look bold, and leaves page numbers and watermarks out', async () => {
    expect((await textsOfCase('i-假粗体.pdf'))[0]).toBe('清河社区车棚管理办法')
    const texts = await textsOfCase('y-水印页码.pdf')
    expect(texts.at(-1)).toBe('第四条 每月收费五元。')
    expect(texts.join()).not.toMatch(/内部资料|共 2 页/)
  })

  it('keeps a short text at the edge of a page that is no page number', async () => {
    const lines = Array.from({ length: 6 }, (_, at) => ({ text: `第${'一二三四五六'.charAt(at)}条 每户限停一辆车，超过的到居委会登记。`, x: 85, y: 830 - at * 20, size: 14 }))
    expect(await textsOf('a.pdf', writePdf([lines]))).toHaveLength(6)
  })
})

describe('nothing of what is visible is lost', () => {
  const WORDS = ['车棚管理办法', '第一条 晚上十点关门。', '第二条 收费按表。', '车型', '每月', '自行车', '五元', '电动车', '八元', '第三条 押金十元。']
  const cells = [['车型', '每月'], ['自行车', '五元'], ['电动车', '八元']]
  const html = `<h1>车棚管理办法</h1><p>第一条 晚上十点关门。</p><div>第二条 收费按表。${`<table>${cells.map((own) => `<tr>${own.map((text) => `<td>${text}</td>`).join('')}</tr>`).join('')}</table>`}</div><footer>第三条 押金十元。</footer>`
  const markdown = `# 车棚管理办法\n第一条 晚上十点关门。\n第二条 收费按表。\n\n|车型|每月|\n|-|-|\n|自行车|五元|\n|电动车|八元|\n\n第三条 押金十元。`
  const rtf = `{\\rtf1\\uc0 ${['车棚管理办法', '第一条 晚上十点关门。', '第二条 收费按表。'].map((text) => `${escape(text)}\\par `).join('')}${cells.map((own) => `\\trowd\\cellx1000\\cellx2000 ${own.map((text) => `\\intbl ${escape(text)}\\cell `).join('')}\\row `).join('')}\\pard ${escape('第三条 押金十元。')}\\par}`
  function escape(text: string): string {
    return [...text].map((letter) => (letter === ' ' ? ' ' : `\\u${letter.charCodeAt(0)} `)).join('')
  }
  const pdf = [['车棚管理办法'], ['第一条 晚上十点关门。'], ['第二条 收费按表。'], ...cells, ['第三条 押金十元。']].flatMap((own, at) => own.map((text, column) => ({ text, x: 85 + column * 200, y: 700 - at * 24, size: 14 })))
  it.each<[string, Buffer | string]>([
    ['a.html', html],
    ['a.md', markdown],
    ['a.rtf', rtf],
    ['a.txt', WORDS.join('\n')],
    ['a.docx', writeDocx([paragraph({ text: '车棚管理办法', style: '1' }), paragraph({ text: '第一条 晚上十点关门。' }), paragraph({ text: '第二条 收费按表。' }), table(cells), paragraph({ text: '第三条 押金十元。' })])],
    ['a.pdf', writePdf([pdf])],
    ['a.mht', `MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(html.replace('footer', 'p').replace('/footer', '/p')).toString('base64')}\r\n`],
  ])('between the bytes of %s and its lines', async (name, bytes) => {
    const said = (await textsOf(name, bytes)).join('').replaceAll(' ', '')
    const expected = name === 'a.html' ? WORDS.slice(0, -1) : WORDS
    expect(expected.filter((word) => !said.includes(word.replaceAll(' ', '')))).toEqual([])
  })
})

describe('what stands at the foot of a page', () => {
  it('is kept where it says whose the text is and of what day, and goes where it speaks of the site', async () => {
    const page = (foot: string) => `<html><body><h1>车棚管理办法</h1><p>车棚晚上十点关门。</p>${foot}</body></html>`
    expect(await textsOf('a.html', page('<footer><p>幸福社区居民委员会</p><p>2024年3月1日</p><p>版权所有 某网</p></footer>'))).toEqual(['车棚管理办法', '车棚晚上十点关门。', '幸福社区居民委员会', '2024年3月1日'])
    expect(await textsOf('a.html', page('<div class="footer">主办：幸福街道 浏览次数：12</div>'))).toEqual(['车棚管理办法', '车棚晚上十点关门。'])
  })
})
