import type { MayNotMerge } from '../../desk/requests/merge-requests.ts'

/** What is well said, but does not go with how the requests are. */
export const IS_CONFLICT: ReadonlySet<MayNotMerge['why']> = new Set(['circle', 'target_merged', 'target_ended', 'merged_already', 'emergency', 'not_merged', 'target_went_on'])

/** Why two requests do not become one, in a sentence. */
export function explainMerging({ why, number }: MayNotMerge): string {
  switch (why) {
    case 'no_target':
      return 'merge_into: say the number of the request that it goes into.'
    case 'itself':
      return 'merge_into: a request can not go into itself.'
    case 'unknown':
      return `merge_into: there is no request ${number}.`
    case 'circle':
      return `merge_into: ${number} went into this request, so this one can not go into ${number}.`
    case 'target_merged':
      return `merge_into: that request itself went into ${number}; merge into ${number}.`
    case 'target_ended':
      return `merge_into: ${number} has ended; merge into one that is open.`
    case 'merged_already':
      return `merge_into: this request went into ${number} already; take it out first.`
    case 'emergency':
      return 'merge_into: an emergency stays a request of its own, as what is said of it alerts staff.'
    case 'not_merged':
      return `merge_into: ${number} is merged into nothing.`
    case 'target_went_on':
      return `merge_into: ${number} itself was merged meanwhile; take that out first.`
    default:
      return why satisfies never
  }
}
