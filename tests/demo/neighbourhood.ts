/** The people of the demo: three communities, forty residents, twelve of them volunteers, thirty requests. All of it is made up. */

export interface Resident {
  id: string
  name: string
  phone: string
  address: string
}

const SURNAMES = '王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗'
const GIVEN = ['桂兰', '建国', '秀英', '志强', '玉梅', '德福', '春花', '国庆', '淑珍', '长林']
const PLACES = ['迎宾小区', '林海家园', '幸福小区']

export const RESIDENTS: readonly Resident[] = Array.from({ length: 40 }, (_, index) => ({
  id: `resident-${index + 1}`,
  name: `${SURNAMES.charAt((index * 7) % SURNAMES.length)}${GIVEN[(index * 3) % GIVEN.length] ?? ''}`,
  phone: `1380457${String(1000 + index * 37).padStart(4, '0')}`,
  address: `${PLACES[index % PLACES.length] ?? ''}${(index % 6) + 1}号楼${(index % 4) + 1}单元${(index % 5) + 1}0${(index % 2) + 1}`,
}))

const SKILLS = ['理发', '修水管', '陪老人看病', '辅导孩子写作业', '开车', '修家电']
const TIMES = ['周末上午', '工作日晚上', '每天下午']

export const SIGN_UPS: readonly { resident: number; text: string }[] = Array.from({ length: 12 }, (_, index) => ({
  resident: index * 3,
  text: `我要报名当志愿者，我会${SKILLS[index % SKILLS.length] ?? ''}，${TIMES[index % TIMES.length] ?? ''}有空，我${30 + index * 3}岁`,
}))

const TROUBLES = ['楼道灯坏了，晚上看不见', '下水道堵了，一楼往上返水', '垃圾三天没人收', '单元门关不上', '暖气不热', '路上井盖翘起来了', '院里的健身器材坏了', '电梯总停在三楼', '楼顶漏水', '路灯不亮']

/** The last ones stay new; the others are taken through a part of their way by staff. */
export const REPORTS: readonly { resident: number; text: string; statuses: readonly string[] }[] = Array.from({ length: 30 }, (_, index) => ({
  resident: (index * 11) % 40,
  text: `报修：${TROUBLES[index % TROUBLES.length] ?? ''}`,
  statuses: index < 10 ? ['accepted', 'dispatched', 'resolved'] : index < 18 ? ['accepted', 'in_progress'] : index < 22 ? ['accepted'] : [],
}))

export const ANNOUNCEMENTS = [
  { title: '停水通知', text: '明天上午九点到下午五点检修水管，迎宾小区和林海家园停水，请提前备水。收到请回“收到”。' },
  { title: '邻居节', text: '这个星期六上午九点，在幸福小区活动室包饺子、写春联，欢迎大家带着孩子来。' },
] as const
