/** One page of a list that people leaf through. */
export interface NumberedPage<T> {
  items: T[]
  total: number
  /** From 1; the last page when a later one was asked for. */
  page: number
  pages: number
}

/** Reads one page. `page` may be any number; rows that arrive meanwhile may move one to the next page. */
export async function readNumberedPage<T>(
  page: number,
  size: number,
  count: () => Promise<number>,
  find: (range: { skip: number; take: number }) => Promise<T[]>,
): Promise<NumberedPage<T>> {
  const total = await count()
  const pages = Math.max(1, Math.ceil(total / size))
  const current = Math.min(pages, Math.max(1, Math.trunc(page) || 1))
  return { items: await find({ skip: (current - 1) * size, take: size }), total, page: current, pages }
}
