/** The unit of retrieval: one numbered clause of one document. */
export interface Passage {
  documentId: string
  /** Clause number in Arabic digits, as text ("13"); of what has no number its label without blanks ("附件1", "表1第3行", "问答5"). */
  clause: string
  title: string
  /** What stands over the clause, coarse to fine: chapters, the annex that it is in, the table whose row it is. */
  headings?: readonly string[]
  /** The clause's own words, without its number. */
  text: string
  /** Questions that residents ask of it. */
  typicalQuestions: string[]
}

/** A clause as people call it: 第13条 (on staff's pages with blanks around the number); a label in words stands as it is. */
export const clauseName = (clause: string, blank: '' | ' ' = ''): string => (/^\d/.test(clause) ? `第${blank}${clause}${blank}条` : clause)

export interface KnowledgeDocument {
  id: string
  title: string
  issuer: string
  /** The issuer's number of it (大署发〔2012〕15号). */
  number?: string
  /** Date of issue, ISO (2012-04-05). */
  issuedOn: string
  /** First day on which it is in force, ISO; absent = from its issue on. */
  effectiveFrom?: string
  /** Last day on which it is in force, ISO; absent = no end is known. */
  effectiveTo?: string
  /** Title of the document that replaced it. */
  supersededBy?: string
  /** Its id, where it is there too. */
  supersededById?: string
  passages: Passage[]
}

/** A question that the text does not answer, with the clause that stands nearest to it. */
export interface KnownGap {
  documentId: string
  /** null when no clause is near. */
  clause: string | null
  question: string
}

/** Where what the community says of itself is cited from, in the place of a document's id. */
export const OFFICE_DOCUMENT = 'office'
export const CATALOGUE_DOCUMENT = 'services'
/** Whether a citation is of the community's own word (社区提供), and of no clause. */
export const isOfCommunity = ({ document }: { document: string }): boolean => document === OFFICE_DOCUMENT || document === CATALOGUE_DOCUMENT

export interface Citation {
  document: string
  clause: string
  /** A verbatim run of the clause's text. */
  quote: string
}

export interface RankedPassage {
  document: string
  clause: string
  /** Calibrated probability that this clause answers the question, 0..1. */
  score: number
  /** Fingerprint of its words: what is kept of an answer hangs on that, not on the number. */
  print?: string
}

/** What a resident reads in reply to a question; `text` is complete, citation included. */
export interface Answer {
  kind: 'answer' | 'refusal' | 'correction'
  text: string
  citations: Citation[]
  /** At most ten, best first. */
  ranked: RankedPassage[]
  /** The whole clause for "详细"; '' when nothing was cited. */
  details: string
  /** Whether a language model wrote the text (it is then labelled so). */
  isGenerated: boolean
  /** The question as it was understood (a follow-up is completed from the turn before). */
  question: string
}
