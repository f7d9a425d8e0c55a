import { acceptWords, carryingButtons, declineWords, doneWords, helpText, offerButtons } from '../../../domain/help-text.ts'
import type { Button } from '../../../domain/messages/messages.ts'
import type { OwnOffer } from '../../../domain/volunteers/offers.ts'
import type { Change, Outcome } from '../../../domain/messages/outcome.ts'
import { statusNotice } from '../../../desk/requests/text.ts'
import { button, text } from '../../text.ts'
import { findMove, firstMove, hasMove, sayPrivately, type Step, type Turn } from '../../turn.ts'

/** Changes after which somebody else may have to be asked, or told: the sweep should look at once. */
const TOUCHING: ReadonlySet<Change['type']> = new Set<Change['type']>(['create_request', 'change_request', 'accept_offer', 'decline_offer', 'give_up_offer', 'finish_offer', 'leave_volunteers', 'set_volunteering', 'erase_person', 'withdraw_consent'])
export const concernsSearches = (changes: readonly Change[]): boolean => changes.some(({ type }) => TOUCHING.has(type))

const answer = (turn: Turn, said: string, changes: Outcome['changes'] = [], buttons: Button[] = []): Outcome => ({ intent: 'other', replies: sayPrivately(turn, 'text', said, buttons, text.privateOnly), changes })

const OFFER_ANSWERS = ['accept_offer', 'decline_offer', 'offer_done'] as const

export const offerAnswerStep: Step = {
  name: 'answer to an offer',
  why: 'A neighbour waits for it; who was not asked to help says something else with these words.',
  takes: OFFER_ANSWERS,
  applies: (turn) => hasMove(turn, ...OFFER_ANSWERS),
  needs: ['offers', 'button', 'requests'],
  decide: answerOffer,
}

/** 我去, 去不了 and 办好了 of somebody who was asked to help. Everything personal in it is said in private. */
function answerOffer(turn: Turn): Outcome | undefined {
  const said = firstMove(turn, OFFER_ANSWERS)
  const { offers } = turn.facts
  if (said === undefined || offers === undefined) return undefined
  // Under a message that asked for one request a button or word means that one.
  const number = said.number ?? offers.find(({ requestId }) => requestId === turn.facts.button?.requestId)?.number
  const meant = offers.filter((offer) => (number === undefined ? isFresh(turn, offer) : offer.number === number))
  switch (said.type) {
    case 'accept_offer':
      return choose(turn, meant, (offer) => offer.isOpen, acceptWords, '我去', accept) ?? acceptAgain(turn, meant, number)
    case 'decline_offer':
      return choose(turn, meant, (offer) => offer.status === 'accepted', declineWords, '去不了了', giveUp) ?? choose(turn, meant, (offer) => offer.status === 'offered' || (number !== undefined && offer.isOpen), declineWords, '去不了', decline) ?? notAsked(turn, meant, number)
    case 'offer_done':
      return choose(turn, meant, (offer) => offer.status === 'accepted', doneWords, '办好了', finish) ?? doneAgain(turn, meant, number)
    default:
      return said satisfies never
  }
}

/** For so long words without a number are still taken for an answer to somebody who was asked. */
const FRESH_MS = 24 * 60 * 60 * 1000
const isFresh = (turn: Turn, { status, offeredAt }: OwnOffer): boolean => status === 'offered' || status === 'accepted' || turn.now.getTime() - offeredAt.getTime() < FRESH_MS

/** The only one that fits, or the question which of several; undefined when none does. */
function choose(turn: Turn, offers: readonly OwnOffer[], fits: (offer: OwnOffer) => boolean, words: (number: string) => string, label: string, act: (turn: Turn, offer: OwnOffer) => Outcome): Outcome | undefined {
  const fitting = offers.filter(fits)
  // Bare words are meant for what is being asked, not for what was asked long ago.
  const fresh = fitting.filter(({ status }) => status === 'offered' || status === 'accepted')
  const [only, ...others] = fresh.length > 0 ? fresh : fitting
  if (only === undefined) return undefined
  if (others.length === 0) return act(turn, only)
  const several = [only, ...others].slice(0, 5)
  return answer(turn, [helpText.which, ...several.map((offer) => helpText.whichLine({ number: offer.number, what: offer.category })), `请回“${words(only.number)}”这样的话。`].join('\n'), [], several.map(({ number }) => buttonFor(label, words(number))))
}

