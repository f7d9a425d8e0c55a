import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SetupError } from '../../../src/domain/errors.ts'
import { readClauseHeading } from '../../../src/knowledge/documents/clause-label.ts'
import { loadKnowledge } from '../../../src/knowledge/documents/load.ts'

const SHIPPED = 'knowledge'

/** SHA-256 of each clause's text, clause 1 first, as it stands in the official text. */
const DIGESTS = [
  '28e13be6f6924b586b592fa4bb66609ee1d286b0a63f3adb98ce22f23f1f3188',
  '7ff52d71d338ea3f3921d4977f034edb27141f8940215d7bd564f1106203e48d',
  '8e62b17a4411125c6892bb4e7e65c553dd9df5eb668c5ec465c3480a502713a3',
  '76aa868a699fb2356ee5a4856e339172ea4badb1f409a5570653606010a1c233',
  'fd3def8d929b94962ff65ae292bd59388a1e5b3d44354e919bd0e39bb2d44336',
  '8b1cf20cac6aba88e49d46c404f7829da04afd025d99ae001b9e8bfae10ea7b2',
  'b7b568f64a3f9f0222e21e895536ae642b7a3c4231e10737e9b4727a102ce293',
  '269f7d680d68c696c77cb1c1fad894b35176d278b207ab548a56c61c364293f8',
  '87286d9d3251b7e3908edf6c220c42b82898db03f5b2700c3a4542a64a5bd9cd',
  'b8fe0749883e70dbf05cdde508869bcb98a59f2b1962f0708f90f06c603d22e3',
  'b03190f9379aea1faede1573aafb639916acfb2deb22df70ff4ff92f411e5dde',
  'c0ad0fa7651dcb60174f34915fbf9536b1813edc6feed3d0f340a48e9bd92b01',
  '72090d673ab316988ba2fa7fb1f079e6ac2233e51c6685f5c6460d02185d3855',
  '8de13a13ea2115f4ca263b784de2b7ad7fdbdc273df93b3c5274ff3a50c4780f',
  'b9e264507ec8aee4c5c4d7912af55df56b6cbc3cda709acc527fa1ceaa192844',
  'e736a5a9df2a3fec3a65eb95b40264e80e65e1c0300ba4cc348fb5e81917e7ad',
  'c3b0cded05394dec059c5c92fa0cc795f329a237096cd4842dbb73080e608d20',
  '7bf2b579a451ec49697fc76458030465699311e7c48dcc98f93092f125fb5fe1',
  'e09bfbd1129e9de029fef98ddeeca2b67f5dc746154bf9e17ca07f8154d6e76d',
  '36cb087ce326f3cd4e2c703db96433aa13e63cea59a2507b6f90b4c085475c1d',
  '2c5962ffa2a1b7e569901471ba5741be250098487096fb842ffb879c36f1244e',
  '652c61569e638301019d296698e3e690c6969e22afc9761e78c85e8edd3685af',
  'c38a86a411e92501cb0f0105c6b352c99c9ec84c96099e71196d531cd1c3a114',
  '4bf20fee67689b411d3b0a604c730ac3640d36cc66be96ec85db9b60ae24a035',
  '7d5581cf3e2b789f3fa0d39c4c098451eeb349449a7cf566315b66abc1cff00f',
  '8726bc4458ceb5b445b923a776d9fad5b40ad2689f6ec10bbfe6212e0a5583a0',
  'c8803f0d206f9f5587d9f86b48b75b757fb1db7980a7e5eb949509d543477251',
  '34c8c5688b17a7898613c2f2ca954b532a415020513a799e92d83c8c0af3e85a',
  '21ac23cf0f979e1954d96446b2fc0446bd6d20a565509621bafdc4e980a1d4e6',
  '68db88277cc55a8b15ce1e0b161d4fa22a067d5792c5179606ab688c42dd40b9',
  '2eb5366526130df9db769430a2bd68515bd1c6ffb54266a83b0ae4c6c69bb1b2',
  '84e86a790956ab98a55623931e143e1735a8d4d6bb891b796c5b401e61e1d740',
  '0f4a3f79fe9715009bb90508aa9b2212f1fd5fcea0012bbf4596da6a7e8fde3d',
  'fb6412cde637790ed944d996f0affe595a69e7b48b8e43bbfe1979af21387e99',
  '2065bb16f48c4b53142169ea94a9d16c28a88b3168d8540064420760eb6c7a64',
  '54405b297f69b6fdb498c4d1a4b946d86c703d8a696cc141d5f55cd43eaf15ea',
  'd2d33f7ef145450ab07c8813546834ed629a4c1984116f3d1d631cec64c8e777',
]

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

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

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

