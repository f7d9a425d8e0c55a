import type { PictureReference } from './pictures.ts'

/** Most photos of one message, and of one request. */
export const MOST_PHOTOS = 4
/** Largest photo that is taken, in bytes. */
export const LARGEST_PHOTO_BYTES = 5 * 1024 * 1024

/** Why a photo was not taken. `lost`: its content never came, or could not be kept. */
export const PHOTO_PROBLEMS = ['too_many', 'too_large', 'no_picture', 'lost'] as const
export type PhotoProblem = (typeof PHOTO_PROBLEMS)[number]

/** What became of the content of a photo. */
export type TakenPhoto = { outcome: 'taken'; photo: PictureReference } | { outcome: 'refused'; problem: PhotoProblem }

/** The content of a photo that lies with a platform. */
export type FetchedPhoto = { outcome: 'fetched'; bytes: Uint8Array } | { outcome: 'failed'; problem: PhotoProblem }

/** What a request's history says of photos that came to it. */
export const photosInHistory = (count: number): string => `发来照片 ${count} 张`
/** What whoever has the request is told of them. */
export const photosForStaff = ({ number, category }: { number: string; category: string }, count: number): string => `${category}（${number}）：居民发来照片 ${count} 张。`
