import { LARGEST_PICTURE_BYTES, PICTURE_TYPES, picturePath, type PictureReference } from '../../../domain/pictures/pictures.ts'
import { PICTURE_GONE, takePicture } from '../../../outbox/announcement-picture.ts'
import type { AdminContext, AdminServices } from '../parts/options.ts'

/** Longest post with a picture, in bytes: whoever chose a photo that is somewhat too large gets the form back with a sentence. */
export const LONGEST_UPLOAD = 4 * LARGEST_PICTURE_BYTES

export const Picture = ({ picture }: { picture: PictureReference }) => (
  <figure class="picture">
    <a href={picturePath(picture.name)}>
      <img src={picturePath(picture.name)} alt="公告里的图片" />
    </a>
  </figure>
)

/** The picture of an announcement in its form: chosen anew, kept from the post before, or given up. */
export const PictureField = ({ picture }: { picture: PictureReference | null }) => (
  <>
    {picture === null ? null : (
      <>
        <Picture picture={picture} />
        <input type="hidden" name="keptPicture" value={picture.name} />
        <label class="check">
          <input type="checkbox" name="dropPicture" value="yes" />
          <span>不要这张图片了</span>
        </label>
      </>
    )}
    <div class="field">
      <label for="picture">{picture === null ? '图片（可以不选）' : '换一张图片（不换就不用选）'}</label>
      <input id="picture" name="picture" type="file" accept={PICTURE_TYPES.join(',')} aria-describedby="picture-hint" />
      <p class="hint" id="picture-hint">
        JPG 或 PNG，最大 {LARGEST_PICTURE_BYTES / 1024 / 1024} MB。照片里记的拍摄地点会自动去掉。
      </p>
    </div>
  </>
)

/** The picture that a posted form means; with a problem there is none, and staff read why. */
export async function readPicture(c: AdminContext, options: AdminServices): Promise<{ picture: PictureReference | null; problem?: string }> {
  const [form, upload] = [c.get('form'), c.get('upload')]
  if (upload !== null) {
    const taken = await takePicture(options.pictures, new Uint8Array(await upload.arrayBuffer()))
    return taken.outcome === 'taken' ? { picture: taken.picture } : { picture: null, problem: taken.reason }
  }
  const kept = form.get('keptPicture') ?? ''
  if (kept === '' || form.get('dropPicture') === 'yes') return { picture: null }
  const picture = await options.pictures.find(kept)
  return picture === null ? { picture, problem: PICTURE_GONE } : { picture }
}
