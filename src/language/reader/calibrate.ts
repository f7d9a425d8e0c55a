import { blend } from './classifiers/heads.ts'
import { DANGER_SHARE, INTENT_CLASSES } from './lessons.ts'
import type { Calibration } from './weights-file.ts'

/** How a message that was not learnt from was read: log-odds of the intents by words, and by its vector where there is one. */
export interface Unseen {
  text: string
  register: string
  /** `also` besides. */
  intent: string
  also: readonly string[]
  sparse: Float64Array
  dense: Float64Array | null
}

const EMERGENCY = INTENT_CLASSES.indexOf('emergency')
const WEIGHTS = [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4]

export const probabilitiesOf = ({ sparse, dense }: Pick<Unseen, 'sparse' | 'dense'>, calibration: Pick<Calibration, 'sparse' | 'dense'>): Float64Array =>
  blend([{ scores: sparse, weight: calibration.sparse }, ...(dense !== null && calibration.dense > 0 ? [{ scores: dense, weight: calibration.dense }] : [])])

/** The weights under which unseen messages are least surprising. */
function fitBlend(unseen: readonly Unseen[], hasDense: boolean): { sparse: number; dense: number } {
  let best = { sparse: 1, dense: 0, surprise: Infinity }
  for (const sparse of WEIGHTS) {
    for (const dense of hasDense ? WEIGHTS : [0]) {
      if (sparse + dense === 0) continue
      let surprise = 0
      for (const one of unseen) surprise -= Math.log(Math.max(1e-9, probabilitiesOf(one, { sparse, dense })[INTENT_CLASSES.indexOf(one.intent as never)]!))
      if (surprise < best.surprise) best = { sparse, dense, surprise }
    }
  }
  return { sparse: best.sparse, dense: best.dense }
}

const quantile = (ascending: readonly number[], share: number): number => ascending[Math.max(0, Math.min(ascending.length - 1, Math.floor(share * ascending.length)))] ?? 0.5

/** Of the emergencies among the examples, which are harder than life, so many may be missed at first sight. */
const MISSED_AT_MOST = 0.02
/** Of the others so many may be taken for surely dangerous. */
const FALSE_ALARMS = 0.01
/** So many messages may be asked back about. */
const ASKED_BACK = 0.08

/** How what was read of unseen messages becomes probabilities and decisions. */
export function calibrate(unseen: readonly Unseen[], hasDense: boolean): Calibration {
  const weights = fitBlend(unseen, hasDense)
  const read = unseen.map((one) => ({ one, probabilities: probabilitiesOf(one, weights) }))
  const isDanger = ({ intent, also }: Unseen) => intent === 'emergency' || also.includes('emergency')
  const ascending = (values: number[]) => values.sort((one, other) => one - other)
  const dangers = ascending(read.filter(({ one }) => isDanger(one)).map(({ probabilities }) => probabilities[EMERGENCY]!))
  const others = ascending(read.filter(({ one }) => !isDanger(one)).map(({ probabilities }) => probabilities[EMERGENCY]!))
  const leads = ascending(read.map(({ probabilities }) => leadOf(probabilities)))
  const danger = Math.min(DANGER_SHARE.most, Math.max(DANGER_SHARE.least, quantile(dangers, MISSED_AT_MOST)))
  return { ...weights, danger, sureDanger: Math.max(danger, Math.min(0.9, quantile(others, 1 - FALSE_ALARMS))), margin: quantile(leads, ASKED_BACK) }
}

/** How far the likeliest is before the second. */
export function leadOf(probabilities: Float64Array): number {
  let first = 0
  let second = 0
  for (const value of probabilities) {
    if (value > first) {
      second = first
      first = value
    } else if (value > second) second = value
  }
  return first - second
}
