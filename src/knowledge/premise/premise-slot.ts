import type { Claim, Spoken } from './premise-claim.ts'
import { pairsOf } from './premise-claim.ts'

/** What is asked for is not claimed. */
const ASKED = /什么|哪|谁|多少|几|怎|何/
const FRAME_ROLES = '(?:主体|补充|单位|平台|标准|核心|载体|目标|重点|宗旨|基础|辅助|依托)'
const AS = new RegExp(`以([^,。;以]{2,24}?)为(${FRAME_ROLES})`, 'g')
const PLACED = /(?:建|设|设立|安|放|定)(?:到|在)([^,。;的]{2,10})/
const PLACES = /在([^,。;]{2,16}?)(?:建立|设立|设置|建|设)/g
const LEVELS: readonly [key: string, word: string][] = [['国', '全国|国家|中央'], ['省', '全省|省里|省级|省'], ['地区', '全地区|地区|行署|全区'], ['市', '全市|市里|市级|(?<!城)市(?=委|政府)'], ['县', '全县|县里|县级|县'], ['乡', '乡镇|镇里|镇']]
/** Labels of which a thing bears one; in groups that exclude each other. */
const LABELS: readonly (readonly RegExp[])[] = [
  [/示范社区/, /精品社区/, /达标社区/],
  [/一格一元/, /一格多元/],
  [/领导(?:关系|$|与被领导)|上下级|的(?:领导|下级|上级|下属|手下)/, /指导关系/],
  [/研究生/, /本科/],
  [/全国/, /全省/, /全市/, /全县/],
  [/每个?月|逐月/, /每年/],
  [/每(?:[二两三四五]|[2-5])年/, /每年/],
]

/** "主要靠X": what a text writes as 以X为主体. */
const MAINLY = /(?:主要|基本上?|全)(?:是|就|还是|得)?(?:靠|依靠|指望|由|是)([^,。的]{2,10}?)(?:养|出|办|投|来|管|供|$|,)|([^,。以是靠]{2,8})(?:为主|是主体|当主角)/

const ROLE = '副?(?:书记|主任|组长|站长|所长|局长|镇长|乡长|村长|会长|科长|队长|处长|院长|校长|秘书长|委员)'
/** "当书记", "兼任主任": the post that somebody is said to hold. */
const HOLDS = new RegExp(`(?:当|任|兼|做|担任|挂职|选为|选成)[^,。]{0,12}?(${ROLE})`)

/** Whether the question puts a place, a level, a label or a role where the sentence has another. */
export const hasWrongLabel = (claim: Claim, sentence: Spoken): boolean =>
  isWronglyFramed(claim.text, sentence.text) || isWronglyPlaced(claim.text, sentence.text) || isWrongPost(claim.text, sentence.text) || isWrongLevel(claim.text, sentence.text) || LABELS.some((group) => isOtherLabel(group, claim.text, sentence.text))

function isWronglyFramed(said: string, text: string): boolean {
  const [, relied, leading] = MAINLY.exec(said) ?? []
  const mainly = relied ?? leading
  const main = /以([^,。;以]{2,24}?)为主/.exec(text)?.[1]
  if (mainly !== undefined && main !== undefined && !ASKED.test(mainly) && !sharesCharacters(mainly, main)) return true
  const roles = new Map([...text.matchAll(AS)].map(([, what = '', role = '']) => [role, what]))
  return [...said.matchAll(AS)].some(([, what = '', role = '']) => {
    const actual = roles.get(role)
    return actual !== undefined && !ASKED.test(what) && !saysSame(what, actual)
  })
}

function isWrongPost(said: string, text: string): boolean {
  const [, claimed] = HOLDS.exec(said) ?? []
  const held = HOLDS.exec(text)?.[1]
  return claimed !== undefined && held !== undefined && claimed !== held && !new RegExp(`(?<!副)${claimed}`).test(text)
}

function isWronglyPlaced(said: string, text: string): boolean {
  const [, claimed] = PLACED.exec(said) ?? []
  const places = [...text.matchAll(PLACES)].map(([, place = '']) => place)
  return claimed !== undefined && !ASKED.test(claimed) && places.length > 0 && !sharesWords(claimed, text) && places.every((place) => !sharesWords(claimed, place))
}

/** `全省…示范地区` where the text has `全国…示范地区`: another level before the same words. */
function isWrongLevel(said: string, text: string): boolean {
  return LEVELS.some(([key, word]) =>
    [...said.matchAll(new RegExp(`(?:${word})([\\u4e00-\\u9fff]{2})`, 'g'))].some(([, noun = '']) => {
      const bearers = LEVELS.filter(([, other]) => new RegExp(`(?:${other})${noun}`).test(text)).map(([other]) => other)
      return bearers.length > 0 && !bearers.includes(key)
    }),
  )
}

/** Not "不是上下级". */
function isSaid(label: RegExp, text: string): boolean {
  const match = label.exec(text)
  return match !== null && !/[不非没]/.test(text.slice(Math.max(0, match.index - 6), match.index).replace(/^.*[,，]/, ''))
}

function isOtherLabel(group: readonly RegExp[], said: string, text: string): boolean {
  const claimed = group.filter((label) => isSaid(label, said))
  const stated = group.filter((label) => label.test(text))
  return claimed.length > 0 && stated.length > 0 && claimed.every((label) => !stated.includes(label))
}

/** Whether what tells the left one apart stands in the right one too: of 政府供养 and 家庭供养 the first words do. */
function saysSame(left: string, right: string): boolean {
  const own = pairsOf(right)
  const telling = left.replaceAll(/[\u4e00-\u9fff]{2}/g, (pair) => ([...pairsOf(pair)].some((term) => own.has(term)) ? '' : pair)).replaceAll('社区', '')
  return telling.length < 2 ? sharesWords(left, right) : sharesCharacters(telling, right)
}

/** 家里 and 家庭 may be the same; what everything there is of says nothing. */
function sharesCharacters(left: string, right: string): boolean {
  return Array.from(left.replaceAll(/社区|[养老]/g, '')).some((character) => right.includes(character))
}

function sharesWords(left: string, right: string): boolean {
  const own = pairsOf(right)
  return [...pairsOf(left)].some((pair) => own.has(pair))
}

/** The labels of the groups above that the question uses; without them it tells which thing is meant. */
export const withoutLabels = (text: string): string => LABELS.flat().reduce((rest, label) => rest.replace(label, ' '), text)
