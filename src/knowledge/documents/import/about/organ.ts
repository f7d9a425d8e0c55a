import { normalize } from '../../../../language/normalize.ts'
import { readNumbered } from '../numbering.ts'

const ORGAN_END = /(?:委员会|居委会|村委会|办事处|人民政府|政府|办公室|办公厅|国务院|行署|[地省市县区党工]委|部|厅|局|署|司|院|中心|协会|公司|大会|联合会|支部|小组|社区|管委会|业委会|站|所|队|物业|会)$/
const LONGEST = 40

/** Whether a text is called like an office that issues papers, by its end. */
export const endsLikeOrgan = (text: string): boolean => ORGAN_END.test(normalize(text))

/** A line that is the name of one or several offices. */
export const isOrgan = (text: string): boolean => isNameLike(text) && endsLikeOrgan(text)

/** A short line without any mark, as a name stands alone. */
export const isNameLike = (text: string): boolean => text.length >= 2 && text.length <= LONGEST && /\p{Script=Han}/u.test(text) && !/[，。；：、,;:！？!?《》“”\d]/.test(text) && readNumbered(text) === null

/** The red letters over a document: 幸福街道办事处文件. */
export const isRedHead = (text: string): boolean => /^.{2,30}文\s*件$/.test(text) && endsLikeOrgan(text.replace(/\s*文\s*件$/, ''))
