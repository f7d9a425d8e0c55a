import { isEmergency, isFinished, type RequestKind } from '../../domain/requests/requests.ts'
import { formatLocalLong } from '../../domain/time.ts'
import { areaName } from '../../forms/areas.ts'
import type { Transaction } from '../../store/engine/store.ts'
import { moveRequest, type RequestValues } from '../../store/requests/move-request.ts'
import { findRequestIn, type RequestRecord } from '../../store/requests/requests.ts'
import type { Actor } from '../actor.ts'
import type { CatalogueServices } from '../services.ts'
import { ifSeen, refusedMove, type NotFound, type Stale } from './outcomes.ts'
import { deskText } from './text.ts'
import { readArea, readRequestPhone, readService, readText, type ReadValue, type WrongValue } from './values.ts'

/** What is put right; absent = it stays, null = there is none. */
export interface Correction {
  id: string
  /** A service of the catalogue, by name or code. */
  category?: string
  address?: string | null
  /** An area, by code or name. */
  area?: string | null
  phone?: string | null
  name?: string | null
  /** Local ISO (`2026-11-24T15:00`), or words. */
  wantedTime?: string | null
  dueAt?: Date | null
  ifUpdatedAt?: Date
}

export type CorrectionResult = { outcome: 'corrected' | 'unchanged'; request: RequestRecord } | WrongValue | NotFound | Stale

type CorrectionServices = Pick<CatalogueServices, 'catalogue' | 'areas' | 'dueAtOf'>

/** As they stand in histories. */
const CATEGORY = '类别'
const DUE = '最晚办好'

/** Puts right what a request says; its history tells what was there before. Nobody else is told. */
export function correctRequest(services: CatalogueServices, actor: Actor, input: Correction): Promise<CorrectionResult> {
  return services.store.write((transaction) => correctIn(transaction, services, actor, input, services.now()))
}

/** The same within a transaction that does more. */
export async function correctIn(transaction: Transaction, services: CorrectionServices, actor: Actor, input: Correction, now: Date): Promise<CorrectionResult> {
  const known = await findRequestIn(transaction, input.id)
  if (known === null) return { outcome: 'not_found' }
  const read = readCorrection(known, input, services)
  if ('outcome' in read) return read
  if (read.length === 0) return { outcome: 'unchanged', request: known }
  const values = Object.assign({}, ...read.map((one) => one.values)) as RequestValues
  const note = read.map(({ label, from, to }) => deskText.correction(label, from, to)).join('；')
  const audit = { action: 'correct_request', detail: read.map(({ label }) => label).join('、') }
  const moved = await moveRequest(transaction, known.id, { kind: 'correction', author: 'staff', by: actor.user, note, values, audit, ...ifSeen(input.ifUpdatedAt) }, now)
  return moved.outcome === 'moved' ? { outcome: 'corrected', request: moved.request } : refusedMove(moved, input.ifUpdatedAt)
}

/** One value that is different now, in words for the history. */
interface Corrected {
  label: string
  from: string
  to: string
  values: RequestValues
}

function readCorrection(request: RequestRecord, input: Correction, services: CorrectionServices): Corrected[] | WrongValue {
  const { catalogue, areas } = services
  const found: Corrected[] = []
  const add = (label: string, from: string | null, to: string | null, values: RequestValues) => {
    if (from !== to) found.push({ label, from: from ?? '', to: to ?? '', values })
  }
  if (input.category !== undefined) {
    const read = readService(input.category, catalogue)
    if ('outcome' in read) return read
    const { code, name, kind } = read.value
    add(CATEGORY, request.category, name, { category: name, serviceCode: code, ...(!isEmergency(request) && { kind }) })
  }
  const address = readOrNone(input.address, (typed) => readText(typed, 'address'))
  if (address !== undefined) {
    if ('outcome' in address) return address
    add('地址', request.address, address.value, { address: address.value })
  }
  const area = readOrNone(input.area, (typed) => readArea(typed, areas))
  if (area !== undefined) {
    if ('outcome' in area) return area
    const code = area.value?.code ?? null
    if (code !== request.areaCode) add('地方', areaName(request.areaCode, areas), areaName(code, areas), { areaCode: code })
  }
  const name = readOrNone(input.name, (typed) => readText(typed, 'name'))
  if (name !== undefined) {
    if ('outcome' in name) return name
    add('联系人', request.requesterName, name.value, { requesterName: name.value })
  }
  const phone = readOrNone(input.phone, readRequestPhone)
  if (phone !== undefined) {
    if ('outcome' in phone) return phone
    add('电话', request.requesterPhone, phone.value, { requesterPhone: phone.value })
  }
  const wanted = readOrNone(input.wantedTime, (typed) => readText(typed, 'wantedTime'))
  if (wanted !== undefined) {
    if ('outcome' in wanted) return wanted
    add('希望时间', request.wantedTime, wanted.value, { wantedTime: wanted.value })
  }
  const dueAt = input.dueAt === undefined ? dueAnew(request, found, services) : input.dueAt
  if (dueAt !== undefined && dueAt?.getTime() !== request.dueAt?.getTime()) add(DUE, showDue(request.dueAt), showDue(dueAt), { dueAt })
  return found
}

/** Another service has another limit, counted from when it was filed or last taken up again. What staff have set by hand stays, and so does what has no limit. */
function dueAnew(request: RequestRecord, found: readonly Corrected[], { catalogue, dueAtOf }: CorrectionServices): Date | undefined {
  const values = Object.assign({}, ...found.map((one) => one.values)) as RequestValues
  if (values.serviceCode === undefined || request.dueAt === null || isFinished(request) || isEmergency(request)) return undefined
  const isSetByHand = request.activities.some(({ kind, author, note }) => kind === 'correction' && author === 'staff' && note.includes(`${DUE}：`) && !note.includes(`${CATEGORY}：`))
  if (isSetByHand) return undefined
  const begunAt = request.activities.findLast(({ kind, status }) => kind === 'status' && status === 'reopened')?.at ?? request.createdAt
  const service = catalogue.find(({ code }) => code === values.serviceCode)
  return dueAtOf({ kind: (values.kind ?? request.kind) as RequestKind, service, wantedTime: values.wantedTime === undefined ? request.wantedTime : values.wantedTime }, begunAt) ?? undefined
}

const showDue = (dueAt: Date | null): string => (dueAt === null ? '' : formatLocalLong(dueAt))

/** undefined = nothing was said of it; what is blank is none. */
function readOrNone<T>(typed: string | null | undefined, read: (typed: string) => ReadValue<T>): ReadValue<T | null> | undefined {
  if (typed === undefined) return undefined
  return typed === null || typed.trim() === '' ? { value: null } : read(typed)
}
