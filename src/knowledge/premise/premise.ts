import { normalize } from '../../language/normalize.ts'
import { quoteAround, rateSentences, rateSpans, readClaim } from './premise-claim.ts'
import type { Claim, Spoken } from './premise-claim.ts'
import { contradictFigure } from './premise-figure.ts'
import type { FigurePremise } from './premise-figure.ts'
import { hasDoer, isLevel, nameDoer, namesOffice, namesOtherDoer, namesOtherOffice, readClaimedOffices, swapsDoers } from './premise-office.ts'
import type { ClaimedOffice } from './premise-office.ts'
import { allowsForbidden, deniesText, narrowsText, opensToAll, saysOpposite } from './premise-polarity.ts'
import { hasWrongLabel, withoutLabels } from './premise-slot.ts'
import { hasConfirmedPart, opposesValence } from './premise-valence.ts'
import { splitClauses, splitSentences } from '../find/words/windows.ts'
import type { Span } from '../find/words/windows.ts'

/** What the question takes for granted and the clause contradicts, with the words of the clause that put it right; `isByTone`: the clause promises what the question denies, without a word that excludes it. */
export type FalsePremise = FigurePremise | { kind: 'office'; claimed: string; actual: string | null; span: Span } | { kind: 'condition'; span: Span; isByTone: boolean }

/** A sentence must hold this share of the words that the clause has of the question to be about the same thing. */
const LEAST_SHARED = 0.25
/** Sentences nearly as near as the nearest are looked at too. */
const NEARLY = 0.7
/** Of what is said outright, and by words that exclude each other, farther ones too. */
const FIRMLY_NEARLY = 0.5

/** Looks for a figure, an office or a condition in the question that contradicts what the clause says of the same subject. */
export function findFalsePremise(question: string, clause: string): FalsePremise | null {
  const claim = readClaim(question)
  const figure = contradictFigure(normalize(question), claim, clause)
  if (figure !== null) return figure
  if (claim.isOpen) return null
  const sentences = nearest(rateSentences(clause, claim.text))
  const labelled = [...(claim.isAsserted ? nearest(rateSentences(clause, withoutLabels(claim.text))).slice(0, 1) : []), ...sentences].find((sentence) => hasWrongLabel(claim, sentence))
  if (labelled !== undefined) return condition(claim, clause, labelled)
  const office = contradictOffice(claim, clause)
  if (office !== null) return office
  const wider = claim.isFirm ? nearest(rateSentences(clause, claim.text), FIRMLY_NEARLY) : sentences
  const opposed = claim.isAsserted || claim.asksWhy || claim.isQuestion ? wider.find((sentence) => saysOpposite(claim, sentence) || allowsForbidden(claim, sentence)) : undefined
  if (opposed !== undefined) return condition(claim, clause, opposed)
  return claim.isAsserted || claim.asksWhy ? contradictDenial(claim, clause, sentences) : null
}

/** What is denied, narrowed or made to sound a burden, and stands otherwise in the sentences nearest to it. */
function contradictDenial(claim: Claim, clause: string, sentences: readonly Spoken[]): FalsePremise | null {
  const narrowed = sentences.filter((sentence) => narrowsText(claim, sentence))
  const denied = sentences.find((sentence) => deniesText(claim, sentence)) ?? narrowed.find(opensToAll) ?? narrowed[0]
  if (denied !== undefined) return condition(claim, clause, denied)
  const best = sentences[0]
  if (sentences.some((sentence) => hasConfirmedPart(claim, sentence))) return null
  return best !== undefined && opposesValence(claim, sentences.filter(({ shared }) => shared >= best.shared * AS_NEAR)) ? condition(claim, clause, best, true) : null
}

/** A sentence about the same thing that is this near to the nearest one counts as much. */
const AS_NEAR = 0.85
/** An office that is named this near to the subject may well do what is said of it. */
const NAMED_NEARLY = 0.6
/** What a sentence gains in which an office does what the question says of another one. */
const SAME_ACT = 0.4

/** An office in whose place the sentence about the rest of the question names others. */
function contradictOffice(claim: Claim, clause: string): FalsePremise | null {
  const swapped = findSwapped(claim, clause)
  if (swapped !== null) return swapped
  for (const office of readClaimedOffices(claim)) {
    const rest = claim.text.replace(office.words, ' ')
    // A list of all levels stands in many a sentence: whose doing it is, the part about it tells.
    const spans = isLevel(office) ? splitSentences(clause).flatMap((sentence) => splitClauses(clause, sentence)) : null
    const rated = spans === null ? rateSentences(clause, rest) : rateSpans(spans, clause, rest)
    const doing = rated.map((sentence) => (hasDoer(office.act, sentence.text) ? { ...sentence, shared: sentence.shared + SAME_ACT } : sentence))
    const sentences = nearest(doing)
    const best = sentences[0]?.shared ?? 0
    if (doing.some((sentence) => sentence.shared >= best * NAMED_NEARLY && namesOffice(office, sentence.text))) continue
    const sentence = sentences.find((candidate) => namesOtherOffice(office, candidate))
    if (sentence !== undefined) return replaced(office, clause, quote(claim, clause, sentence, (text) => tellsOther(office, text)))
  }
  for (const sentence of claim.isAsserted || claim.asksWhy ? nearest(rateSentences(clause, claim.text)) : []) {
    const doer = namesOtherDoer(claim, sentence)
    if (doer !== null) return { kind: 'office', claimed: doer, actual: null, span: quote(claim, clause, sentence, (text) => namesOtherDoer(claim, { text }) !== null) }
  }
  return null
}

const replaced = (office: ClaimedOffice, clause: string, span: Span): FalsePremise => ({
  kind: 'office',
  claimed: office.words,
  actual: nameDoer(office.act, normalize(clause.slice(span.start, span.end))),
  span,
})

const tellsOther = (office: ClaimedOffice, text: string): boolean => namesOtherOffice(office, { text }) && (office.act === '' || hasDoer(office.act, text))

function findSwapped(claim: Claim, clause: string): FalsePremise | null {
  for (const sentence of nearest(rateSentences(clause, claim.text))) {
    const office = swapsDoers(claim, sentence)
    if (office !== null) return replaced(office, clause, quote(claim, clause, sentence, (text) => swapsDoers(claim, { text }) !== null))
  }
  return null
}

const condition = (claim: Claim, clause: string, sentence: Spoken, isByTone = false): FalsePremise => ({ kind: 'condition', span: quote(claim, clause, sentence), isByTone })

function nearest(sentences: readonly Spoken[], nearly = NEARLY): Spoken[] {
  const sorted = [...sentences].sort((left, right) => right.shared - left.shared)
  const best = sorted[0]?.shared ?? 0
  return best < LEAST_SHARED ? [] : sorted.filter(({ shared }) => shared >= best * nearly)
}

/** The sentence, or of a long one the parts around the one that says most of what was claimed and, where some do, tells what is true instead. */
function quote(claim: Claim, clause: string, { span }: Spoken, tells: (text: string) => boolean = () => false): Span {
  const parts = rateSpans(splitClauses(clause, span), clause, claim.text)
  const telling = parts.filter(({ text }) => tells(text))
  const best = (telling.length > 0 ? telling : parts).reduce((left, right) => (right.shared > left.shared ? right : left), telling[0] ?? parts[0] ?? { span, text: '', shared: 0 })
  return quoteAround(clause, span, best.span)
}
