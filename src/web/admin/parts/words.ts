import type { AudienceRole } from '../../../store/announcements/announcement-audience.ts'
import type { ChannelState } from '../../../domain/channel.ts'
import type { RequestStatus } from '../../../domain/requests.ts'
import { STATUS_NAMES } from '../../../domain/status-names.ts'
import { Intent } from '../../../domain/understanding.ts'
import type { StaffRole } from '../../../store/staff/staff.ts'
import type { VolunteerStatus } from '../../../store/volunteers/volunteers.ts'

/** What staff read for each status of a request: as residents do, but for whose answer is awaited. */
export const STAFF_STATUS_NAMES: Record<RequestStatus, string> = { ...STATUS_NAMES, waiting_resident: '等居民回复' }

/** What the button says that makes a request that status. */
export const STATUS_VERBS: Record<RequestStatus, string> = {
  submitted: '提交',
  accepted: '受理',
  rejected: '不予受理',
  dispatched: '派单',
  in_progress: '开始处理',
  waiting_resident: '请居民补充',
  resolved: '办结',
  closed: '关闭',
  returned: '退回',
  merged: '合并到别的工单',
  escalated: '上报',
  reopened: '重新处理',
  cancelled: '取消',
}

export const VOLUNTEER_STATUS_NAMES: Record<VolunteerStatus, string> = { pending: '待审核', active: '已通过', paused: '已暂停', left: '已退出' }

export const CHANNEL_NAMES: Record<string, string> = { phone: '电话', visit: '来访', web: '网页', telegram: 'Telegram', wechat: '微信', api: '接口', http: '接口', terminal: '终端', wecom: '企业微信', wecom_webhook: '企业微信群' }
export const channelName = (channel: string): string => CHANNEL_NAMES[channel] ?? channel

export const CHANNEL_STATE_NAMES: Record<ChannelState, string> = { starting: '正在启动', needs_login: '等扫码登录', online: '在线', degraded: '不太稳定', banned: '被平台限制', stopped: '已停止' }

export const SENDING_NAMES: Record<string, string> = {
  queued: '等着发',
  sending: '正在发',
  sent: '已送到',
  failed: '没发出去',
  unknown: '不确定送到没有',
  cancelled: '已取消',
  expired: '过期没发',
  opted_out: '对方不收通知',
}

export const AUDIENCE_ROLE_NAMES: Record<AudienceRole, string> = { resident: '居民', volunteer: '志愿者', group: '绑定的群' }

export const ROLE_NAMES: Record<StaffRole, string> = { admin: '管理员', staff: '工作人员' }

/** What a message may be, as staff call it. */
export const INTENT_NAMES: Record<Intent, string> = {
  ask_policy: '问政策规定',
  service_request: '报修或求助',
  volunteer_signup: '报名志愿者',
  request_status: '查工单进度',
  announcement_admin: '发公告',
  rate_feedback: '评价或投诉',
  emergency: '紧急情况',
  human_handoff: '找工作人员',
  cancel: '取消、不办了',
  smalltalk: '打招呼、闲聊',
  other: '别的事，不归这里',
}
const isIntent = (name: string): name is Intent => Intent.safeParse(name).success
export const intentName = (name: string): string => (isIntent(name) ? INTENT_NAMES[name] : name)

export const AUDIT_NAMES: Record<string, string> = {
  log_in: '登录',
  log_out: '退出登录',
  change_password: '修改密码',
  reset_password: '重置密码',
  add_staff: '添加人员',
  disable_staff: '停用人员',
  enable_staff: '恢复人员',
  staff_area: '改人员负责的地方',
  create_staff_code: '生成绑定码',
  create_room_code: '生成群绑定码',
  bind_staff: '绑定聊天账号',
  unbind_staff: '解绑聊天账号',
  bind_room: '绑定群',
  unbind_room: '解绑群',
  change_request: '工单改状态',
  assign_request: '工单指派',
  merge_request: '工单合并',
  unmerge_request: '工单分开',
  note_request: '工单内部备注',
  correct_request: '更正工单',
  tell_resident: '写给居民',
  take_over: '接管对话',
  hand_back: '交还对话',
  bulk_undo: '撤销批量办理',
  write_template: '改常用的话',
  remove_template: '删常用的话',
  file_request: '代为登记工单',
  search_volunteer: '找志愿者',
  change_volunteer: '志愿者改状态',
  guardian_consent: '记下监护人同意',
  create_guardian_code: '生成监护人确认码',
  tag_people: '给居民加标签',
  untag_people: '去掉居民的标签',
  tag_room: '改群的标签',
  rename_tag: '标签改名',
  remove_tag: '去掉一个标签',
  question_typical: '加典型问法',
  question_gap: '记为文件没说',
  question_answered: '写答复',
  question_dismissed: '问题不用管',
  change_office: '改社区信息',
  question_undo: '问题撤销处理',
  misread_example: '没听懂的话加为例子',
  misread_dismissed: '没听懂的话不用管',
  misread_undo: '没听懂的话撤销处理',
  set_duty: '排值班',
  answer_alert: '确认收到紧急情况',
  alarm_drill: '警报演练',
  announcement_create: '写公告',
  announcement_approve: '审核公告',
  announcement_pause: '暂停公告',
  announcement_resume: '继续公告',
  announcement_cancel: '取消公告',
  announcement_retry: '重发公告',
  announcement_rate: '改公告速度',
  announcement_unknown_sent: '不确定的算送到',
  announcement_unknown_again: '不确定的再发',
}
export const auditName = (action: string): string => AUDIT_NAMES[action] ?? action

