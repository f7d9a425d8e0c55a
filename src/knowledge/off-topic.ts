import { cleanTyped, isBlank } from '../language/clean.ts'
import { normalize } from '../language/normalize.ts'

/** Questions that no document here can answer, whatever it says; each has its sentence. */
export type OffTopic = 'blank' | 'garbage' | 'weather' | 'personal_data' | 'medical' | 'legal'

const SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文'
const SOMEBODY = new RegExp(
  `(?:老|小)[${SURNAMES}](?!年|区|组|学|村)|[${SURNAMES}][\\u4e00-\\u9fff]{0,2}(?:大爷|大妈|大叔|大娘|阿姨|叔叔|奶奶|爷爷|先生|女士|师傅|老师|哥|姐|嫂|婶)|` +
  `(?:\\d+|[一二三四五六七八九十]+)(?:号楼|单元|栋|幢|号院|楼|室|户)[^,。?]{0,6}(?:住|那家|的人|业主|户主|邻居|[${SURNAMES}])|(?:隔壁|楼上|楼下|对门|邻居|某某|那家|他家|她家)(?!的?(?:吵|漏|装修|广场))`,
)
const PERSONAL_FACT = /电话|手机|号码|住(?:在)?(?:哪|几|址)|住址|地址|身份证|微信|叫什么|姓什么|真名|多大(?:岁数|年纪)?|几岁|工资|收入|存款|离(?:过)?婚|有没有(?:病|对象|前科)|得(?:了)?什么病|病历|信息|隐私|银行卡|欠(?:了)?(?:多少|钱)|吃低保/
const WEATHER = /天气|气温|(?:下|有)(?:不下|没有)?(?:雨|雪|冰雹|雾)吗|多少度(?:$|[?。!])|零下|几度(?:$|[?。!])|刮(?:大)?风吗|穿什么衣服|会(?:不会)?下(?:雨|雪)/
const MEDICAL = /(?:吃|用|开|打|抹|喝)(?:点)?(?:什么|啥|哪种)药|怎么(?:治|医)|能治(?:好)?吗|(?:发烧|头疼|头痛|头晕|咳嗽|拉肚子|胃疼|牙疼|腰疼|胸闷|血压高|高血压|糖尿病|血糖|感冒|失眠|怀孕|癌|肿瘤|过敏)[^,。]{0,10}(?:怎么办|怎么治|怎么回事|吃什么|能不能吃|能吃|要紧吗|严重吗|挂什么科|正常吗|是多少)|挂(?:什么|哪个)科|是不是得了|剂量|一天吃几(?:片|次|粒)/
const LEGAL = /判(?:几|多少)年|怎么判|(?:会|要)坐牢吗|坐几年牢|能(?:不能)?(?:告|打)赢|打得赢|起诉(?:状|书)怎么写|赔(?:我|多少|几)|(?:离婚|遗产|遗嘱|继承)[^,。]{0,12}(?:归谁|怎么分|分多少|判给|有效|有权)|(?:房子|财产|抚养权|孩子)(?:归谁|怎么分|判给谁)|犯(?:不犯)?法吗|算(?:不算)?(?:犯罪|违法|诈骗)|诉讼时效|(?:劳动)?仲裁怎么|借条(?:有没有|还有)效/

/** What makes a question unanswerable here before anything is looked up; null = look it up. */
export function readOffTopic(question: string): OffTopic | null {
  const cleaned = cleanTyped(question)
  if (isBlank(cleaned) !== undefined) return 'blank'
  const text = normalize(cleaned)
  if (isGarbage(text)) return 'garbage'
  if (WEATHER.test(text)) return 'weather'
  if (SOMEBODY.test(text) && PERSONAL_FACT.test(text)) return 'personal_data'
  if (MEDICAL.test(text)) return 'medical'
  return LEGAL.test(text) ? 'legal' : null
}

/** Not a question in any words: no Chinese and no Latin word, one character, or the same few characters again and again. */
function isGarbage(text: string): boolean {
  const letters = Array.from(text.replace(/[^\p{L}]/gu, ''))
  if (letters.length < 2) return true
  if (letters.length >= 8 && new Set(letters).size <= 2) return true
  return !/[\u3400-\u9fff]/.test(text)
}
