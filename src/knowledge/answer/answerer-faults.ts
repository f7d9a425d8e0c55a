import { QUIET_MS, type Fault } from '../../domain/faults.ts'

export const INDEX_NOT_KEPT: Fault = {
  name: 'index-not-kept',
  level: 'warn',
  message: 'The index could not be kept on the disk: answers are the same, but it is built again at the next start, which takes longer. Check that DATA_DIR can be written and has room.',
  end: 'The index was kept whenever it was built, for ten minutes.',
  quietMs: QUIET_MS,
}

export const NO_VECTORS: Fault = {
  name: 'no-vectors',
  level: 'error',
  message: 'The embedding model failed while the index was built: questions are answered by words alone, a little worse, until the knowledge changes or the service is started again. Run `npm run -s linli -- doctor` to see why.',
  end: 'Questions are answered by words and meaning.',
}

export const NOT_EMBEDDED: Fault = {
  name: 'embedding-unavailable',
  level: 'warn',
  message: 'The embedding model does not answer: questions are answered by words alone, a little worse, and it is asked again at every question. Check the embedding server, or restart if the model is local.',
  end: 'The embedding model answers again.',
}

export const WRITER_MISTAKE: Fault = {
  name: 'writer-mistake',
  level: 'error',
  message: 'Writing an answer failed by a mistake in this program: the resident got the words of the text. Report it with this line.',
  end: 'Writing answers has not failed for ten minutes.',
  quietMs: QUIET_MS,
}
