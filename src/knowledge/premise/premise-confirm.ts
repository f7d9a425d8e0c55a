import { readFigures } from '../find/words/figures.ts'
import { pairsOf, readClaim } from './premise-claim.ts'
import { confirmsFigure } from './premise-figure.ts'
import { namesOffice, readClaimedOffices } from './premise-office.ts'
import { isNegative, setsLimits } from './premise-valence.ts'

/** Words of saying so, and words that nearly every sentence has. */
const SAYS_NOTHING = /听说|据说|听人|人家|文件|规定|记得|以为|应该|可以|必须|都是|就是|咱们?|我们?|这儿|那边|社区/g
/** This share of the claim's pairs of characters stands in a text that confirms it. */
const LEAST_COVERED = 0.55
const FEWEST_PAIRS = 3

/**
 * Whether a text says what a question asserts ("…对吧"): its figures and offices stand there, most of its words do, and where it denies
 * something the text sets limits too. Says nothing of questions that only ask; that nothing contradicts is for `findFalsePremise` to say.
 */
export function confirmsClaim(question: string, text: string): boolean {
  const claim = readClaim(question)
  if (!claim.isAsserted || !claim.isFirm || claim.isOpen) return false
  if (readFigures(question).length > 0 && !confirmsFigure(question, claim, text)) return false
  if (readClaimedOffices(claim).some((office) => !namesOffice(office, text))) return false
  if (isNegative(claim.text) && !setsLimits(text)) return false
  const own = pairsOf(text)
  const said = [...pairsOf(claim.text.replaceAll(SAYS_NOTHING, ','))]
  const covered = said.filter((pair) => own.has(pair)).length
  return said.length >= FEWEST_PAIRS && covered >= said.length * LEAST_COVERED
}
