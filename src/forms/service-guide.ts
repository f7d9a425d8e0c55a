import type { Service } from '../domain/services.ts'

const PUBLISHED_BY_COMMUNITY = '以社区公布为准'

/** How long it takes, in words: a limit that the community has not set is said to be an example. */
export const describeLimit = ({ limitWorkingDays, isLimitExample }: Pick<Service, 'limitWorkingDays' | 'isLimitExample'>): string =>
  isLimitExample ? `${limitWorkingDays} 个工作日（示例，${PUBLISHED_BY_COMMUNITY}）` : `${limitWorkingDays} 个工作日`

/** 一次性告知: materials, steps, place, time limit and fee of a service in one message. Where no place is published it is the office, if that is known. */
export function tellAllAtOnce(service: Service, office: { address?: string | undefined } | null = null): string {
  const { place } = service
  const where = place !== PUBLISHED_BY_COMMUNITY && place !== '' ? place : office?.address === undefined ? '' : `先到社区（${office.address}）`
  const lines = [
    `事项：${service.name}`,
    service.materials.length > 0 ? `材料：${service.materials.join('；')}` : '',
    service.steps.length > 0 ? `步骤：${service.steps.join(' → ')}` : '',
    where === '' ? '' : `地点：${where}`,
    `时限：${describeLimit(service)}；费用：${service.fee}`,
  ]
  return lines.filter(Boolean).join('\n')
}
