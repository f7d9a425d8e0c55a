/** How soon something has to be done where the community has set no limit of its own. */
export const LIMIT_KINDS = ['urgent', 'ordinary', 'long'] as const
export type LimitKind = (typeof LIMIT_KINDS)[number]

/** One entry of the service catalogue: what a resident may ask the community for. */
export interface Service {
  code: string
  /** The Chinese name shown to residents; also the `category` of requests. */
  name: string
  /** Words residents use for it. */
  words: string[]
  materials: string[]
  steps: string[]
  place: string
  /** Working days until it must be done. */
  limitWorkingDays: number
  /** The limit is that of its kind, as the community has not set one. */
  isLimitExample: boolean
  limitKind: LimitKind
  fee: string
  /** Whether name and phone must be asked for. */
  needsPersonalData: boolean
  /** Whether it is a fault that anybody may report without saying who they are (a street lamp, a lift, rubbish); absent = no. */
  publicFault?: boolean | undefined
  /** Whether it is neighbourly help that volunteers are matched to (kind `help`), or work for staff (kind `service`). */
  kind: 'service' | 'help'
  /** Which volunteers can do it; absent = any of them. */
  helpers?: readonly HelperGroup[] | undefined
}

/** Volunteers for one sort of work within a service. */
export interface HelperGroup {
  /** Words of a request that ask for this sort; absent = what is asked by no other word. */
  asked?: readonly string[] | undefined
  /** Words of a volunteer's skills that fit it. */
  can: readonly string[]
  /** Whether volunteers with other skills can be asked too, after these. */
  anybody: boolean
}

export type AreaLevel = 'prefecture' | 'county' | 'town' | 'community' | 'grid'

export interface Area {
  code: string
  name: string
  level: AreaLevel
  parent: string | null
  /** Other names and streets or estates that lie in it. */
  words: string[]
}
