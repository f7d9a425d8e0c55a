import { isDone, isLate, isOpen } from './requests.ts'

/** What of a request's course is counted. */
export interface RequestCourse {
  status: string
  createdAt: Date
  dueAt: Date | null
  /** Since when nobody has to do anything about it. */
  finishedAt: Date | null
  /** When staff or a volunteer first did something that its resident could know of. */
  answeredAt: Date | null
  wasReopened: boolean
  score: number | null
}

/** Times in hours by the clock, nights and holidays included, to two decimals; null where there is none to count. */
export interface RequestFigures {
  filed: number
  /** Done, and not after it was due. */
  onTime: number
  open: number
  /** Open, and due by now. */
  late: number
  reopened: number
  /** Mean of the scores, 1 to 5. */
  rating: number | null
  firstAnswerP50Hours: number | null
  closeP50Hours: number | null
  closeP90Hours: number | null
}

const HOUR_MS = 60 * 60 * 1000
const HUNDREDTHS = 100
const round = (value: number): number => Math.round(value * HUNDREDTHS) / HUNDREDTHS

/** The figures of some requests as things stand at `now`. What was called off, refused or merged was filed, and never done. */
export function countRequests(courses: readonly RequestCourse[], now: Date): RequestFigures {
  const done = courses.filter(isDone)
  const scores = courses.flatMap(({ score }) => (score === null ? [] : [score]))
  const answers = hours(courses, ({ answeredAt }) => answeredAt)
  const ends = hours(done, ({ finishedAt }) => finishedAt)
  return {
    filed: courses.length,
    onTime: done.filter(({ dueAt, finishedAt }) => dueAt === null || (finishedAt !== null && finishedAt <= dueAt)).length,
    open: courses.filter(isOpen).length,
    late: courses.filter((course) => isLate(course, now)).length,
    reopened: courses.filter(({ wasReopened }) => wasReopened).length,
    rating: scores.length === 0 ? null : round(scores.reduce((sum, score) => sum + score, 0) / scores.length),
    firstAnswerP50Hours: quantile(answers, 0.5),
    closeP50Hours: quantile(ends, 0.5),
    closeP90Hours: quantile(ends, 0.9),
  }
}

/** Hours from filing on, the shortest first. */
const hours = (courses: readonly RequestCourse[], until: (course: RequestCourse) => Date | null): number[] =>
  courses
    .map((course) => ({ from: course.createdAt.getTime(), end: until(course)?.getTime() }))
    .flatMap(({ from, end }) => (end === undefined ? [] : [(end - from) / HOUR_MS]))
    .sort((one, other) => one - other)

/** Between the two nearest values where it falls between them, as spreadsheets reckon it (PERCENTILE.INC). */
function quantile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null
  const place = (sorted.length - 1) * share
  const [below = 0, above = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return round(below + (above - below) * (place - Math.floor(place)))
}
