import { QUIET_MS, type Fault } from '../domain/faults.ts'

export const NOT_COMMITTED: Fault = {
  name: 'turn-not-committed',
  level: 'error',
  message: 'A message is stored but could not be answered yet; it is tried again within a quarter of an hour, when it is sent again, and at the next start. Nothing to do unless it does not end: then report it with this line.',
  end: 'Every message that waited is answered.',
}

export const LEFT_UNDECIDED: Fault = {
  name: 'left-undecided',
  level: 'warn',
  message: 'Messages were received but not answered when the service last ended, by a crash or a stop: they are answered now, each once. Nothing to do.',
  end: 'No further message was left unanswered.',
  quietMs: QUIET_MS,
}

export const PASSED_TO_STAFF: Fault = {
  name: 'turn-passed-to-staff',
  level: 'error',
  message: 'A message could not be handled because of a mistake in this program: it was passed to staff as a request, and the resident was told so. Answer it among the requests, and report it with this line.',
  end: 'No message had to be passed to staff for ten minutes.',
  quietMs: QUIET_MS,
}

export const DELIVERED_AGAIN: Fault = {
  name: 'delivered-again',
  level: 'warn',
  message: 'The platform delivered a message once more that was stored already: it is answered once. Nothing to do; if it goes on, look whether another process uses the same account.',
  end: 'The platform has delivered nothing twice for ten minutes.',
  quietMs: QUIET_MS,
}

export const STALE_BUTTON: Fault = {
  name: 'stale-button',
  level: 'warn',
  message: 'Somebody pressed a button that belongs to nothing open any more: they were told so, and what to do instead. Nothing to do.',
  end: 'No such button was pressed for ten minutes.',
  quietMs: QUIET_MS,
}

export const ARRIVED_LATE: Fault = {
  name: 'arrived-late',
  level: 'warn',
  message: 'Messages arrived more than ten minutes after they were written: they are stored, nobody is answered, and emergencies and requests among them are with staff. Nothing to do but to look at the requests.',
  end: 'Every message arrived in time for ten minutes.',
  quietMs: QUIET_MS,
}

export const KEPT_BROKEN: Fault = {
  name: 'kept-state-dropped',
  level: 'warn',
  message: 'What was kept of a conversation (an open form, or what was asked last) is not in a form that this program reads, so it was dropped: the resident is asked anew. Nothing to do, unless an older program wrote it and is to be used again.',
  end: 'Everything kept of conversations could be read for ten minutes.',
  quietMs: QUIET_MS,
}
