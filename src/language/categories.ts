import type { Service } from '../domain/services.ts'
import { normalize, plain } from './normalize.ts'

export const OTHER_CATEGORY = '其他'

interface Entry {
  word: string
  service: Service
}

const indexes = new WeakMap<readonly Service[], Entry[]>()

/** The catalogue's words, longest first; built once for each catalogue. */
function indexOf(services: readonly Service[]): Entry[] {
  const known = indexes.get(services)
  if (known !== undefined) return known
  const entries = services.flatMap((service) => [service.name, ...service.words].map((word) => ({ word: normalize(word), service })))
  entries.sort((one, other) => other.word.length - one.word.length)
  indexes.set(services, entries)
  return entries
}

// What a trouble leads to is not what it is: "音响太大，影响孩子写作业".
const CONSEQUENCE = /[,，。](?:[^,，。]{0,4})(?:影响|耽误|害得|弄得|导致|搞得)[^,，。]*/g
const FILLERS = /(?<=[换修买取送开装搬剪理找接看])(?:一下|一个|个|点|些|下|我家的?|我的?|份|张|瓶|盒|一?趟)/g
const NEGATION_BEFORE = /(?:(?<!是)不是|不要|不用|不需要|没有|并非|而不是|不关)(?:什么|说|要|管)?$/
// A thing that is only mentioned as a place or as somebody's role does not make the category.
const ONLY_MENTIONED = /^(?:间|院|所|室|纸|口|旁边|对面|附近|门口|边上|那边|前面|后面|来(?:人|修|看|处理|管|给)|派人)/

interface Match {
  service: Service
  /** Characters of the text that this service's words cover. */
  weight: number
  longest: number
  first: number
}

