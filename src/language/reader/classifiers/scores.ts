/** The place of the highest score. */
export function highest(scores: Float64Array): number {
  let best = 0
  for (let one = 1; one < scores.length; one += 1) if (scores[one]! > scores[best]!) best = one
  return best
}
