import { cleanTyped, isBlank } from '../../../language/clean.ts'
import { holdsAny } from '../../../language/patterns.ts'
import { normalize, plain } from '../../../language/normalize.ts'
import { asksForPersonalData } from './off-topic-persons.ts'

/** Questions that no document here can answer, whatever it says; each has its sentence. */
export type OffTopic = 'blank' | 'garbage' | 'weather' | 'personal_data' | 'medical' | 'legal'

const WEATHER = /天气|气温|(?:下|有)(?:不下|没有)?(?:雨|雪|冰雹|雾)吗|(?:下不下|能下|下没下)(?:雨|雪)|第一场雪|刮不刮|带(?:不带)?伞|暖和|空气质量|雾霾|(?<!用[^,。?]{0,4})多少度(?:$|[?。!])|零下|几度(?:$|[?。!])|冷不冷|热不热|刮(?:大)?风(?:吗|不)|穿什么衣服|会(?:不会)?下(?:雨|雪)/
const ILLNESS: readonly RegExp[] = [/发烧|高烧|低烧|头疼|头痛|头晕|咳嗽|拉肚子|(?:胃|牙|腰|腿|肚子|心口|嗓子|关节)[^,。?]{0,3}疼|老寒腿|胸闷|血压[^,。?]{0,3}(?:高|\d)|高血压|糖尿病|血糖|感冒|失眠|怀孕|癌|肿瘤|过敏|呕吐|吐|胸口/g, /脑袋[^,。?]{0,2}(?:迷糊|晕|疼)|骨折|疹|水痘|白内障|狗咬|胃镜|血压|手术|孕妇/g]
const WEATHER_TIME = /今天|今晚|明(?:天|早|晚|个)|后天|晚上|早上|下午|这(?:几天|周|两天)|周末|最近|外面|外头|什么时候|几号|现在|今年冬天/
const WEATHER_SIGHT = /雨|雪|雾|刮风|大风|降温|升温|冷|热(?!线|闹)|晴|阴天|冰雹|霜冻|台风|温度|太阳/
const WEATHER_ASKED = /(?:吗|没|不|没有|多大|多少|怎么样|什么时候[^,。?]{0,4}|大不大)[?]?$/
/** What is done about it is a question of policy. */
const ABOUT_ACTION = /谁|修|扫|漏|管|清|怎么办|预案|防|演练|通知|滑|停|供|暖气/
/** An ailment by the part of the body, or by its own name. */
const SORE = /(?:头|牙|腰|腿|胃|肚子|心口|心脏|嗓子|膝盖|手|脚|眼睛|耳朵|皮肤|后背|脖子|胸口|胸|关节|浑身)[^,。?]{0,4}(?:疼|痛|肿|麻|痒|酸|不舒服|难受|流血|出血|崴|扭)/
const NAMED_AILMENT = /崴了脚|便秘|痔疮|中风|脑梗|发炎|湿疹|脚气|鼻炎|流鼻血|落枕|口腔溃疡|更年期|尿频|贫血|痛风|疫苗|发烧|感冒|咳嗽|血压高|血糖高|拉稀|三高|抽筋|耳鸣|干涩|糖尿病/
const CURE = /怎么(?:办|治|恢复|缓解|回事|止)|是什么毛病|什么毛病|(?:吃|抹|喝|喂|滴|贴|缺)(?:点)?什么|正常吗|几针|吃药|吃不吃药|冰敷|热敷|挂[^,。?]{0,3}科|能(?:不能)?(?:吃|喝|打|停|好)|严重|几天了$|天了[^,。?]{0,6}$|好使/
/** Help with the days of somebody who is ill is a service. */
const ABOUT_CARE = /社区|街道|村里|居委会|上门|代办|照顾|照料|陪|服务|帮|谁管|找谁|没人|有人管|补贴|补助|报销|低保|送(?:饭|餐|药)/
const MEDICAL: readonly RegExp[] = [
  /(?:吃|用|开|打|抹|喝|买|整|贴)(?:点)?(?:个)?(?:什么|哪种)(?:药|膏)|怎么(?:治|医)(?!理)|能治(?:好)?吗|(?:胰岛素|头孢|阿莫西林|布洛芬|降压药|止疼药|抗生素|消炎药|感冒药)|挂(?:什么|哪个)科|是不是得了|剂量/,
  /(?:一天|一次|一顿)吃几(?:片|次|粒|回)/,
]
/** What is asked of an illness, not far behind its name. */
const ASKED_OF_ILLNESS = /^[^。]{0,12}(?:怎么办|怎么治|怎么回事|吃什么|喝什么|能不能吃|能吃|贴|行不|要紧|严重吗|挂什么科|正常吗|是多少|是不是|是什么病|能好|要不要打|打针|疼不疼|能停|能吃|可以吃|多少钱|吃点)/
const asksOfIllness = (text: string): boolean => ILLNESS.some((illness) => [...text.matchAll(illness)].some((match) => ASKED_OF_ILLNESS.test(text.slice(match.index + match[0].length, match.index + match[0].length + 24))))
const LEGAL: readonly RegExp[] = [
  /判(?:几|多少)年|怎么判|量刑|立案|(?:会|要)坐牢吗|坐几年牢|能(?:不能)?(?:告|打)?赢|打得赢|赢官司|(?:怎么|能不能|上哪|去哪|哪个法院)(?:里|儿)?(?:起诉|告他|告)|起诉(?:状|书)?怎么|该赔|赔(?:我|多少|几|偿金)|多少赔偿|双倍工资/,
  /押金[^,。?]{0,6}不退|(?:没(?:留|立)|有)[^,。?]{0,2}遗嘱|遗嘱(?:必须|有效|怎么)|遗产|彩礼[^,。?]{0,8}(?:要回|退)|违约金|诉讼费|正当防卫|(?:协议|合同|遗嘱|借据)[^,。?]{0,10}(?:反悔|有效|无效|作废|违约|算数)/,
  /(?:怎么|能不能|想)打官司|能离婚吗|能(?:不能)?告(?!诉)|醉驾|酒驾|(?:判|缓)刑|怎么(?:定罪|判刑)|抚养费(?:给|要|一个月)|(?:离婚|继承)[^,。]{0,12}(?:归谁|怎么分|分多少|判给|有效|有权)/,
  /(?:房子|财产|抚养权|孩子|名字)(?:归谁|怎么分|判给谁|算谁)|犯(?:不犯)?法吗|算(?:不算)?(?:犯罪|违法|诈骗)|诉讼时效|(?:劳动)?仲裁怎么|(?:借条|欠条)/,
]
/** Asking what the community does about it is a question of policy. */
const ABOUT_SERVICE = /社区[^,。?]{0,8}(?:有没有|有什么|有吗|服务|管理|管不管|能不能|能找|给不给|活动|帮)|法律(?:服务|援助|咨询|帮助)|懂法|律师/