// Words residents use everywhere that a catalogue seldom lists, towards the catalogue's own.
const HINTS: [RegExp, RegExp][] = [
  [/灯[^,。]{0,4}(?:坏|灭|不亮|不着|不好使|黑|闪|憋)|没灯|黑灯瞎火|黑咕隆咚|(?:楼道|楼梯|走廊|院里|小区)[^,。]{0,4}(?:太|真|老|黢|漆|可|贼)黑/, /照明|路灯/],
  [/(?:漏|渗|滴|跑|滋|冒|淌)[^,。]{0,2}水|水[^,。]{0,5}漏|水管|水阀|阀门|漏到我家/, /漏水|水管/],
  [/(?:停|没|断|来不来|不来)(?:了)?[水电](?!梯)|水压|跳闸|电压|没电|来(?:水|电(?!话|工|师))/, /停水|停电/],
  [/暖气|地热|供热|供暖|(?:屋里|家里|屋子|房间|卧室|客厅)[^,。]{0,3}(?:冷|不热|凉|不暖)|不热乎/, /供暖|供热/],
  [/下水|马桶|地漏|返水|反水|污水|化粪|堵了?[^,。]{0,3}(?:厕所|管)|(?:厕所|管道?)[^,。]{0,4}堵/, /下水|疏通/],
  [/电梯/, /电梯/],
  [/(?:路|道)[^,。]{0,8}(?:没法走|难走|走不了|不好走|泥泞|稀泥)|井盖|马葫芦|路面|坑洼|大坑|那个坑|个坑|坑洼|地砖|塌陷|坑坑|路[^,。]{0,4}(?:烂|坏|破|难走)/, /道路/],
  [/(?:房顶|屋顶|外墙|天台|房盖|顶棚)[^,。]{0,6}(?:漏|渗|掉|裂)|漏雨/, /房屋|漏雨/],
  [/垃圾|卫生差|太脏|很脏|脏得|脏死|脏兮兮|埋汰|臭味|恶臭|怪味|异味|有(?:股|一股)[^,。]{0,4}味|小广告|老鼠|蟑螂|苍蝇/, /卫生|环境/],
  [/扫雪|积雪|结冰|清雪|雪[^,。]{0,4}(?:没人|厚|扫|铲)|路[^,。]{0,3}滑/, /雪/],
  [/树[^,。]{0,4}(?:倒|断|死|枯|挡|砸)|草坪|绿化|毛毛虫|打药|绿地|花池|种菜/, /绿化/],
  [/太吵|吵死|噪音|噪声|扰民|吵得|吵到|(?:动静|声音|声|音响)[^,。]{0,4}太?大|施工[^,。]{0,6}(?:吵|响)|广场舞[^,。]{0,8}(?:吵|响|声)|蹦迪|装修[^,。]{0,8}(?:钻|砸|敲|吵|响)|吵(?:醒|闹)|咣当|咚咚|叮咣|叮当响|嗡嗡|麻将[^,。]{0,6}(?:夜|吵|闹|响)|(?:半夜|后半夜|凌晨)[^,。]{0,6}(?:唱歌|打牌|麻将|喝酒|砸|剁|跺|挪)/, /噪音|扰民/],
  [/消防通道|楼道[^,。]{0,6}(?:堆|堵|杂物|电动车|电瓶车)|飞线|电(?:动车|瓶车)[^,。]{0,6}(?:楼|充电)|灭火器/, /消防/],
  [/停车|车位|挪车|堵[^,。]{0,5}门口?[^,。]{0,3}车|车[^,。]{0,8}(?:堵|挡|占)|车[^,。]{0,3}停|停[^,。]{0,6}(?:门口|门前|车库)|乱停|僵尸车/, /停放|停车|车辆/],
  [/私自?(?:搭|盖|建)|违建|违章|乱搭|乱盖|搭[^,。]{0,4}(?:棚|房|小屋)|承重墙/, /违建/],
  [/狗|野猫|流浪猫|养鸡|养鸽/, /宠物/],
  [/小偷|被偷|偷[^,。]{0,4}(?:车|东西|电瓶)|可疑|陌生人|骗子|赌博/, /治安/],
  [/物业/, /物业/],
  [/(?:邻居|楼上|楼下|对门|婆媳|两口子)[^,。]{0,12}(?:吵架|吵起来|闹|矛盾|打架|纠纷|不讲理)|调解|评评理/, /纠纷/],
  [/健身|体育器材|(?:大门|铁门|院门|楼门|小门)(?![口前外旁边])[^,。]{0,5}(?:坏|关不|打不开|开不|锁|掉|倒)|跑步机|长椅|栏杆|扶手|单元门(?!口)|门禁|滑梯|凉亭|宣传栏|充电桩|玻璃碎/, /设施/],
  [/证明|盖章|介绍信|老年证|居住证/, /证明/],
  [/低保|困难补助|临时救助|特困|救助金/, /低保|救助/],
  [/残疾|轮椅|残联|假肢|助听器/, /残疾/],
  [/找[^,。]{0,4}工作|失业|下岗|就业/, /就业/],
  [/律师|打官司|法律|欠薪|拖欠/, /法律/],
  [/心里[^,。]{0,6}(?:难受|憋|堵|闷)|抑郁|焦虑|睡不着|心理/, /心理/],
  [/(?:孩子|放学|孙子|孙女)[^,。]{0,8}(?:没人(?:接|看|管)|托管|辅导|作业)|托管/, /托管/],
  [/(?:老人|我妈|我爸|奶奶|爷爷|老娘|老爷子|老太太|母亲|父亲)[^,。]{0,12}(?:没人照|照顾|照看|照料|护理|送饭|做饭|吃饭|瘫|失能)|(?:照看|照顾|照料|护理|伺候)[^,。]{0,6}(?:母亲|妈|爸|父亲|老人|奶奶|爷爷|老伴|老娘)|助餐|送餐|养老/, /养老/],
  [/(?:帮|代|替)[^,。]{0,6}(?:买|取|拿|交|捎)|跑腿|取快递|买药|买菜|捎/, /代办|代购/],
  [/陪[^,。]{0,10}(?:医院|看病|就医|就诊|检查|复查|透析|住院)|(?:去|上|到)医院|陪诊|挂号/, /陪同|就医/],
  [/换[^,。]{0,4}(?:煤气|液化气|气罐)|(?:煤气|液化气)罐[^,。]{0,10}(?:换|扛)|扛[^,。]{0,2}(?:米|面|水|罐)|打扫|收拾屋|擦玻璃|换灯泡|修[^,。]{0,4}(?:门锁|水龙头|家电|电视|冰箱|洗衣机|插座|热水器)|水龙头|门锁|锁[^,。]{0,3}(?:坏|打不开)|开锁|搬[^,。]{0,4}(?:家|东西|重物|冰箱|洗衣机|沙发|床|柜|桌|箱)|保姆|钟点工|家政/, /家政/],
  [/陪[^,。]{0,8}(?:聊|说说话|唠|解闷|下棋|下下棋|散步|打牌|读报|看书)|聊聊天|理个?发|剪个?头发?|读[报信书]|念[报信]|(?:教|不会用)[^,。]{0,6}手机|手机[^,。]{0,4}(?:不会用|教)|志愿者[^,。]{0,6}(?:帮|来|上门)/, /帮扶|志愿/],
]

