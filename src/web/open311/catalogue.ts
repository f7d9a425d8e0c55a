import { KIND_NAMES } from '../../domain/requests/status-names.ts'
import type { Office } from '../../domain/office/office.ts'
import type { Service } from '../../domain/services.ts'
import { describeLimit, tellAllAtOnce } from '../../forms/service-guide.ts'
import type { Value } from './xml.ts'

/** Code of the one attribute that a filer may fill in: when somebody should come. */
export const WANTED_TIME = 'wanted_time'

export const toServiceValue = (service: Service): Value => ({
  service_code: service.code,
  service_name: service.name,
  description: `${service.steps.join(' → ')}；时限：${describeLimit(service)}`,
  metadata: true,
  type: 'realtime',
  keywords: service.words.join(', '),
  group: KIND_NAMES[service.kind],
})

/** What there is to know beforehand (materials, steps, place, time limit, fee), and what may be asked for besides the usual. */
export const toDefinitionValue = (service: Service, office: Office | null): Value => ({
  service_code: service.code,
  attributes: [
    { variable: false, code: 'guide', datatype: 'text', required: false, datatype_description: null, order: 1, description: tellAllAtOnce(service, office), values: [] },
    { variable: true, code: WANTED_TIME, datatype: 'string', required: false, datatype_description: '比如：明天下午三点', order: 2, description: '希望什么时候来人', values: [] },
  ],
})

/** @param options.changedAt since when the catalogue is as it is, as far as is known */
export const toDiscoveryValue = ({ url, changedAt, office }: { url: string; changedAt: Date; office: Office | null }): Value => ({
  changeset: toW3(changedAt),
  contact: office?.telephone === undefined ? (office?.name ?? '请联系社区。') : `${office.name ?? '社区'}：${office.telephone}`,
  key_service: '要提交事项的程序请向社区索取 api_key；只读不需要。',
  endpoints: [{ specification: 'http://wiki.open311.org/GeoReport_v2', url, changeset: toW3(changedAt), type: 'production', formats: ['text/xml', 'application/json'] }],
})

/** An instant as the specification writes it: 2010-01-01T00:00:00Z. */
export const toW3 = (instant: Date): string => instant.toISOString().replace(/\.\d+Z$/, 'Z')
