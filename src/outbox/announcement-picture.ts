import { LARGEST_PICTURE_BYTES, type PictureReference } from '../domain/pictures/pictures.ts'
import type { PictureProblem } from '../store/pictures/picture-file.ts'
import type { Pictures } from '../store/pictures/pictures.ts'

/** `refused`: `reason` is a Chinese sentence for staff. */
export type TakePictureResult = { outcome: 'taken'; picture: PictureReference } | { outcome: 'refused'; reason: string }

/** Keeps a picture for an announcement that is being written; what nobody went on with is cleared away on the way. */
export async function takePicture(pictures: Pictures, bytes: Uint8Array): Promise<TakePictureResult> {
  const saved = await pictures.save(bytes)
  if (saved.outcome === 'refused') return { outcome: 'refused', reason: explainPictureProblem(saved.problem) }
  await pictures.sweep()
  return { outcome: 'taken', picture: saved.picture }
}

export const PICTURE_GONE = '刚才选的图片已经不在了，请再选一次。'
export const PICTURE_TOO_LARGE = `图片太大了，最多 ${LARGEST_PICTURE_BYTES / 1024 / 1024} MB。请用手机截一下图，再选截出来的图。`

function explainPictureProblem(problem: PictureProblem): string {
  switch (problem.kind) {
    case 'too_large':
      return PICTURE_TOO_LARGE
    case 'no_picture':
      return '选的不是图片。请选 JPG 或 PNG 格式的照片或截图。'
    case 'format':
      return `这是 ${problem.format} 格式的图片，有的平台显示不了。请换成 JPG 或 PNG：用手机截一下图就行。`
    case 'broken':
      return '这张图片坏了，打不开。请换一张。'
    case 'shape':
      return `这张图片太大或太长了（${problem.width}×${problem.height}），微信和 Telegram 显示不了。请裁短一点，或者截一下图。`
    default:
      return problem satisfies never
  }
}