function addMatches(matches: Map<string, Match>, said: string, services: readonly Service[]): void {
  // 报修路灯 is no 修路.
  const text = said.replace(/(?:报|维|要|来|请|帮|快|给)修(?=路灯)/g, '  ')
  const covered: [start: number, end: number][] = []
  for (const { word, service } of indexOf(services)) {
    for (let at = text.indexOf(word); at >= 0 && word.length > 0; at = text.indexOf(word, at + word.length)) {
      const end = at + word.length
      if (covered.some(([start, stop]) => at >= start && end <= stop)) continue
      covered.push([at, end])
      if (NEGATION_BEFORE.test(text.slice(0, at)) || ONLY_MENTIONED.test(text.slice(end))) continue
      addWeight(matches, service, word.length, at)
    }
  }
}

function addWeight(matches: Map<string, Match>, service: Service, weight: number, at: number): void {
  const match = matches.get(service.code)
  if (match === undefined) matches.set(service.code, { service, weight, longest: weight, first: at })
  else matches.set(service.code, { service, weight: match.weight + weight, longest: Math.max(match.longest, weight), first: Math.min(match.first, at) })
}

function addHints(matches: Map<string, Match>, text: string, services: readonly Service[]): void {
  for (const [said, named] of HINTS) {
    const hit = said.exec(text)
    const service = hit === null ? undefined : services.find((candidate) => named.test(candidate.name))
    if (hit !== null && service !== undefined && !NEGATION_BEFORE.test(text.slice(0, hit.index))) addWeight(matches, service, Math.min(hit[0].length, 5), hit.index)
  }
}

const INDOOR_LAMP = /(?:家里|我家|屋里|屋子里|厨房|卧室|客厅|厕所|卫生间|阳台)的?(?:那个?)?(?:灯|电棒|日光灯)/

/**
 * The service of the catalogue that a text is about: the one whose words say most of it, the longest word deciding a tie.
 * undefined when no word of any fits; `其他` is never guessed here.
 */
export function findCategory(text: string, services: readonly Service[]): Service | undefined {
  const matches = new Map<string, Match>()
  const forms = [normalize(text), plain(text)].map((form) => form.replace(CONSEQUENCE, ''))
  // "换个煤气罐" is the catalogue's 换煤气罐.
  forms.push((forms[1] ?? '').replace(FILLERS, ''))
  for (const form of new Set(forms)) addMatches(matches, form, services)
  addHints(matches, forms[1] ?? '', services)
  const ranked = [...matches.values()].filter(({ service }) => service.name !== OTHER_CATEGORY)
  const first = Math.min(...ranked.map((match) => match.first))
  // What is named first is mostly the matter, what follows its consequence.
  for (const match of ranked) if (match.first === first) match.weight += 2
  // A lamp inside somebody's own rooms is no public one.
  const indoors = INDOOR_LAMP.test(forms[1] ?? '') ? services.find(({ name }) => /家政/.test(name)) : undefined
  if (indoors !== undefined && ranked.some(({ service }) => /照明/.test(service.name))) return indoors
  ranked.sort((one, other) => other.weight - one.weight || other.longest - one.longest || one.first - other.first)
  return ranked[0]?.service
}

/** The catalogue's catch-all for reports that nothing else fits. */
export const otherService = (services: readonly Service[]): Service | undefined => services.find((service) => service.name === OTHER_CATEGORY)
