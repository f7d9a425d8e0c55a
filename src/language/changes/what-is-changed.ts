/** What words put in the place of one value that stands in a request: the whole new value, and whether it is sure enough to be put there without asking. */
export interface NewValue {
  value: string
  isSure: boolean
}

/** `unread`: it is said to be wrong, or to change, but not to what. undefined = nothing is said of it. */
export type ValueChange = NewValue | 'unread' | undefined

/** Words by which something said before is put right. */
const PUTS_RIGHT = /错|[写说记弄报打填按]反|岔|混了|不对|应该是|其实是|才[对是]|改[成为到]|更正|换(?:成|到|了?个?新?(?:电话|手机|号|地[址方]))|(?:电话|手机|号码?)[^,。]{0,2}[换变](?:成|了|到|更)?(?=[,。:\s\d]|$)|搬[到去了家]|[写说报打填记]成/

/** Whether a text, in the form of `normalize`, puts something right. */
export const putsRight = (text: string): boolean => PUTS_RIGHT.test(text)

const DENIES = /(?:不是|不在|不住|不叫|没在|别[去到来打])(?:[这那]个?)?$/
/** "把2单元写成1单元了": what was written is what is wrong. */
const MISTAKEN_FOR = /(?:[写说报打填记弄留当看按]成|[写说报打填记留]的是|原来是|之前是)了?$/

/** Whether what stands behind these words is what is not so. */
export const isDeniedAfter = (before: string): boolean => DENIES.test(before) || MISTAKEN_FOR.test(before)
