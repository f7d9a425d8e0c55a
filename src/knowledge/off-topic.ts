import { cleanTyped, isBlank } from '../language/clean.ts'
import { normalize, plain } from '../language/normalize.ts'

/** Questions that no document here can answer, whatever it says; each has its sentence. */
export type OffTopic = 'blank' | 'garbage' | 'weather' | 'personal_data' | 'medical' | 'legal'

const SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文'
/** One person or household, by name, by role or by where they are. */
const SOMEBODY = new RegExp(
  `(?:老|小)[${SURNAMES}](?!年|区|组|学|村|房)|[${SURNAMES}][\\u4e00-\\u9fff]{0,2}(?:大爷|大妈|大叔|大娘|阿姨|叔叔|奶奶|爷爷|先生|女士|师傅|老师|哥|姐|嫂|婶|主任|书记|站长|警官|大夫|医生|会计|律师)(?:家|的)?|(?<=^|[^\\u4e00-\\u9fff]|[下查问找给者员个位叫])[${SURNAMES}][\\u4e00-\\u9fff]{1,2}(?=住|的?(?:电话|手机|住址|身份证|微信|工资))|` +
  `(?:\\d+|[一二三四五六七八九十]+)(?:号楼|单元|栋|幢|号院|楼|室|户)[^,。?]{0,8}(?:住|那家|的人|租房|业主|户主|邻居|[${SURNAMES}])|(?:隔壁|楼上|楼下|对门|前楼|后楼|邻居|某某|那家|他家|她家|谁家)(?!的?(?:吵|装修|广场))|` +
  '房主|房东|租户|租房的|那(?:个|位)?(?:人|志愿者|工作人员|网格员|小子|男的|女的|小伙|姑娘|孩子|老头|老太太)|前(?:夫|妻|男友|女友)|债主|老赖|刚放出来|车主|(?:查查|查一下|打听)[^,。?]{0,8}(?:家|人)',
)
const PERSONAL_FACT = /电话|手机|号码|住(?:在)?(?:哪|几|址)|住的?(?:是|人)|住址|地址|几号楼|门牌|房号|身份证|微信|(?<!做?法)叫什么|什么名|是谁|姓什么|真名|多大(?:岁数|年纪)?|几岁|工资|收入|存款|开多少|挣多少|离(?:过)?婚|有没有(?:病|对象|前科)|得(?:了|的)?(?:是)?什么病|病历|信息|隐私|银行卡|欠(?:了)?(?:多少|钱)|低保|哪[^,。?]{0,3}(?:上班|工作|单位|来的)|干什么的|搬(?:到|去|哪)|信(?:什么)?教|填的?(?:是)?什么|犯(?:了|过)什么|坐过牢/
/** Who did something that is nobody else's business, or is in a state that is. */
const PRIVATE_WHO = /私人(?:电话|手机|号码|微信)|(?:银行卡|身份证)号?(?:码)?是(?:多少|什么)|谁(?:家)?[^,。?]{0,4}(?:投诉|举报|告(?:的|了)?我|告发|报的?警|信教|信佛|吃低保|离婚|得(?:了)?病|欠(?:费|债|物业)|坐过牢|超生)|(?:哪些?|哪几|什么)(?:人家|住户|家|户)[^,。?]{0,6}(?:低保|信教|欠|离婚|得病|坐过牢)/
/** Lists of people with what identifies them. */
const LIST_OF_PEOPLE = /(?:名单|花名册|联系方式|姓名|电话|身份证号?|住址|房号)/
const MANY_PEOPLE = /(?:全体|所有|全部|各家|住户|居民|业主|志愿者|人员|低保户|贫困户|孤寡老人|报名[^,。?]{0,4}人|都有谁)/
const HAND_OVER = /发(?:我|给|一份)|给我|导出|列出|告知|告诉|提供|查(?:一下|查)|要(?:一份|个)|拷/
const WEATHER = /天气|气温|(?:下|有)(?:不下|没有)?(?:雨|雪|冰雹|雾)吗|(?:下不下|能下|下没下)(?:雨|雪)|第一场雪|刮不刮|带(?:不带)?伞|暖和|空气质量|雾霾|多少度(?:$|[?。!])|零下|几度(?:$|[?。!])|冷不冷|热不热|刮(?:大)?风(?:吗|不)|穿什么衣服|会(?:不会)?下(?:雨|雪)/
const ILLNESS = '(?:发烧|高烧|低烧|头疼|头痛|头晕|咳嗽|拉肚子|(?:胃|牙|腰|腿|肚子|心口|嗓子|关节)[^,。?]{0,3}疼|老寒腿|胸闷|血压[^,。?]{0,3}(?:高|\\d)|高血压|糖尿病|血糖|感冒|失眠|怀孕|癌|肿瘤|过敏|呕吐|吐|胸口|脑袋[^,。?]{0,2}(?:迷糊|晕|疼)|骨折|疹|水痘|白内障|狗咬|胃镜|血压|手术|孕妇)'
const MEDICAL = new RegExp(
  `(?:吃|用|开|打|抹|喝|买|整|贴)(?:点)?(?:个)?(?:什么|哪种)(?:药|膏)|怎么(?:治|医)(?!理)|能治(?:好)?吗|${ILLNESS}[^。]{0,12}(?:怎么办|怎么治|怎么回事|吃什么|喝什么|能不能吃|能吃|贴|行不|要紧|严重吗|挂什么科|正常吗|是多少|是不是|是什么病|能好|要不要打|打针|疼不疼|能停|能吃|可以吃|多少钱|吃点)|(?:胰岛素|头孢|阿莫西林|布洛芬|降压药|止疼药|抗生素|消炎药|感冒药)|挂(?:什么|哪个)科|是不是得了|剂量|(?:一天|一次|一顿)吃几(?:片|次|粒|回)`,
)
const LEGAL = /判(?:几|多少)年|怎么判|量刑|立案|(?:会|要)坐牢吗|坐几年牢|能(?:不能)?(?:告|打)?赢|打得赢|赢官司|(?:怎么|能不能|上哪|去哪|哪个法院)(?:里|儿)?(?:起诉|告他|告)|起诉(?:状|书)?怎么|该赔|赔(?:我|多少|几|偿金)|多少赔偿|双倍工资|押金[^,。?]{0,6}不退|(?:没(?:留|立)|有)[^,。?]{0,2}遗嘱|遗嘱(?:必须|有效|怎么)|遗产|彩礼[^,。?]{0,8}(?:要回|退)|(?:离婚|继承)[^,。]{0,12}(?:归谁|怎么分|分多少|判给|有效|有权)|(?:房子|财产|抚养权|孩子|名字)(?:归谁|怎么分|判给谁|算谁)|犯(?:不犯)?法吗|算(?:不算)?(?:犯罪|违法|诈骗)|诉讼时效|(?:劳动)?仲裁怎么|(?:借条|欠条)/
/** Asking what the community does about it is a question of policy. */
const ABOUT_SERVICE = /社区[^,。?]{0,8}(?:有没有|有什么|有吗|服务|管理|管不管|能不能|能找|给不给|活动|帮)|法律(?:服务|援助|咨询|帮助)|懂法|律师/

