import { picturePath } from '../domain/pictures/pictures.ts'
import type { AnnouncementRecord } from '../store/announcements/announcement-records.ts'

/** The announcement as other programs read it (HTTP, command line, export). */
export function toAnnouncementView(record: AnnouncementRecord) {
  const { progress } = record
  return {
    id: record.id,
    title: record.title,
    text: record.text,
    status: record.status,
    audience: record.audience,
    at: record.sendAt?.toISOString() ?? null,
    expires_at: record.expiresAt?.toISOString() ?? null,
    emergency: record.isEmergency,
    by: record.by,
    approved_by: record.approvedBy,
    total: progress.total,
    open: progress.open,
    sent: progress.sent,
    failed: progress.failed,
    unknown: progress.unknown,
    opted_out: progress.optedOut,
    cancelled: progress.cancelled,
    expired: progress.expired,
    acknowledged: progress.acknowledged,
    created_at: record.createdAt.toISOString(),
    ...(record.linkUrl !== null && { link_url: record.linkUrl }),
    ...(record.pictureUrl !== null && { picture_url: record.pictureUrl }),
    ...(record.picture && { picture: picturePath(record.picture.name) }),
    ...(record.supplements !== null && { supplements: record.supplements }),
  }
}

export type AnnouncementView = ReturnType<typeof toAnnouncementView>

/** What staff read of a delivery that did not arrive; '' when there is nothing to say. */
export function explainDeliveryError(error: string | null): string {
  if (error === null || error === '') return ''
  const [, kind, reason] = /^(\w+): (.*)$/s.exec(error) ?? []
  const because = reason === undefined || reason === '' ? '' : `（${reason}）`
  if (kind === 'recipient_gone') return `对方退出了、拉黑了或者注销了，收不到${because}`
  if (kind === 'unknown') return `发出后没有回音，可能收到了，也可能没有${because}`
  if (kind === 'gave_up') return `试了很多次都没发出去${because}`
  if (kind === 'rejected') return `平台不收这条消息${because}`
  if (kind === 'unbound') return '这个群还没有绑定，请先在群里绑定'
  if (kind === 'window') return '平台只让在对方说话以后的一段时间里发，等对方下次说话再发'
  if (kind === 'retry') return `暂时没发出去，会再试${because}`
  return error
}
