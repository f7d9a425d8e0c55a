/** The few characters before a place: what a reading looks back at. Bounded, so that reading a text stays linear in its length. */
export const lookBack = (text: string, at: number, most = 12): string => text.slice(Math.max(0, at - most), at)

/** The few characters from a place on. */
export const lookAhead = (text: string, at: number, most = 16): string => text.slice(at, at + most)