/** What makes a question unanswerable here before anything is looked up; null = look it up. */
export function readOffTopic(question: string): OffTopic | null {
  const cleaned = cleanTyped(question)
  if (isBlank(cleaned) !== undefined) return 'blank'
  if (isGarbage(normalize(cleaned))) return 'garbage'
  const text = plain(cleaned)
  if (WEATHER.test(text) || asksForWeather(text)) return 'weather'
  const isAboutService = ABOUT_SERVICE.test(text)
  if (!isAboutService && asksForPersonalData(text)) return 'personal_data'
  if (holdsAny(text, MEDICAL) || asksOfIllness(text) || ((SORE.test(text) || NAMED_AILMENT.test(text)) && CURE.test(text) && !ABOUT_CARE.test(text))) return 'medical'
  return holdsAny(text, LEGAL) && !isAboutService ? 'legal' : null
}

const asksForWeather = (text: string): boolean => WEATHER_TIME.test(text) && WEATHER_SIGHT.test(text) && WEATHER_ASKED.test(text) && !ABOUT_ACTION.test(text)

/** Not a question in any words: no Chinese and no Latin word, one character, or the same few characters again and again. */
function isGarbage(text: string): boolean {
  const letters = Array.from(text.replace(/[^\p{L}]/gu, ''))
  if (letters.length < 2 || /^(?:测试|哈|呵|嘿|嗯|哦|啊|呃|额|唉|喂|的|了|图片|表情)+$/.test(letters.join(''))) return true
  if (letters.length >= 8 && new Set(letters).size <= 2) return true
  return !/[\u3400-\u9fff]/.test(text)
}
