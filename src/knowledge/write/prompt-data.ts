/** JSON with no way out of its quotes, so that nothing inside reads as the end of a prompt's data. */
export const quoteData = (value: unknown): string => JSON.stringify(value).replaceAll(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff<>]/g, '')
