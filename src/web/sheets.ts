import { KIND_NAMES, STATUS_NAMES } from '../domain/requests/status-names.ts'
import type { RequestKind, RequestStatus } from '../domain/requests/requests.ts'
import { formatLocalLong } from '../domain/time.ts'
import { explainDeliveryError, toAnnouncementView } from '../outbox/announcement-view.ts'
import { ANNOUNCEMENT_STATUS_NAMES } from '../outbox/announcements.ts'
import type { AnnouncementRecord } from '../store/announcements/announcement-records.ts'
import type { Receipt } from '../store/announcements/announcement-receipts.ts'
import type { RequestRecord } from '../store/requests/requests.ts'
import { volunteerSkills, type VolunteerRecord, type VolunteerStatus } from '../store/volunteers/volunteers.ts'
import { toRequestJson } from './api/request-json.ts'
import { toVolunteerJson } from './api/volunteers.ts'
import { channelName, SENDING_NAMES } from './admin/parts/words.ts'
import { photoPath } from './photos.ts'
import type { Sheet } from './tables.ts'

const when = (instant: Date | null): string => (instant === null ? '' : formatLocalLong(instant))

export const requestSheet: Sheet<RequestRecord> = {
  name: '工单',
  toJson: toRequestJson,
  columns: [
    ['编号', (row) => row.number, 20],
    ['类型', (row) => KIND_NAMES[row.kind as RequestKind], 12],
    ['事项', (row) => row.category, 16],
    ['状态', (row) => STATUS_NAMES[row.status as RequestStatus], 12],
    ['说明', (row) => row.description, 50],
    ['地址', (row) => row.address ?? '', 24],
    ['地方代码', (row) => row.areaCode ?? '', 20],
    ['姓名', (row) => row.requesterName ?? '', 12],
    ['电话', (row) => row.requesterPhone ?? '', 16],
    ['负责人', (row) => row.assignee?.name ?? '', 12],
    ['从哪里来', (row) => (row.channel === '' ? '' : channelName(row.channel)), 12],
    ['评分', (row) => row.ratingScore ?? '', 8],
    ['评语', (row) => row.ratingComment ?? '', 24],
    ['照片', (row) => row.photos.map(({ id }) => photoPath(row.id, id)).join('\n'), 30],
    ['提交时间', (row) => when(row.createdAt), 18],
    ['更新时间', (row) => when(row.updatedAt), 18],
    ['应办结时间', (row) => when(row.dueAt), 18],
    ['办理过程', (row) => row.activities.map((line) => `${when(line.at)} ${STATUS_NAMES[line.status as RequestStatus] ?? line.status} ${line.by}${line.kind === 'internal' ? '（内部）' : ''}${line.note === '' ? '' : `：${line.note}`}`).join('\n'), 60],
  ],
}

const VOLUNTEER_STATUS_NAMES: Record<VolunteerStatus, string> = { pending: '待审核', active: '在册', paused: '暂停', left: '已退出' }

export const volunteerSheet: Sheet<VolunteerRecord> = {
  name: '志愿者',
  toJson: toVolunteerJson,
  columns: [
    ['编号', (row) => row.number, 20],
    ['姓名', (row) => row.name, 12],
    ['电话', (row) => row.phone, 16],
    ['年龄', (row) => row.age ?? '', 8],
    ['监护人', (row) => row.guardianName ?? '', 12],
    ['监护人电话', (row) => row.guardianPhone ?? '', 16],
    ['地方代码', (row) => row.areaCode ?? '', 20],
    ['特长', (row) => volunteerSkills(row).join('、'), 24],
    ['有空的时间', (row) => row.availability, 24],
    ['状态', (row) => VOLUNTEER_STATUS_NAMES[row.status as VolunteerStatus], 12],
    ['登记时间', (row) => when(row.createdAt), 18],
  ],
}

export const announcementSheet: Sheet<AnnouncementRecord> = {
  name: '公告',
  toJson: toAnnouncementView,
  columns: [
    ['编号', (row) => row.id, 38],
    ['标题', (row) => row.title, 20],
    ['内容', (row) => row.text, 60],
    ['状态', (row) => ANNOUNCEMENT_STATUS_NAMES[row.status], 12],
    ['紧急', (row) => (row.isEmergency ? '是' : ''), 8],
    ['起草人', (row) => row.byName, 12],
    ['审核人', (row) => row.approvedByName ?? '', 12],
    ['共', (row) => row.progress.total, 8],
    ['未发', (row) => row.progress.open, 8],
    ['已发', (row) => row.progress.sent, 8],
    ['失败', (row) => row.progress.failed, 8],
    ['不确定', (row) => row.progress.unknown, 8],
    ['已退订', (row) => row.progress.optedOut, 8],
    ['已取消', (row) => row.progress.cancelled, 8],
    ['已过期', (row) => row.progress.expired, 8],
    ['回复收到', (row) => row.progress.acknowledged, 10],
    ['定时', (row) => when(row.sendAt), 18],
    ['截止', (row) => when(row.expiresAt), 18],
    ['起草时间', (row) => when(row.createdAt), 18],
    ['审核时间', (row) => when(row.approvedAt), 18],
    ['发完时间', (row) => when(row.finishedAt), 18],
  ],
}

/** What became of one announcement at each recipient. */
export const receiptSheet: Sheet<Receipt> = {
  name: '送达情况',
  toJson: (receipt) => receipt,
  columns: [
    ['渠道', (row) => channelName(row.channel), 12],
    ['收的人或群', (row) => row.recipient, 20],
    ['姓名', (row) => row.name, 12],
    ['电话', (row) => row.phone, 16],
    ['地方代码', (row) => row.areaCode ?? '', 20],
    ['送到没有', (row) => SENDING_NAMES[row.status] ?? row.status, 12],
    ['说明', (row) => explainDeliveryError(row.error), 40],
    ['送到时间', (row) => when(row.sentAt), 18],
    ['回“收到”的时间', (row) => when(row.acknowledgedAt), 18],
  ],
}

/** Whom somebody should call, since no 收到 came; the last columns are filled in by hand. */
export const callSheet: Sheet<Receipt> = {
  name: '电话通知名单',
  toJson: (receipt) => receipt,
  columns: [
    ['姓名', (row) => row.name || row.recipient, 16],
    ['电话', (row) => row.phone || '没有留电话', 16],
    ['地方代码', (row) => row.areaCode ?? '', 20],
    ['发到哪里', (row) => `${channelName(row.channel)}，${SENDING_NAMES[row.status] ?? row.status}`, 24],
    ['谁打的', () => '', 12],
    ['打通没有', () => '', 12],
    ['备注', () => '', 30],
  ],
}
