import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { AnswererOptions } from './knowledge/answer/answerer.ts'
import { createReadingProposer, type ReadingProposer } from './knowledge/learn/reading-proposer.ts'
import { createQuestionRewriter } from './knowledge/write/question-rewriter.ts'
import { createAnswerWriter } from './knowledge/write/written-answer.ts'
import { createLanguageModel } from './model/chat.ts'
import { loadPrompts } from './model/prompts.ts'
import type { Metrics } from './web/metrics.ts'

/** What a language model does for answers and for messages that are read unsurely; nothing where there is none. The prompts are checked all the same. */
export async function openLanguageModel(config: Config, log: Logger, metrics: Metrics): Promise<{ answering: Pick<AnswererOptions, 'write' | 'rewrite' | 'onRewritten'>; propose?: ReadingProposer }> {
  const prompts = await loadPrompts(config.promptsDirectory)
  if (!config.chatModel) return { answering: {} }
  const { model: id } = config.chatModel
  const model = createLanguageModel({
    ...config.chatModel,
    onCall: (call) => metrics.observeModelCall({ model: id, outcome: call.outcome === 'ok' ? 'ok' : call.outcome === 'timeout' ? 'timeout' : 'failed', durationMs: call.ms, promptTokens: call.inputTokens, completionTokens: call.outputTokens }),
  })
  return {
    answering: {
      write: createAnswerWriter({ model, prompts, log, onCall: ({ outcome }) => metrics.countWriting(outcome) }),
      rewrite: createQuestionRewriter({ model, prompts, log }),
      onRewritten: (outcome) => metrics.countRewriting(outcome),
    },
    propose: createReadingProposer({ model, prompts, log, onProposed: (outcome) => metrics.countProposal(outcome) }),
  }
}
