import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SetupError } from '../../../src/domain/errors.ts'
import { loadKnowledge } from '../../../src/knowledge/documents/load.ts'

const FRONT = (id: string): string => `---\nid: ${id}\ntitle: 管理办法\nissuer: 社区\nissued_on: 2020-01-31\n---\n`
const AREA = (code: string, level: string, parent: string): string => `- code: ${code}\n  name: ${code}\n  level: ${level}\n  parent: ${parent}\n  words: []\n`
/** A prefecture and one area; the area's parent stands on line 9. */
const AREAS = (code: string, level: string, parent: string): string => AREA('p', 'prefecture', 'null') + AREA(code, level, parent)

/** The smallest folder that loads. */
const SMALL = {
  'documents/rules.md': `${FRONT('rules')}# 管理办法\n\n序言。\n\n## 一、总则\n\n### 第一条 开放时间\n\n活动室每天开放。\n\n#### (一)白天开放;\n#### (二)晚上开放。\n\n## 二、其他\n\n### 第二条 收费\n不收费。\n`,
  'questions/rules.yaml': '1:\n  - 活动室哪天开\n',
  'gaps/rules.yaml': '2:\n  - 押金多少\n无:\n  - 电话多少\n',
  'services.yaml': `- code: lamp
  name: 照明
  words: [路灯, 灯坏了]
  materials: []
  steps: [登记, 维修]
  place: 服务站
  limitWorkingDays: 3
  fee: 不收费
  needsPersonalData: true
  kind: service
`,
  'areas.yaml': AREAS('c', 'county', 'p'),
}

const YEAR = `- year: 2026
  source: 通知
  isPublished: true
  holidays:
    - { name: 国庆节, from: 2026-10-01, to: 2026-10-07 }
  workdays: [2026-10-10]
`
const DEADLINES = `limits: { urgent: 2, ordinary: 4, long: 9 }
opensAt: '08:30'
closesAt: '17:30'
climbing:
  ordinary: { town: 0, county: 2, prefecture: 5 }
  urgent: { town: 0, county: 1, prefecture: 2 }
  emergency: { town: 30, county: 120, prefecture: 360 }
notMovedDays: 3
`