const buttonFor = (label: string, words: string): Button => button(`${label} ${words.slice(-4)}`, words.length > 20 ? words.replace(' ', '') : words)

function accept(turn: Turn, offer: OwnOffer): Outcome {
  const refuse = (said: string) => answer(turn, said).replies
  return answer(
    turn,
    helpText.accepted(offer),
    [{ type: 'accept_offer', offerId: offer.id, otherwise: { taken: refuse(helpText.tooLate), not_needed: refuse(helpText.notNeeded), carries_enough: refuse(helpText.carriesEnough), not_active: refuse(helpText.mustBeActive) } }],
    carryingButtons(offer.number),
  )
}

function acceptAgain(turn: Turn, meant: readonly OwnOffer[], number: string | undefined): Outcome | undefined {
  const carried = meant.find(({ status }) => status === 'accepted')
  if (carried !== undefined) return answer(turn, helpText.acceptedAlready(carried), [], carryingButtons(carried.number))
  const last = meant[0]
  if (last !== undefined) return answer(turn, last.status === 'taken' || last.status === 'lapsed' || last.status === 'declined' ? helpText.tooLate : helpText.notNeeded)
  return notAsked(turn, meant, number)
}

/** A request of one's own, or words that are meant for something else: other steps take them. */
function notAsked(turn: Turn, meant: readonly OwnOffer[], number: string | undefined): Outcome | undefined {
  if (meant.length > 0) return answer(turn, helpText.declined)
  const isOwn = turn.facts.requests?.some((request) => request.number === number) === true
  return number === undefined || isOwn ? undefined : answer(turn, helpText.notAsked)
}

const decline = (turn: Turn, offer: OwnOffer): Outcome => answer(turn, helpText.declined, [{ type: 'decline_offer', offerId: offer.id }])

const giveUp = (turn: Turn, offer: OwnOffer): Outcome => answer(turn, helpText.gaveUp, [{ type: 'give_up_offer', offerId: offer.id }])

function finish(turn: Turn, offer: OwnOffer): Outcome {
  const request = { number: offer.number, category: offer.category, status: 'resolved' }
  const notice = statusNotice(request, '', 'requester')
  return answer(turn, helpText.thanksDone((turn.facts.helped ?? 0) + 1), [{ type: 'finish_offer', offerId: offer.id, notice: { text: notice.text, buttons: notice.extras?.buttons ?? [], toFollowers: statusNotice(request, '', 'follower').text } }])
}

function doneAgain(turn: Turn, meant: readonly OwnOffer[], number: string | undefined): Outcome | undefined {
  if (number === undefined) return undefined
  return meant.some(({ status }) => status === 'done') ? answer(turn, helpText.doneAlready) : notAsked(turn, meant, number)
}

export const clarifyOfferStep: Step = {
  name: 'yes or no to an offer',
  why: 'A bare 好的 answers the form or question that is open before it answers a neighbour.',
  takes: ['agree', 'confirm', 'refuse'],
  // A button of something else that says 确认 or 不同意 is not meant for this.
  applies: (turn) => turn.draft === null && turn.message.buttonSentAt === undefined && turn.message.buttonOf === undefined && hasMove(turn, 'agree', 'confirm', 'refuse'),
  needs: ['offers'],
  decide: clarify,
}

/** 好的 after an offer: whether somebody will go must be sure before a neighbour's address is told. */
function clarify(turn: Turn): Outcome | undefined {
  const { facts } = turn
  const open = facts.offers?.filter(({ status, isOpen }) => status === 'offered' && isOpen) ?? []
  const [offer] = open
  if (offer === undefined) return undefined
  if (findMove(turn, 'refuse') && open.length === 1) return decline(turn, offer)
  return answer(turn, helpText.isItOffer(offer.number), [], offerButtons(offer.number))
}
