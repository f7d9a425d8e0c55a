import { normalize } from '../language/normalize.ts'
import { quoteAround, rateSentences, rateSpans, readClaim } from './premise-claim.ts'
import type { Claim, Spoken } from './premise-claim.ts'
import { contradictFigure } from './premise-figure.ts'
import type { FigurePremise } from './premise-figure.ts'
import { deniesText, narrowsText, opensToAll, saysOpposite } from './premise-polarity.ts'
import { hasWrongLabel, namesOtherOffice, readClaimedOffices } from './premise-slot.ts'
import { splitClauses } from './windows.ts'
import type { Span } from './windows.ts'

/** What the question takes for granted and the clause contradicts, with the words of the clause that put it right. */
export type FalsePremise = FigurePremise | { kind: 'office'; claimed: string; span: Span } | { kind: 'condition'; span: Span }

/** A sentence must hold this share of the words that the clause has of the question to be about the same thing. */
const LEAST_SHARED = 0.25
/** Sentences nearly as near as the nearest are looked at too. */
const NEARLY = 0.7

/** Looks for a figure, an office or a condition in the question that contradicts what the clause says of the same subject. */
export function findFalsePremise(question: string, clause: string): FalsePremise | null {
  const claim = readClaim(question)
  if (claim.isOpen) return null
  const figure = contradictFigure(normalize(question), claim, clause)
  if (figure !== null) return figure
  const sentences = nearest(rateSentences(clause, claim.text))
  const labelled = sentences.find((sentence) => hasWrongLabel(claim, sentence))
  if (labelled !== undefined) return condition(claim, clause, labelled)
  const office = contradictOffice(claim, clause)
  if (office !== null) return office
  const opposed = claim.isAsserted || claim.asksWhy || claim.isQuestion ? sentences.find((sentence) => saysOpposite(claim, sentence)) : undefined
  if (opposed !== undefined) return condition(claim, clause, opposed)
  if (!claim.isAsserted && !claim.asksWhy) return null
  const narrowed = sentences.filter((sentence) => narrowsText(claim, sentence))
  const denied = sentences.find((sentence) => deniesText(claim, sentence)) ?? narrowed.find(opensToAll) ?? narrowed[0]
  return denied === undefined ? null : condition(claim, clause, denied)
}

/** An office in whose place the sentence about the rest of the question names others. */
function contradictOffice(claim: Claim, clause: string): FalsePremise | null {
  for (const office of readClaimedOffices(claim)) {
    const sentence = nearest(rateSentences(clause, claim.text.replace(office.words, ' '))).find((candidate) => namesOtherOffice(office, candidate))
    if (sentence !== undefined) return { kind: 'office', claimed: office.words, span: quote(claim, clause, sentence) }
  }
  return null
}

const condition = (claim: Claim, clause: string, sentence: Spoken): FalsePremise => ({ kind: 'condition', span: quote(claim, clause, sentence) })

function nearest(sentences: readonly Spoken[]): Spoken[] {
  const sorted = [...sentences].sort((left, right) => right.shared - left.shared)
  const best = sorted[0]?.shared ?? 0
  return best < LEAST_SHARED ? [] : sorted.filter(({ shared }) => shared >= best * NEARLY)
}

/** The sentence, or of a long one the parts around the one that says most of what was claimed. */
function quote(claim: Claim, clause: string, { span }: Spoken): Span {
  const parts = rateSpans(splitClauses(clause, span), clause, claim.text)
  const best = parts.reduce((left, right) => (right.shared > left.shared ? right : left), parts[0] ?? { span, text: '', shared: 0 })
  return quoteAround(clause, span, best.span)
}
