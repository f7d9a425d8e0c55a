import type { RequestKind, RequestStatus } from './requests.ts'

/** What residents and staff read for each status. */
export const STATUS_NAMES: Record<RequestStatus, string> = {
  submitted: '已提交',
  accepted: '已受理',
  rejected: '不予受理',
  dispatched: '已派单',
  in_progress: '处理中',
  waiting_resident: '等您回复',
  resolved: '已办结',
  closed: '已关闭',
  returned: '已退回',
  merged: '已合并',
  escalated: '已上报',
  reopened: '重新处理',
  cancelled: '已取消',
}

export const KIND_NAMES: Record<RequestKind, string> = {
  service: '报修办事',
  help: '邻里互助',
  emergency: '紧急情况',
  handoff: '找工作人员',
  question: '政策咨询',
}
