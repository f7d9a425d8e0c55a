// bge-small-zh-v1.5 on a thread of its own. Plain JavaScript: a thread starts without the loader for TypeScript, and that takes longer and more memory than the model.
import { Tokenizer } from '@huggingface/tokenizers'
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { InferenceSession, Tensor } from 'onnxruntime-node'

const DIMENSIONS = 512
const LONGEST_TOKENS = 512
/** Far more characters than 512 tokens can hold, so that a megabyte of text is not tokenised to be thrown away. */
const LONGEST_CHARACTERS = 4000

const { modelPath, tokenizerPath } = /** @type {import('./embedding-local.ts').LocalModelFiles} */ (workerData)
const tokenizer = new Tokenizer(JSON.parse(await readFile(tokenizerPath, 'utf8')), {})
const session = await InferenceSession.create(modelPath, { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'all', logSeverityLevel: 3 })

let isClosing = false

parentPort?.on('message', (/** @type {import('./embedding-threads.ts').ThreadQuestion | 'close'} */ asked) => {
  if (asked === 'close') {
    // It ends by itself after the text in hand: ended from outside while onnxruntime computes, it would take the program with it.
    isClosing = true
    parentPort?.close()
    return
  }
  const { id, texts } = asked
  const answer = (/** @type {import('./embedding-threads.ts').ThreadAnswer} */ said) => parentPort?.postMessage(said)
  embed(texts).then(
    (vectors) => answer({ id, vectors }),
    (error) => answer({ id, error: error instanceof Error ? error.message : String(error) }),
  )
})

/** One text at a time: a batch is no faster on a CPU, and as the model rounds over all of a batch its vectors would depend on their neighbours. */
async function embed(/** @type {readonly string[]} */ texts) {
  const vectors = []
  for (const text of texts) {
    if (isClosing) throw new Error('closed')
    vectors.push(await embedOne(text))
  }
  return vectors
}

/** [CLS] pooling; of any length. */
async function embedOne(/** @type {string} */ text) {
  const ids = truncate(tokenizer.encode(text.slice(0, LONGEST_CHARACTERS)).ids)
  const tensor = (/** @type {BigInt64Array} */ values) => new Tensor('int64', values, [1, ids.length])
  const output = await session.run({ input_ids: tensor(BigInt64Array.from(ids, BigInt)), attention_mask: tensor(new BigInt64Array(ids.length).fill(1n)), token_type_ids: tensor(new BigInt64Array(ids.length)) })
  const hidden = output['last_hidden_state']?.data
  if (!(hidden instanceof Float32Array) || hidden.length < DIMENSIONS) throw new Error('The embedding model gave no last_hidden_state')
  return hidden.slice(0, DIMENSIONS)
}

/** Keeps the closing [SEP], which the model expects at the end. */
function truncate(/** @type {number[]} */ ids) {
  return ids.length <= LONGEST_TOKENS ? ids : [...ids.slice(0, LONGEST_TOKENS - 1), ids.at(-1) ?? 0]
}
