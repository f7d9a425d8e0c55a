/** Whether a text holds any of several ways of saying something. The patterns are kept short, one for each group that belongs together; none is global. */
export const holdsAny = (text: string, patterns: readonly RegExp[]): boolean => patterns.some((pattern) => pattern.test(text))
