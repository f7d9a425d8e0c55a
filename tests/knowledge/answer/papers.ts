import type { KnowledgeDocument } from '../../../src/domain/answers.ts'

/** A small paper that nobody wrote typical questions for. */
export function paper(id: string, title: string, clauses: readonly (readonly [clause: string, text: string])[], more: Partial<KnowledgeDocument> & { headings?: string[] } = {}): KnowledgeDocument {
  const { headings = [], ...facts } = more
  return { id, title, issuer: '清河社区居民委员会', issuedOn: '2024-03-01', ...facts, passages: clauses.map(([clause, text]) => ({ documentId: id, clause, title: '', text, headings, typicalQuestions: [] })) }
}

export const SHED = paper(
  'chepeng',
  '清河社区车棚管理办法',
  [
    ['1', '车棚早上六点开门，晚上十点关门。'],
    ['2', '车棚钥匙丢失的，补办一把收费二十元。'],
    ['3', '不按秩序停放的，罚款五十元。'],
    ['4', '三个月不动的车当作废车处理。'],
    ['5', '本办法由居民委员会解释，咨询电话83210000，地址在清河路12号居委会一楼。'],
  ],
  { number: '清居发〔2024〕3号' },
)

export const FEES = paper(
  'shoufei',
  '清河社区车辆停放收费表',
  [
    ['表1第1行', '车种：自行车；月费：5元；补卡费：10元'],
    ['表1第2行', '车种：电动车；月费：8元；补卡费：20元'],
    ['表1第3行', '车种：三轮车；月费：10元；补卡费：20元'],
  ],
  { headings: ['表1 车辆停放收费标准'] },
)

const MATERIALS = ['备案申请表', '组成人员基本情况表', '印章刻制申请表', '业主大会会议公告', '会议纪要', '统计结果确认书', '投票结果公告', '管理规约', '委托书']
export const FILING = paper('beian', '清河社区业委会备案须知', [['1', '备案材料按下表提交。'], ...MATERIALS.map((name, place) => [`表1第${place + 1}行`, `序号：${place + 1}；资料名称：${name}；份数：1份`] as const)], {
  headings: ['表1 业主委员会选举备案材料'],
})

export const MEALS = paper('zhucan', '清河社区助餐办法', [
  ['1', '助餐点每天供应午饭和晚饭。'],
  ['2', '助餐点提供下列服务：\n（一）堂食；\n（二）送餐上门；\n（三）代买熟食。'],
  ['3', '申请助餐应当交下列材料：\n1.身份证复印件；\n2.户口本复印件；\n3.一寸照片两张。'],
  ['4', '涨价应当经过半数居民同意。没有经过同意涨价的，罚款一万元。'],
  ['5', '小区有一百二十个车位，每个车位每月收一百五十元。'],
  ['6', '违反本办法第三条规定，交假材料的，罚款二百元。'],
])

export const HOLIDAYS = paper(
  'jieri-2025',
  '清河社区2025年节日值班安排',
  [
    ['1', '元旦：1月1日放假，办事大厅关门。'],
    ['2', '春节：1月28日至2月4日放假，共8天。1月26日（星期日）上班。'],
    ['3', '清明节：4月4日放假。'],
  ],
  { issuedOn: '2024-12-20' },
)

export const parking = (year: string, share: string, hours: string): KnowledgeDocument =>
  paper(
    `tingche-${year}`,
    '清河市停车条例',
    [
      ['1', '为了管好停车，制定本条例。'],
      ['2', `小区停车费调价，应当经${share}；违反规定调价的，处十万元罚款。`],
      ['3', `残疾人停车免收停车费，每天最多${hours}小时。`],
    ],
    { issuer: '清河市人大', issuedOn: `${year}-03-01`, effectiveFrom: '2018-05-01' },
  )

export const MATERIAL_NAMES: readonly string[] = MATERIALS
