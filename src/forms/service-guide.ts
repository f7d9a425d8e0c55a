import type { Service } from '../domain/services.ts'

const PUBLISHED_BY_COMMUNITY = '以社区公布为准'

/** 一次性告知: materials, steps, place, time limit and fee of a service in one message. */
export function tellAllAtOnce(service: Service): string {
  const { limitWorkingDays, fee } = service
  const isPublished = limitWorkingDays === null && fee === PUBLISHED_BY_COMMUNITY
  const limit = limitWorkingDays === null ? PUBLISHED_BY_COMMUNITY : `${limitWorkingDays} 个工作日`
  const lines = [
    `事项：${service.name}`,
    service.materials.length > 0 ? `材料：${service.materials.join('；')}` : '',
    service.steps.length > 0 ? `步骤：${service.steps.join(' → ')}` : '',
    isPublished ? `时限和费用：${PUBLISHED_BY_COMMUNITY}` : `时限：${limit}；费用：${fee}`,
  ]
  return lines.filter(Boolean).join('\n')
}