describe('the shipped knowledge', () => {
  it('holds the 37 clauses of the guideline word for word', async () => {
    const { documents } = await loadKnowledge(SHIPPED)
    expect(documents).toHaveLength(1)
    const guideline = documents[0]
    expect(guideline).toMatchObject({ id: 'hexie-shequ-2012', issuer: '中共大兴安岭地委 大兴安岭地区行署', issuedOn: '2012-04-05' })
    expect(guideline?.passages.map((passage) => passage.clause)).toEqual(DIGESTS.map((_, index) => String(index + 1)))
    expect(guideline?.passages.map((passage) => sha256(passage.text))).toEqual(DIGESTS)
    for (const passage of guideline?.passages ?? []) expect(passage.text.startsWith(`${passage.title}。`)).toBe(true)
  })

  it('names every clause in its heading as its text does', async () => {
    const { documents } = await loadKnowledge(SHIPPED)
    expect(documents[0]?.passages[12]).toMatchObject({ clause: '13', title: '加强社区志愿服务工作' })
    expect(documents[0]?.passages[8]?.title).toBe('加强社区物业管理')
  })

  it('has at least twelve typical questions for each clause and twenty for the long ones', async () => {
    const { documents } = await loadKnowledge(SHIPPED)
    const long = new Set(['2', '3', '4', '6', '11', '14', '16', '17', '18', '20', '25', '26', '28', '29', '30', '31'])
    for (const { clause, typicalQuestions } of documents[0]?.passages ?? []) expect(typicalQuestions.length, `clause ${clause}`).toBeGreaterThanOrEqual(long.has(clause) ? 20 : 12)
  })

  it('has at least eighty gaps, each beside a clause or beside none', async () => {
    const { documents, gaps } = await loadKnowledge(SHIPPED)
    const clauses = new Set(documents[0]?.passages.map((passage) => passage.clause))
    expect(gaps.length).toBeGreaterThanOrEqual(80)
    expect(gaps.filter((gap) => gap.clause === null).length).toBeGreaterThan(0)
    for (const gap of gaps) expect(gap.clause === null || clauses.has(gap.clause)).toBe(true)
  })

  it('offers at least twenty services whose words are not shared, and one for everything else', async () => {
    const { services } = await loadKnowledge(SHIPPED)
    expect(services.length).toBeGreaterThanOrEqual(20)
    expect(services.filter((service) => service.kind === 'help').length).toBeGreaterThanOrEqual(3)
    expect(services.map((service) => service.code)).toContain('other')
    const words = services.flatMap((service) => service.words)
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([])
  })

  it('has areas of every level, each below a higher one', async () => {
    const { areas } = await loadKnowledge(SHIPPED)
    expect(new Set(areas.map((area) => area.level))).toEqual(new Set(['prefecture', 'county', 'town', 'community', 'grid']))
    expect(areas.filter((area) => area.parent === null).map((area) => area.name)).toEqual(['大兴安岭地区'])
  })
})

describe('a clause heading', () => {
  it.each([
    ['第十二条 服务时间', '12', '服务时间'],
    ['第一百零五条', '105', ''],
    ['第12条：费用', '12', '费用'],
    ['第十二条之一 补充', '12-1', '补充'],
    ['（十三）加强社区志愿服务工作', '13', '加强社区志愿服务工作'],
    ['(三十七)积极开展', '37', '积极开展'],
    ['（5）收费', '5', '收费'],
    ['12 开放时间', '12', '开放时间'],
    ['12. 开放时间', '12', '开放时间'],
    ['12、开放时间', '12', '开放时间'],
    ['二〇二四', null, ''],
    ['一、总则', null, ''],
    ['第二章 设施', null, ''],
    ['2012年的任务', null, ''],
    ['12.3 细则', null, ''],
  ])('%s is read as clause %s', (heading, clause, title) => {
    expect(readClauseHeading(heading)).toEqual(clause === null ? null : { clause, title })
  })
})

describe('a label in words', () => {
  it.each([
    ['前言', '前言', ''],
    ['附件1 申请表填写说明', '附件1', '申请表填写说明'],
    ['附件一：收费明细', '附件1', '收费明细'],
    ['附件一第三条', '附件1第3条', ''],
    ['附件2问答3 几点关门？', '附件2问答3', '几点关门？'],
    ['表1第3行 电动车', '表1第3行', '电动车'],
    ['问答5 车棚几点关门？', '问答5', '车棚几点关门？'],
    ['通知第二项', '通知第2项', ''],
    ['第2部分第3条之一', '第2部分第3条之1', ''],
    ['关于落实条例第三条', null, ''],
    ['附件材料说明', null, ''],
    ['第三项', null, ''],
    ['问答', null, ''],
    ['表彰奖励', null, ''],
  ])('%s is read as %s', (heading, clause, title) => {
    expect(readClauseHeading(heading)).toEqual(clause === null ? null : { clause, title, isNamed: true })
  })
})

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
    await copyFile(join(SHIPPED, 'documents/hexie-shequ-2012.md'), await prepared('documents/hexie-shequ-2012.md'))
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