/** Sentences after something was done, by the key that the flash cookie carries. */
export const FLASHES: Record<string, string> = {
  status_changed: '改好了，居民会收到一条通知。',
  status_changed_untold: '改好了。这位居民没有可用的会话，系统通知不到，请打电话告诉他。',
  status_unchanged: '没有变化：状态和说明跟刚才一样。',
  merged: '合并好了，原来报的人会收到一条通知，以后按这一件告诉他们。',
  unmerged: '分开了，状态跟合并以前一样，原来报的人会收到一条通知。',
  note_sent: '记下了，居民会收到这句话。',
  said_before: '这句话刚才已经发过了。',
  noted: '备注记下了，只有同事看得到。',
  noted_told: '备注记下了，提到的同事会收到。',
  taken_over: '您接管了对话，自动回复停了。居民会收到一句说明。',
  handed_back: '交还了，自动回复恢复。居民会收到一句说明。',
  corrected: '更正好了，原来的记在经过里。',
  correction_unchanged: '没有变化。',
  handed_over: '交出去了，两位都会知道。',
  template_saved: '存好了。',
  template_removed: '删掉了。',
  acknowledged: '已确认收到，居民会看到是您看到了。请马上联系居民。',
  acknowledged_before: '这件事已经有同事确认过了。',
  alert_over: '这件事已经结束了。',
  drill_answered: '演练到这里结束，记下是您回的“收到”。',
  drill_begun: '演练开始了：已经通知值班的，等人回“收到”。',
  drill_running: '已经在演练了，等人回“收到”。',
  drill_to_nobody: '演练开始了，可是没有一个人绑定了聊天账号，谁也收不到。请大家先在“我的”里生成绑定码。',
  duty_saved: '这一周的值班存好了。',
  duty_saved_with_gaps: '存好了，不过还有空缺，请看下面。',
  duty_copied: '空着的照上一周排好了。',
  duty_nothing_to_copy: '没有可以照排的：这一周没有空着的，或者上一周也没有排。',
  assigned: '已经由您负责。',
  notices_seen: '都记下看过了。',
  unassigned: '已经不由您负责了。',
  search_begun: '开始找了，马上问附近的志愿者。',
  search_running: '正在找志愿者，不用再点。',
  search_has_volunteer: '已经有志愿者答应去了。',
  search_finished: '这件事已经结束，不用找志愿者了。',
  search_may_not_tell: '居民没有留电话，或者没有同意给别人看，不能请志愿者。请先打电话或留言问问他。',
  volunteer_changed: '改好了，会告诉志愿者一次。',
  guardian_noted: '监护人的同意记下了。',
  volunteer_unchanged: '没有变化。',
  question_decided: '处理好了，现在就算数。在“已处理”里可以撤销。',
  question_answered: '答复存好了，现在就算数；问过的人会各收到一次。在“已处理”里可以撤销。',
  question_answered_untold: '答复存好了，现在就算数。问过的人里没有能通知到的。在“已处理”里可以撤销。',
  office_saved: '存好了，下一个问题就按新的回答。',
  office_unchanged: '没有变化。',
  question_undone: '撤销了，问题回到“待处理”。',
  misread_taught: '存好了：同样的话现在就读对，相近的话等学完就算数。在“已处理”里可以撤销。',
  misread_dismissed: '好，这句话不用管了。在“已处理”里可以撤销。',
  misread_undone: '撤销了，读法会回到以前。',
  announcement_created: '草稿存好了。请另一位同事来审核，审核后才会发出去。',
  announcement_approve: '审核通过，会按时发出去。',
  announcement_pause: '暂停了。已经发出去的收不回来，没发的先不发。',
  announcement_resume: '继续发。',
  announcement_cancel: '取消了，没发的不会再发。',
  announcement_retry: '没发成功的会再发一次。',
  announcement_test: '发给您了，请看看您绑定的聊天。',
  announcement_pace: '速度改好了，马上生效。',
  announcement_unknown_sent: '记下了，算送到了。',
  announcement_unknown_again: '会再发一次。',
  staff_disabled: '停用了，他现在就登录不了。',
  staff_enabled: '恢复了。',
  staff_area: '改好了：那里到期没办完的，会上报给他。',
  staff_unchanged: '没有变化。',
  password_changed: '密码改好了。其他地方的登录已经退出。',
  login_unbound: '解绑了。',
  room_unbound: '解绑了，这个群不会再收到通知。',
  people_tagged: '标签改好了。',
  people_tags_unchanged: '没有变化：他们的标签本来就是这样。',
  room_tagged: '群的标签改好了。',
  room_tags_unchanged: '没有变化。',
  tag_renamed: '改名了，有这个标签的人和群都跟着改了。',
  tag_removed: '去掉了，谁都没有这个标签了。',
  logged_out: '您已经退出登录。',
}
