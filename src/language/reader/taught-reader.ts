import type { TaughtMessage } from '../../domain/messages/talk.ts'
import type { Intent } from '../../domain/messages/understanding.ts'
import { sameMessageKey } from '../compare/same-words.ts'
import { MessageReader, type Gist } from './message-reader.ts'
import type { ReaderWeights } from './weights-file.ts'

/** Longer messages are nobody's example, in UTF-16 units. */
const LONGEST_EXAMPLE = 400
/** How certain an example of staff makes what it says. */
const CERTAIN = 0.98
/** Just below the point from which the safety words are given. */
const NO_DANGER = 0.49

/** Staff's examples by their keys; of two of the same message the later one counts. */
export const byMessage = (taught: readonly TaughtMessage[]): ReadonlyMap<string, Intent> => new Map(taught.map(({ text, intent }) => [sameMessageKey(text), intent]))

/** Reads by what was learnt; what staff gave the meaning of, in the same words, means that, learnt from already or not. */
export class TaughtReader extends MessageReader {
  readonly #taught: ReadonlyMap<string, Intent>

  constructor(weights: ReaderWeights, places: ConstructorParameters<typeof MessageReader>[1], taught: readonly TaughtMessage[]) {
    super(weights, places)
    this.#taught = byMessage(taught)
  }

  override gist(text: string, vector: Float32Array | null): Gist {
    const gist = super.gist(text, vector)
    if (this.#taught.size === 0 || text.length > LONGEST_EXAMPLE) return gist
    const intent = this.#taught.get(sameMessageKey(text))
    return intent === undefined ? gist : asTaught(gist, intent)
  }
}

/**
 * The gist with an intent that is certain. Safety first all the same: what seems surely dangerous still gets the safety words in one line, whatever staff said
 * that it is; only what seems less than that loses them.
 */
function asTaught(gist: Gist, intent: Intent): Gist {
  const others = [...gist.probabilities].filter(([other]) => other !== intent)
  const total = others.reduce((sum, [, probability]) => sum + probability, 0)
  const rest = others.map(([other, probability]): [Intent, number] => [other, total === 0 ? 0 : ((1 - CERTAIN) * probability) / total])
  const isDanger = intent === 'emergency'
  return {
    intents: [intent],
    probabilities: new Map([[intent, CERTAIN], ...rest]),
    danger: isDanger ? 1 : gist.isSurelyDanger ? gist.danger : Math.min(gist.danger, NO_DANGER),
    isSurelyDanger: isDanger,
    isSure: true,
  }
}
