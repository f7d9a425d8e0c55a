/** `20 秒`, `4 分钟`, `2 小时`: how long somebody waits before the next try. */
export function formatWait(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  if (seconds < 60) return `${seconds} 秒`
  return seconds <= 60 * 60 ? `${Math.ceil(seconds / 60)} 分钟` : `${Math.ceil(seconds / 3600)} 小时`
}