describe('a folder that staff edit', () => {
  let folder = ''

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'linli-knowledge-'))
    for (const [name, text] of Object.entries(SMALL)) await write(name, text)
  })
  afterEach(async () => rm(folder, { recursive: true, force: true }))

  const write = async (name: string, content: string | Uint8Array): Promise<void> => {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  const messageOf = async (): Promise<string> => {
    const error: unknown = await loadKnowledge(folder).then(
      () => new Error('it loaded'),
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(SetupError)
    return (error as SetupError).message
  }

  it('loads with a document whose parts are few', async () => {
    const { documents, gaps, services, areas } = await loadKnowledge(folder)
    expect(documents[0]?.passages).toEqual([
      { documentId: 'rules', clause: '1', title: '开放时间', headings: ['一、总则'], text: '活动室每天开放。\n\n(一)白天开放;\n(二)晚上开放。', typicalQuestions: ['活动室哪天开'] },
      { documentId: 'rules', clause: '2', title: '收费', headings: ['二、其他'], text: '不收费。', typicalQuestions: [] },
    ])
    expect(gaps).toEqual([
      { documentId: 'rules', clause: '2', question: '押金多少' },
      { documentId: 'rules', clause: null, question: '电话多少' },
    ])
    expect(services.map((service) => service.code)).toEqual(['lamp'])
    expect(areas.map((area) => area.code)).toEqual(['p', 'c'])
  })

  it('reads files with a byte order mark and Windows line ends alike', async () => {
    const plain = await loadKnowledge(folder)
    for (const [name, text] of Object.entries(SMALL)) await write(name, `\uFEFF${text.replaceAll('\n', '\r\n')}`)
    expect(await loadKnowledge(folder)).toEqual(plain)
  })

  it('takes another markdown file as another document, beside the guideline', async () => {
    await copyFile(join('knowledge', 'documents/hexie-shequ-2012.md'), await prepared('documents/hexie-shequ-2012.md'))
    await write('documents/third.md', '---\nid: third\ntitle: 楼道公约\nissuer: 居委会\nissued_on: 2024-01-02\neffective_to: 2026-12-31\nsuperseded_by: 新公约\n---\n## 第一条 楼道不堆东西，不停电动车。\n\n## 12 安静\n晚上十点后轻声。\n')
    const { documents } = await loadKnowledge(folder)
    expect(documents.map((document) => [document.id, document.passages.length])).toEqual([['hexie-shequ-2012', 37], ['rules', 2], ['third', 2]])
    expect(documents[2]).toMatchObject({ effectiveTo: '2026-12-31', supersededBy: '新公约' })
    expect(documents[2]?.passages[0]).toMatchObject({ clause: '1', title: '楼道不堆东西，不停电动车', text: '楼道不堆东西，不停电动车。' })
    expect(documents[2]?.passages[1]).toMatchObject({ clause: '12', title: '安静', text: '晚上十点后轻声。' })
  })

  it('reads labels in words as a person writes them, each with what stands over it', async () => {
    await write('documents/third.md', `${FRONT('third')}# 车棚办法\n\n没有标题的开头不算一条。\n\n### 前言\n\n大家商量定的。\n\n## 第一章 收费\n\n### 第一条 标准\n\n按表收。\n\n#### 表1 每月收费\n\n##### 表1第1行 自行车\n\n五元。\n\n### 第二条\n\n下面的要带：\n\n#### 身份证\n#### 购车发票\n\n## 附件1 说明\n\n### 附件1第1条\n\n写全名。\n\n## 问答1 几点关门？\n\n十点。\n`)
    const third = (await loadKnowledge(folder)).documents.find(({ id }) => id === 'third')
    expect(third?.passages.map(({ clause, title, headings = [], text, typicalQuestions }) => [clause, title, headings.join(' / '), text, typicalQuestions.join()])).toEqual([
      ['前言', '大家商量定的', '', '大家商量定的。', ''],
      ['1', '标准', '第一章 收费', '按表收。', ''],
      ['表1第1行', '自行车', '第一章 收费 / 表1 每月收费', '五元。', ''],
      ['2', '下面的要带：', '第一章 收费', '下面的要带：\n\n身份证\n购车发票', ''],
      ['附件1第1条', '写全名', '附件1 说明', '写全名。', ''],
      ['问答1', '几点关门？', '', '十点。', '几点关门？'],
    ])
  })

  const prepared = async (name: string): Promise<string> => {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    return join(folder, name)
  }

  it('passes over hidden files, editors’ leftovers and a README', async () => {
    await write('documents/README.md', '说明')
    await write('documents/._rules.md', 'x')
    await write('questions/~rules.yaml', 'x')
    expect((await loadKnowledge(folder)).documents).toHaveLength(1)
  })

  it('loads without any questions and gaps', async () => {
    await rm(join(folder, 'questions'), { recursive: true })
    await rm(join(folder, 'gaps'), { recursive: true })
    const { documents, gaps } = await loadKnowledge(folder)
    expect(documents[0]?.passages[0]?.typicalQuestions).toEqual([])
    expect(gaps).toEqual([])
  })

  const services = (from: string, to: string): string => SMALL['services.yaml'].replace(from, to)
  const year = (from: string, to: string): string => YEAR.replace(from, to)
  it.each<[string, string, string | Uint8Array, string[]]>([
    ['an unknown kind of limit', 'services.yaml', services('limitWorkingDays: 3', 'limitWorkingDays: 3\n  limitKind: 快'), ['services.yaml:8: limitKind: 只能是 urgent、ordinary、long 之一']],
    ['a day that is none', 'holidays.yaml', year('to: 2026-10-07', 'to: 2026-10-32'), ['holidays.yaml:5: holidays 1 to: 要写成 2026-10-01 的样子']],
    ['a holiday that ends before it begins', 'holidays.yaml', year('to: 2026-10-07', 'to: 2026-09-07'), ['holidays.yaml:5: 国庆节: 开头比结尾晚']],
    ['a holiday of another year', 'holidays.yaml', year('to: 2026-10-07', 'to: 2027-10-07'), ['holidays.yaml:5: 国庆节: 不在 2026 年']],
    ['a make-up workday in the middle of the week', 'holidays.yaml', year('2026-10-10', '2026-10-12'), ['holidays.yaml:6: 2026-10-12: 不是周六、周日']],
    ['a make-up workday that is a holiday too', 'holidays.yaml', year('2026-10-10', '2026-10-03'), ['holidays.yaml:6: 2026-10-03: 又写成了放假']],
    ['a year that stands twice', 'holidays.yaml', YEAR + YEAR, ['holidays.yaml:7: year: 2026 年写了两次']],
    ['a calendar that does not say whether it was published', 'holidays.yaml', year('  isPublished: true\n', ''), ['holidays.yaml:1: isPublished: 缺这一项']],
    ['closing time in words', 'deadlines.yaml', DEADLINES.replace("'17:30'", '五点半'), ['deadlines.yaml:3: closesAt: 要写成 08:30 的样子']],
    ['a higher level that comes before a lower one', 'deadlines.yaml', DEADLINES.replace('county: 2', 'county: 9'), ['deadlines.yaml:5: climbing ordinary: 要一级比一级晚']],
    ['a time limit that is no number', 'services.yaml', services('limitWorkingDays: 3', 'limitWorkingDays: 三天'), ['services.yaml:7: limitWorkingDays: 要写数字 / must be a number']],
    ['a time limit below one day', 'services.yaml', services('limitWorkingDays: 3', 'limitWorkingDays: 0'), ['services.yaml:7: limitWorkingDays: 不能小于 1']],
    ['an unknown kind', 'services.yaml', services('kind: service', 'kind: 修'), ['services.yaml:10: kind: 只能是 service、help 之一']],
    ['a missing part', 'services.yaml', services('  place: 服务站\n', ''), ['services.yaml:1: place: 缺这一项 / is missing']],
    ['a misspelt part', 'services.yaml', services('  fee:', '  prise: 5\n  fee:'), ['services.yaml:8: prise: 不认识这一项 / unknown key']],
    ['a word that stands twice', 'services.yaml', services('[路灯, 灯坏了]', '[路灯, 路灯]'), ['services.yaml:3: words 2: “路灯”写了两次']],
    ['a list written as a word', 'services.yaml', services('[路灯, 灯坏了]', '路灯'), ['services.yaml:3: words: 要写成一串']],
    ['a service code that is taken', 'services.yaml', `${SMALL['services.yaml']}${SMALL['services.yaml'].replace('name: 照明', 'name: 灯')}`, ['services.yaml:11: code: “lamp”重复，第 1 行已有']],
    ['YAML that cannot be read', 'services.yaml', '- code: lamp\n  name: [照明\n', ['services.yaml:', 'YAML 格式不对']],
    ['an empty file', 'services.yaml', '', ['services.yaml:1: 文件是空的 / file is empty']],
    ['a file of comments only', 'areas.yaml', '# 以后再写\n', ['areas.yaml:1: 里面没有内容 / holds nothing']],
    ['a file saved as GBK', 'areas.yaml', new Uint8Array([0x2d, 0x20, 0xc9, 0xe7, 0xc7, 0xf8]), ['areas.yaml:1: 不是 UTF-8 编码']],
    ['a parent that does not exist', 'areas.yaml', AREAS('c', 'county', 'nowhere'), ['areas.yaml:9: parent: 没有“nowhere”这个地方']],
    ['parents that run in a circle', 'areas.yaml', `${AREAS('c', 'county', 'd')}${AREA('d', 'town', 'c')}`, ['areas.yaml:9: parent: “c”的上级绕回了自己', 'areas.yaml:14: parent: “d”的上级绕回了自己']],
    ['a parent of a lower level', 'areas.yaml', `${AREAS('c', 'community', 'p')}${AREA('d', 'town', 'c')}`, ['areas.yaml:14: parent: “c”不比“d”高一级']],
    ['a town without a parent', 'areas.yaml', AREAS('c', 'town', 'null'), ['areas.yaml:9: parent: “c”没有写上级']],
    ['two areas of one name in one place', 'areas.yaml', `${AREAS('c', 'county', 'p')}${AREA('d', 'county', 'p').replace('name: d', 'name: c')}`, ['areas.yaml:12: name:', '第 7 行已有']],
    ['questions of a clause that does not exist', 'questions/rules.yaml', '"1":\n  - 几点开\n"9":\n  - 谁管\n', ['questions/rules.yaml:3: 9: rules 里没有这一条 / no such clause']],
    ['the same question in two clauses', 'questions/rules.yaml', '1:\n  - 要交钱吗？\n2:\n  - 要 交钱吗\n', ['questions/rules.yaml:4: 2: “要 交钱吗”重复', 'questions/rules.yaml:2 已有']],
    ['a question that is also a gap', 'gaps/rules.yaml', '1:\n  - 活动室哪天开？\n', ['gaps/rules.yaml:2: 1: “活动室哪天开？”重复', 'questions/rules.yaml:2 已有']],
    ['a clause listed twice', 'questions/rules.yaml', '1:\n  - 几点开\n1:\n  - 谁管\n', ['questions/rules.yaml:3: YAML 格式不对']],
    ['a question that is a bare number', 'questions/rules.yaml', '1:\n  - 几点开\n  - 12349\n', ['questions/rules.yaml:3: 1 2: 要写文字']],
    ['questions of a document that does not exist', 'questions/other.yaml', '1:\n  - 几点开\n', ['questions/other.yaml:1: 文件名要和一份文件的 id 一样']],
    ['a document without front matter', 'documents/new.md', '## 1 开放\n开。\n', ['documents/new.md:1: 开头要有两行“---”']],
    ['a document with a wrong date', 'documents/new.md', FRONT('new').replace('2020-01-31', '2020年'), ['documents/new.md:5: issued_on: 要写成 2012-04-05 这样的日期']],
    ['a document without an issuer', 'documents/new.md', FRONT('new').replace('issuer: 社区\n', ''), ['documents/new.md:2: issuer: 缺这一项']],
    ['a document that ends before it begins', 'documents/new.md', FRONT('new').replace('2020-01-31', '2020-01-31\neffective_to: 2019-01-01'), ['documents/new.md:6: effective_to: 比 issued_on 还早']],
    ['a document whose id is taken', 'documents/zzz.md', SMALL['documents/rules.md'], ['documents/zzz.md:2: id: “rules”已经用在']],
    ['a document without clauses', 'documents/new.md', `${FRONT('new')}正文。\n`, ['documents/new.md:7: 没有找到条款']],
    ['a clause number that stands twice', 'documents/new.md', `${FRONT('new')}## 1 甲\n甲。\n## 第一条 乙\n乙。\n`, ['documents/new.md:9: 第 1 条重复，第 7 行已有']],
    ['a clause without a text', 'documents/new.md', `${FRONT('new')}## 1 甲\n\n## 2 乙\n乙。\n`, ['documents/new.md:7: 第 1 条下面没有正文']],
  ])('does not start with %s', async (_, name, content, expected) => {
    await write(name, content)
    const message = await messageOf()
    for (const part of expected) expect(message).toContain(part)
  })

  it('gives a service without a limit of its own that of its kind, as an example', async () => {
    await write('deadlines.yaml', DEADLINES)
    await write('services.yaml', SMALL['services.yaml'] + SMALL['services.yaml'].replace('code: lamp', 'code: lift').replace('name: 照明', 'name: 电梯').replace('limitWorkingDays: 3', 'limitWorkingDays: null\n  limitKind: long'))
    const { services: loaded } = await loadKnowledge(folder)
    expect(loaded.map(({ limitWorkingDays, isLimitExample }) => ({ limitWorkingDays, isLimitExample }))).toEqual([{ limitWorkingDays: 3, isLimitExample: false }, { limitWorkingDays: 9, isLimitExample: true }])
  })

  it('does without a calendar and limits of its own', async () => {
    const { deadlines } = await loadKnowledge(folder)
    expect(deadlines).toMatchObject({ calendar: [], limits: { urgent: 1, ordinary: 3, long: 7 }, notMovedDays: 3 })
  })

  it('lists all that is wrong in all files at once', async () => {
    await write('services.yaml', services('limitWorkingDays: 3', 'limitWorkingDays: -1').replace('needsPersonalData: true', 'needsPersonalData: 要'))
    await rm(join(folder, 'areas.yaml'))
    const message = await messageOf()
    expect(message).toContain('知识文件有 3 处要改')
    expect(message).toContain(`${join(folder, 'services.yaml')}:7: limitWorkingDays:`)
    expect(message).toContain(`${join(folder, 'services.yaml')}:9: needsPersonalData: 要写 true 或 false`)
    expect(message).toContain(`${join(folder, 'areas.yaml')}:1: 没有这个文件 / file is missing`)
  })

  it('does not blame the questions of a document that could not be read', async () => {
    await write('documents/rules.md', SMALL['documents/rules.md'].replace('issued_on: 2020-01-31', 'issued_on: 去年'))
    expect(await messageOf()).toContain('知识文件有 1 处要改')
  })

  it('says so when there is no document, or no folder at all', async () => {
    await rm(join(folder, 'documents'), { recursive: true })
    await rm(join(folder, 'questions'), { recursive: true })
    await rm(join(folder, 'gaps'), { recursive: true })
    expect(await messageOf()).toContain('至少要一份 .md')
    await rm(folder, { recursive: true })
    expect(await messageOf()).toContain('没有这个文件')
  })

  it('shows a path below the working directory as short as staff would type it', async () => {
    await expect(loadKnowledge('no-such-folder')).rejects.toThrow(/^no-such-folder\/services\.yaml:1: /m)
  })
})
