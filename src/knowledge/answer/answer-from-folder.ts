import type { KnowledgeFolder } from '../documents/watch.ts'
import type { Answerer } from './answerer.ts'

/** The answerer, looking at the folder before every question. */
export function answerFromFolder(answerer: Answerer, folder: Pick<KnowledgeFolder, 'refresh'>): Answerer {
  return {
    answer: async (question, options) => {
      await folder.refresh()
      return answerer.answer(question, options)
    },
    asksCommunity: async (message, options) => {
      await folder.refresh()
      return answerer.asksCommunity(message, options)
    },
    rank: async (question, limit, options) => {
      await folder.refresh()
      return answerer.rank(question, limit, options)
    },
    replace: (knowledge) => answerer.replace(knowledge),
    useEmbedding: (model) => answerer.useEmbedding(model),
    ready: () => answerer.ready(),
    state: () => answerer.state(),
    passage: (documentId, clause) => answerer.passage(documentId, clause),
    workings: () => answerer.workings(),
  }
}