/** What makes a question unanswerable here before anything is looked up; null = look it up. */
export function readOffTopic(question: string): OffTopic | null {
  const cleaned = cleanTyped(question)
  if (isBlank(cleaned) !== undefined) return 'blank'
  if (isGarbage(normalize(cleaned))) return 'garbage'
  const text = plain(cleaned)
  if (WEATHER.test(text)) return 'weather'
  const isAboutService = ABOUT_SERVICE.test(text)
  if (!isAboutService && ((SOMEBODY.test(text) && PERSONAL_FACT.test(text)) || PRIVATE_WHO.test(text) || asksForList(text))) return 'personal_data'
  if (MEDICAL.test(text)) return 'medical'
  return LEGAL.test(text) && !isAboutService ? 'legal' : null
}

const asksForList = (text: string): boolean => LIST_OF_PEOPLE.test(text) && MANY_PEOPLE.test(text) && (HAND_OVER.test(text) || /名单|花名册/.test(text))

/** Not a question in any words: no Chinese and no Latin word, one character, or the same few characters again and again. */
function isGarbage(text: string): boolean {
  const letters = Array.from(text.replace(/[^\p{L}]/gu, ''))
  if (letters.length < 2 || /^(?:测试|哈|呵|嘿|嗯|哦|啊|呃|额|唉|喂|的|了|图片|表情)+$/.test(letters.join(''))) return true
  if (letters.length >= 8 && new Set(letters).size <= 2) return true
  return !/[\u3400-\u9fff]/.test(text)
}
