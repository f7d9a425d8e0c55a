import type { Channel } from '../../domain/messages/channel.ts'
import { areaLine, expandAreas } from '../../domain/areas.ts'
import { StoreError } from '../../domain/errors.ts'
import { createFaultLog, describeError, type Fault, type FaultLogger } from '../../domain/faults.ts'
import { chooseVolunteers, describeHelp } from '../../domain/volunteers/matching.ts'
import type { Area, Service } from '../../domain/services.ts'
import { isFreeAt } from '../../language/values/times/availability.ts'
import type { Store } from '../../store/engine/store.ts'
import { advanceSearch, findDueSearches, type SearchRules } from '../../store/volunteers/volunteer-search.ts'
import { endOfQuiet, type QuietHours } from '../quiet-hours.ts'
import { afterWaking } from './waking-time.ts'

export interface VolunteerSearchOptions {
  store: Store
  channels: readonly Pick<Channel, 'id' | 'account' | 'capabilities'>[]
  services: () => readonly Service[]
  areas: () => readonly Area[]
  quietHours?: QuietHours
  log: FaultLogger
  now: () => Date
}

export interface VolunteerSearch {
  /** Does what is due of all searches; resolves with the instant at which the next falls due, null = none is known. Never throws. */
  sweep(): Promise<Date | null>
}

/** How long, outside quiet hours, those who were asked have before the next are. */
const ANSWER_MS = 2 * 60 * 60 * 1000
const AGAIN_MS = 15_000

const SEARCH_FAILED: Fault = {
  name: 'volunteer-search',
  level: 'error',
  message: 'Looking for a volunteer for a request failed and is tried again every quarter of a minute; nothing else is held up. If it does not end within a few minutes, arrange help for the open requests by hand and report it with this line.',
  end: 'Looking for volunteers goes on.',
}

/** Offers requests for help to volunteers nearby, from what the store holds alone: any process may stop or start at any time. */
export function createVolunteerSearch(options: VolunteerSearchOptions): VolunteerSearch {
  const { store, now } = options
  const faults = createFaultLog(options.log, now)
  return {
    async sweep() {
      try {
        const { due, nextAt } = await findDueSearches(store, now())
        for (const requestId of due) await advanceSearch(store, requestId, rulesAt(options, now()))
        const next = due.length === 0 ? nextAt : (await findDueSearches(store, now())).nextAt
        faults.over(SEARCH_FAILED.name)
        return next
      } catch (error) {
        if (!(error instanceof StoreError)) faults.say(SEARCH_FAILED, {}, describeError(error))
        return new Date(now().getTime() + AGAIN_MS)
      }
    },
  }
}

function rulesAt({ channels, services, areas, quietHours }: VolunteerSearchOptions, now: Date): SearchRules {
  const serviceOf = (code: string | null) => services().find((service) => service.code === code)
  return {
    now,
    quietUntil: endOfQuiet(quietHours, now),
    answerBy: afterWaking(quietHours, now, ANSWER_MS),
    isFreeAt,
    areasNear: (code) => areasNear(code, areas()),
    windowOf: (channel, account) => {
      const capabilities = channels.find((one) => one.id === channel && one.account === account)?.capabilities
      return capabilities?.canSendProactively === true ? capabilities.proactiveWindowMs : undefined
    },
    describe: (request) => ({ what: describeHelp(request.category, request.description, serviceOf(request.serviceCode)), place: placeOf(request.areaCode, areas()) }),
    choose: ({ request, allowsMinors }, candidates, count) => {
      const { requesterId, requesterPhone, areaCode, description, serviceCode } = request
      return chooseVolunteers({ requesterId, requesterPhone, areaCode, description, helpers: serviceOf(serviceCode)?.helpers ?? [], allowsMinors }, candidates, areas(), count)
    },
  }
}

/** The community, so that nobody's home can be told from it. */
function placeOf(code: string | null, areas: readonly Area[]): string {
  const line = areaLine(code, areas)
  return (line.find(({ level }) => level === 'community') ?? line.find(({ level }) => level !== 'grid'))?.name ?? ''
}

/** The town's areas and those above; all where the town is not known. */
function areasNear(code: string | null, areas: readonly Area[]): string[] | null {
  const line = areaLine(code, areas)
  const town = line.find(({ level }) => level === 'town')
  if (town === undefined) return null
  return [...(expandAreas({ areas: [town.code] }, areas).areas ?? []), ...line.map((area) => area.code)]
}
