import type { EmbeddingModel } from '../../model/embedding/embedding.ts'
import { plain } from '../../language/normalize.ts'
import type { QuestionVectors } from './passage-index.ts'

/** The longest question that is looked at; what follows adds nothing to find by. */
export const LONGEST_QUESTION = 300

/** A question's vectors; dialect words are spoken plainly to the model. */
export async function embedQuestion(model: EmbeddingModel, question: string): Promise<QuestionVectors> {
  const text = plain(question.slice(0, LONGEST_QUESTION))
  const [[forPassages], [forQuestions]] = await Promise.all([model.embed([text], 'question'), model.embed([text], 'passage')])
  const empty = new Float32Array(model.dimensions)
  return { forPassages: forPassages ?? empty, forQuestions: forQuestions ?? empty }
}

/** The same for a corpus that has no known questions: half the time. */
export async function embedForPassages(model: EmbeddingModel, question: string): Promise<QuestionVectors> {
  const [forPassages] = await model.embed([plain(question.slice(0, LONGEST_QUESTION))], 'question')
  const empty = new Float32Array(model.dimensions)
  return { forPassages: forPassages ?? empty, forQuestions: empty }
}
