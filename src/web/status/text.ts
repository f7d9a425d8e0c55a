import type { RequestStatus } from '../../domain/requests/requests.ts'

/** What residents read on the page where they look a request up. */
export const statusText = {
  pageTitle: '查进度 · 邻里',
  title: '查进度',
  hint: '填编号和登记时留的电话的后四位。编号在登记时给您的话里，像 SR-20261201-0007。',
  number: '编号',
  lastFour: '电话后四位',
  look: '查一下',
  backToChat: '回到对话',
  missing: '编号和电话后四位都要填，后四位是四个数字。',
  notFound: '没有对上：请看看编号和电话后四位有没有写错。没有留电话的，请在聊天里问“查进度”，或者打社区电话。',
  tooOften: (wait: string) => `查得太多了，请过 ${wait}再查。着急的话请打社区电话。`,
  state: '现在',
  category: '什么事',
  filed: '登记',
  changed: '最近一次变动',
  ended: '结束',
  due: '应在这之前办好',
  late: '（已经过了）',
  next: '接下来',
  goesOnIn: (number: string) => `和别人报的同一件事合在一起办，编号 ${number}。`,
  phone: '社区电话',
  danger: '有危险请直接打 110、119 或 120。',
} as const

/** What comes next, as far as it is certain. */
export const NEXT_STEPS: Record<RequestStatus, string> = {
  submitted: '等社区受理。',
  accepted: '已经受理，社区在安排谁来办。',
  dispatched: '已经交给办事的人，等他们动手。',
  in_progress: '正在办，办完这里会写“已办结”。',
  waiting_resident: '社区在等您回话：请在聊天里回复，或者打社区电话。',
  escalated: '已经报到上一级，由他们接着办。',
  returned: '退回来了，社区要重新安排。',
  reopened: '又重新办了，等社区安排。',
  resolved: '办完了。要是没办好，请在聊天里说“没解决”，或者打社区电话。',
  closed: '办完了。要是没办好，请在聊天里说“没解决”，或者打社区电话。',
  rejected: '社区没有受理。不清楚为什么，请打社区电话问。',
  merged: '合到另一件事里一起办了。',
  cancelled: '已经取消，不用再做什么。还要办的话，请再说一次。',
}
