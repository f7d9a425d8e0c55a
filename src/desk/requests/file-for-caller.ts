import type { NewRequest } from '../../domain/messages/outcome.ts'
import { LONGEST_DESCRIPTION, LONGEST_OPEN311_DESCRIPTION, OPEN311_CHANNEL, type CallerChannel } from '../../domain/requests/requests.ts'
import { findAreaCode } from '../../forms/areas.ts'
import { cleanTyped } from '../../language/clean.ts'
import { addRequestCode } from '../../store/staff/codes.ts'
import { insertRequest } from '../../store/requests/move-request.ts'
import { findRequestIn, type RequestRecord } from '../../store/requests/requests.ts'
import { beginSearch } from '../../store/volunteers/volunteer-search.ts'
import type { Actor } from '../actor.ts'
import type { CatalogueServices } from '../services.ts'
import { readArea, readRequestPhone, readService, readText, type ReadValue, type WrongValue } from './values.ts'

/** What somebody said on the telephone or at the counter, or wrote into another program. Blank and absent are the same. */
export interface CallerRequest {
  channel: CallerChannel | typeof OPEN311_CHANNEL
  description: string
  name?: string | undefined
  phone?: string | undefined
  address?: string | undefined
  /** A service of the catalogue, by name or code; absent = the one that the description is about. */
  category?: string | undefined
  /** An area, by code or name; absent = the one that address and description name. */
  area?: string | undefined
  wantedTime?: string | undefined
}

export type CallerRequestResult =
  /** `code`: what the resident writes to the assistant in private (`绑定 CODE`, or the code alone), for their chat to join it. Shown once. */
  { outcome: 'filed'; request: RequestRecord; code: string } | { outcome: 'no_description' } | WrongValue

/** Staff, or another program, file a request for somebody who telephoned, came or wrote there. */
export async function fileForCaller(services: CatalogueServices, actor: Actor, input: CallerRequest): Promise<CallerRequestResult> {
  const read = readCaller(services, input)
  if ('outcome' in read) return read
  const now = services.now()
  const result = await services.store.write(async (transaction) => {
    const filing = { author: 'staff', by: actor.user, channel: input.channel, requesterId: null, conversationId: null } as const
    const { id, number } = await insertRequest(transaction, { ...read, dueAt: services.dueAtOf({ kind: read.kind, service: services.catalogue.find(({ code }) => code === read.serviceCode) }, now) }, filing, now)
    if (read.kind === 'help') await beginSearch(transaction, { id, status: 'submitted' }, { by: actor.user, allowsMinors: false, now })
    const code = await addRequestCode(transaction, { requestId: id, now })
    await transaction.auditEntry.createMany({ data: [{ at: now, actor: actor.user, action: 'file_request', subject: number, detail: input.channel }] })
    return { id, code }
  })
  services.wakeOutbox()
  const request = await findRequestIn(services.store.read, result.id)
  if (request === null) throw new Error('The request that was just filed is not there.')
  return { outcome: 'filed', request, code: result.code }
}

/** Of what falls under no service. */
const FALLBACK_CATEGORY = '其他'

function readCaller({ catalogue, areas, categoryOf }: CatalogueServices, input: CallerRequest): Omit<NewRequest, 'dueAt'> | Exclude<CallerRequestResult, { outcome: 'filed' }> {
  const description = cleanTyped(input.description)
  if (description === '') return { outcome: 'no_description' }
  const longest = input.channel === OPEN311_CHANNEL ? LONGEST_OPEN311_DESCRIPTION : LONGEST_DESCRIPTION
  if (Array.from(description).length > longest) return { outcome: 'too_long', field: 'description', longest }
  const category = given(input.category, (typed) => readService(typed, catalogue))
  if ('outcome' in category) return category
  const address = given(input.address, (typed) => readText(typed, 'address'))
  if ('outcome' in address) return address
  const name = given(input.name, (typed) => readText(typed, 'name'))
  if ('outcome' in name) return name
  const phone = given(input.phone, readRequestPhone)
  if ('outcome' in phone) return phone
  const wanted = given(input.wantedTime, (typed) => readText(typed, 'wantedTime'))
  if ('outcome' in wanted) return wanted
  const area = given(input.area, (typed) => readArea(typed, areas))
  if ('outcome' in area) return area
  const heard = category.value?.name ?? categoryOf(description)
  const service = catalogue.find(({ name: called }) => called === heard) ?? catalogue.find(({ name: called }) => called === FALLBACK_CATEGORY)
  return {
    kind: service?.kind ?? 'service',
    serviceCode: service?.code ?? null,
    category: service?.name ?? FALLBACK_CATEGORY,
    description,
    address: address.value,
    areaCode: area.value?.code ?? findAreaCode(`${address.value ?? ''} ${description}`, areas),
    requesterName: name.value,
    requesterPhone: phone.value,
    wantedTime: wanted.value,
  }
}

const given = <T>(typed: string | undefined, read: (typed: string) => ReadValue<T>): ReadValue<T | null> => (typed === undefined || typed.trim() === '' ? { value: null } : read(typed))
