import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { importDocument } from '../../../../src/knowledge/documents/import/import-document.ts'
import type { ReadyImport } from '../../../../src/knowledge/documents/import/import-document.ts'

const FOLDER = path.resolve(import.meta.dirname, '../cases')
const CASES = readdirSync(FOLDER).flatMap((folder) => readdirSync(path.join(FOLDER, folder)).map((name) => path.join(folder, name)))
const SAID = { title: '某文件', issuer: '某社区', issuedOn: '2024-01-01' }

/** A file is read in a thread of its own, which takes seconds to begin on a busy machine. */
vi.setConfig({ testTimeout: 60_000 })

/** Imports a case as it is; what stands nowhere in it is said. */
async function importCase(name: string): Promise<ReadyImport | null> {
  const bytes = readFileSync(path.join(FOLDER, name))
  const first = await importDocument(path.basename(name), bytes)
  const imported = first.outcome === 'incomplete' ? await importDocument(path.basename(name), bytes, { ...SAID, ...first.found }) : first
  return imported.outcome === 'ready' ? imported : null
}

async function clausesOf(name: string): Promise<[string, string][]> {
  const imported = await importCase(name)
  return imported?.document.passages.map(({ clause, text }) => [clause, text]) ?? []
}

describe('nothing that a document says is dropped', () => {
  it.each(CASES)('%s', async (name) => {
    const imported = await importCase(name)
    // What cannot be read is refused in words, and loses nothing silently.
    if (imported === null) return
    expect(imported.completeness.missing).toEqual([])
    expect(imported.completeness.share).toBeGreaterThanOrEqual(0.98)
  })
})

describe('what is not counted as the document counts has a label in words', () => {
  it('for annexes whose names stand on the same line', async () => {
    expect(await clausesOf('own2/d-附件同行.txt')).toEqual([
      ['1', '车棚晚上十点关门。'],
      ['2', '每月收费五元。'],
      ['3', '钥匙补办收费二十元。'],
      ['附件1第1项', '姓名按身份证填写。'],
      ['附件1第2项', '电话写手机号。'],
      ['附件2', '电动车每月八元。'],
    ])
    const imported = await importCase('own2/d-附件同行.txt')
    expect(imported?.document.passages[3]?.headings).toEqual(['附件1 车棚申请表填写说明'])
    expect(imported?.document.passages[5]?.title).toBe('收费明细')
    expect(imported?.markdown).toContain('\n## 附件1 车棚申请表填写说明\n\n### 附件1第1项\n\n姓名按身份证填写。\n')
  })

  it('for a notice and the rules that it prints', async () => {
    expect((await clausesOf('own2/k-通知带办法.txt')).map(([clause]) => clause)).toEqual(['通知前言', '通知第1项', '通知第2项', '1', '2'])
    expect((await importCase('own3/k2-通知带长办法.txt'))?.document.passages.at(-1)).toMatchObject({ clause: '6', headings: ['清河社区车棚管理办法'], text: '本办法由居委会解释。' })
  })

  it('for a table below the signature', async () => {
    expect((await clausesOf('own3/k3-落款后有表.txt')).at(-1)).toEqual(['附表', '自行车 每月五元\n电动车 每月八元\n三轮车 每月十元'])
  })

  it.each(['own2/p-问答.txt', 'own2/p2-问答无号.txt'])('for questions and answers, which are asked as they stand: %s', async (name) => {
    const imported = await importCase(name)
    expect(imported?.document.passages[1]).toEqual({ documentId: imported?.document.id, clause: '问答2', title: '收费多少？', text: '自行车每月五元。\n电动车每月八元。', typicalQuestions: ['收费多少？'] })
    expect(imported?.document.passages).toHaveLength(3)
  })
})

describe('what a document counts stays whole', () => {
  it('where a label has no blank behind it and its text begins like a mention', async () => {
    const texts = ['为了管好车棚，制定本办法。', '中型货车不得进入车棚。', '以旧换新的车辆要先登记。', '之前登记过的车辆不用再登记。', '所有车辆都要上锁。', '车棚晚上十点关门。']
    expect(await clausesOf('own2/a-条后无空格.txt')).toEqual(texts.map((text, index) => [String(index + 1), text]))
  })

  it('where it counts from one again inside of an item', async () => {
    expect((await clausesOf('own2/e-里面又从一数起.txt'))[2]).toEqual(['3', '办理地点：\n一、登记到居委会一楼。\n二、缴费到居委会二楼。'])
  })

  it('where articles of another law are quoted', async () => {
    expect((await clausesOf('own2/g-引用别的法两条.txt'))[1]).toEqual(['问答2', '看下面两条。\n第八百九十二条 保管人负有妥善保管保管物的义务。\n第八百九十七条 保管期内保管不善造成毁损的应当承担赔偿责任。'])
  })

  it('where lines were broken at a margin', async () => {
    expect((await clausesOf('own2/o-硬换行.txt'))[0]?.[1]).toBe('车棚每天早上六点开门，晚上十点关门，过了时间要进车棚的，给值班室打电话，电话是八三二一。')
  })

  it('as the fields of a service guide, each called by its name', async () => {
    const imported = await importCase('own2/q-指南.txt')
    expect(imported?.document.passages.map(({ title }) => title)).toEqual(['事项名称', '办理地点', '办理时限', '申请材料', '收费标准', '咨询电话'])
    expect(imported?.document.passages[3]?.text).toBe('申请材料：\n1、身份证\n2、购车发票')
  })
})

describe('what a document says of itself is understood', () => {
  it.each([
    ['own2/c2-一行两项.txt', '清河社区车棚管理办法', '清河社区居民委员会', '2024-03-01'],
    ['own2/n-修正案.txt', '清河市车棚条例', '清河市人民代表大会常务委员会', '2024-03-29'],
    ['own2/r-号.txt', '清河社区车棚公约', '清河社区居民委员会', '2024-03-01'],
    ['own2/s-月份.txt', '清河社区车棚公约', '清河社区居民委员会', '2024-03-01'],
    ['own2/t-繁体.txt', '清河社區車棚管理辦法', '清河社區管理委員會', '2024-03-01'],
    ['own2/u-无条文.txt', '清河社区关于春节的通知', '清河社区居民委员会', '2024-01-30'],
    ['own3/aa-短通知.txt', '停水通知', '清河社区居民委员会', '2024-03-01'],
    ['own4/嵌套表.html', '清河社区车棚管理办法', '清河社区居民委员会', '2024-03-01'],
  ])('%s', async (name, title, issuer, issuedOn) => {
    expect((await importDocument(path.basename(name), readFileSync(path.join(FOLDER, name))))).toMatchObject({ outcome: 'ready', document: { title, issuer, issuedOn } })
  })

  it('with the words that it was read from', async () => {
    const imported = await importCase('own2/n-修正案.txt')
    expect(imported?.sources.issuedOn).toContain('2024年3月29日清河市人民代表大会常务委员会第九次会议修正')
    expect((await importCase('own2/s-月份.txt'))?.sources.issuedOn).toBe('2024年3月（没有写日，按1日算）')
  })
})
