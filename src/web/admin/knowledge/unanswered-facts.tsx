import type { KnowledgeDocument } from '../../../domain/answers.ts'
import { printOf } from '../../../knowledge/documents/identity/clause-print.ts'
import type { ListedQuestion } from '../../../store/knowledge/unanswered.ts'
import { Tag, Time } from '../parts/parts.tsx'

export interface Clause {
  /** `document clause`, as the form sends it. */
  value: string
  document: string
  documentTitle: string
  number: string
  title: string
  text: string
  /** Fingerprint of its words. */
  print: string
}

export const listClauses = (documents: readonly KnowledgeDocument[]): Clause[] =>
  documents.flatMap((document) =>
    document.passages.map((passage) => ({
      value: `${document.id} ${passage.clause}`,
      document: document.id,
      documentTitle: document.title,
      number: passage.clause,
      title: passage.title,
      text: passage.text,
      print: printOf(passage),
    })),
  )

export const findClause = (clauses: readonly Clause[], of: { document: string | null; clause: string | null } | undefined): Clause | undefined =>
  clauses.find((clause) => clause.document === of?.document && clause.number === of.clause)

/** How often and when questions that are about the same were asked. */
export const GroupFacts = ({ questions, now }: { questions: readonly ListedQuestion[]; now: Date }) => {
  const sum = (of: (question: ListedQuestion) => number) => questions.reduce((total, question) => total + of(question), 0)
  const useless = sum((question) => question.uselessVotes)
  const last = new Date(Math.max(...questions.map((question) => question.lastAskedAt.getTime())))
  return (
    <p class="row-facts">
      <span>问了 {sum((question) => question.timesAsked)} 次</span>
      {questions.length > 1 ? <span>{questions.length} 种问法</span> : null}
      <span>
        最近一次 <Time at={last} now={now} />
      </span>
      {useless > 0 ? <Tag tone="wait">{useless} 人说没用</Tag> : null}
    </p>
  )
}
