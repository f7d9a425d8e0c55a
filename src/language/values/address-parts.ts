import { normalize } from '../normalize.ts'

const NUMBER = '(?:\\d{1,4}|[一二三四五六七八九十两]{1,4})'
const GAP = '[\\s,，的]?'
const BUILDING = `[a-z]?${NUMBER}(?:号楼|号院|栋楼?|幢楼?|座|#楼?|号(?=${GAP}(?:${NUMBER}(?:单元|门|层)|$)))|[a-z甲乙丙丁]座`
const UNIT = `${NUMBER}(?:单元|门洞|号门|门(?!口|牌))`
const FLOOR = `${NUMBER}(?:层|楼)(?!上|下|道|顶|梯)`
const ROOM = `(?:[a-z]?\\d{2,4}(?:室|号房?|户|房)?|${NUMBER}(?:室|户|号房))(?!\\d|号楼|栋|单元|层)`
const DASHED = new RegExp(`^(.*?)(?<!\\d)(\\d{1,3})-(?:(\\d{1,2})-)?(\\d{2,4})(?:室|号)?$`)
const PARTS = new RegExp(`^(.*?)${GAP}(?:(${BUILDING}))?${GAP}(?:(${UNIT}))?${GAP}(?:(${FLOOR}))?${GAP}(?:(?:他家|我家|房号)?是?(${ROOM}))?${GAP}((?:[东南西北前后旁对大门口侧楼上下面边附近里院内]{1,4}|[^\\d]{0,6}(?:门口|旁边|附近|对面)))?$`)
const LEAD_IN = /^(?:我家|我们家|他家|家|我们?)?(?:是|在|住在?|地址)?(?:是|在)?/

interface AddressParts {
  /** Estate, road or village: what stands before the building. */
  estate: string
  building: string
  unit: string
  floor: string
  room: string
  /** "楼下", "门口". */
  nearby: string
}

/** The parts of an address as typed; absent ones are ''. */
function partsOf(text: string): AddressParts {
  const typed = text.trim().replace(/[。.!！,，\s]+$/, '')
  const form = normalize(typed)
  const dashed = DASHED.exec(form)
  if (dashed !== null) {
    const [, estate = '', building = '', unit, room = ''] = dashed
    return { estate: typed.slice(0, estate.length), building: `${building}号楼`, unit: unit === undefined ? '' : `${unit}单元`, floor: '', room, nearby: '' }
  }
  const match = PARTS.exec(form)
  // Positions are the typed text's own, so that traditional characters stay.
  let from = 0
  const next = (part: string | undefined): string => {
    if (part === undefined || part === '') return ''
    const at = form.indexOf(part, from)
    from = at + part.length
    return typed.slice(at, from)
  }
  const [estate, building, unit, floor, room, nearby] = [1, 2, 3, 4, 5, 6].map((index) => next(match?.[index]))
  return { estate: estate ?? '', building: building ?? '', unit: unit ?? '', floor: floor ?? '', room: room ?? '', nearby: nearby ?? '' }
}

const IS_PLACE = /(?:小区|家园|花园|新村|公寓|大厦|家属[院楼区]|宿舍|大院|[新名花]城|苑|庭|广场|市场|中心|路|街|大道|胡同|巷|村|屯|镇|乡|社区|[组队委]|林场|农场|院|里|号)$/

/**
 * The known address with the parts that `said` names (building, unit, floor, room) replaced and the rest kept; another estate, road or village
 * replaces the whole. `known` itself when `said` names no part of an address.
 */
export function mergeAddress(known: string, said: string): string {
  const heard = partsOf(said.trim().replace(LEAD_IN, ''))
  const old = partsOf(known)
  const saysPart = [heard.building, heard.unit, heard.floor, heard.room].some((part) => part !== '')
  const namesPlace = heard.estate !== '' && IS_PLACE.test(normalize(heard.estate))
  if ((!saysPart && !namesPlace) || /\d{5}/.test(normalize(said))) return known
  if (heard.estate !== '' && !normalize(old.estate).includes(normalize(heard.estate))) return said.trim().replace(LEAD_IN, '').replace(/[。.!！,，\s]+$/, '')
  const hasPlaceForIt = old.estate === '' || old.building !== '' || old.unit !== '' || old.room !== '' || IS_PLACE.test(normalize(old.estate))
  if (!hasPlaceForIt) return said.trim()
  const pick = (part: keyof AddressParts): string => (heard[part] === '' ? old[part] : heard[part])
  // A room stands on its own floor.
  const floor = heard.room !== '' && heard.floor === '' ? '' : pick('floor')
  return [old.estate, pick('building'), pick('unit'), floor, pick('room'), saysPart && heard.nearby === '' && heard.building !== '' ? '' : pick('nearby')].join('')
}
