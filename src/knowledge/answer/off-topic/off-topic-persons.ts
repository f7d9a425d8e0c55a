import { holdsAny } from '../../../language/patterns.ts'

/** The surnames of most people. */
const SURNAMES: ReadonlySet<string> = new Set('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文')

/** One person or household, by where they are, or pointed at. */
const SOMEBODY: readonly RegExp[] = [
  /(?:\d+|[一二三四五六七八九十]+)(?:号楼|单元|栋|幢|号院|楼|室|户|门)[^,。?]{0,8}(?:住|那家|的人|租房|租户|业主|户主|邻居|女的|男的|谁)/,
  /(?:单元|楼|栋)\d{3,4}/,
  /(?:隔壁|楼上|楼下|对门|前楼|后楼|邻居|某某|那家|这家|他家|她家|谁家)(?!的?(?:吵|装修|广场))/,
  /房主|房东|租户|租房的|老板(?=的|电话|姓|叫|是)/,
  /(?:那|这|新来的|新搬来的|来登记的)(?:个|位|户|几个|小)?(?:人|志愿者|工作人员|网格员|小子|男的|女的|小伙|姑娘|孩子|老头|老太太|送[^,。?]{0,3}的|租客|住户|户)(?=[^,。?]{0,6}(?:谁|叫什么|住|多大|几口人|姓))/,
  /那(?:个|位)?(?:人|志愿者|工作人员|网格员|小子|男的|女的|小伙|姑娘|孩子|老头|老太太)|前(?:夫|妻|男友|女友)|债主|老赖|刚放出来|车主|(?:查查|查一下|打听)[^,。?]{0,8}(?:家|人)/,
]
/** Where a surname would stand if somebody is named: 老张, 王大爷, 打听一个叫李…的. The group is the character that must be one. */
const NAMED: readonly RegExp[] = [
  /(?<![养敬助])(?=[老小]([\u4e00-\u9fff])(?!年|区|组|学|村|房))/g,
  /(?=([\u4e00-\u9fff])[\u4e00-\u9fff]{0,2}(?:大爷|大妈|大叔|大娘|大姐|大哥|阿姨|叔叔|奶奶|爷爷|先生|女士|师傅|老师|[哥姐嫂婶家]))/g,
  /(?=([\u4e00-\u9fff])[\u4e00-\u9fff]{0,2}(?:主任|书记|站长|警官|大夫|医生|会计|律师|科长|所长))/g,
  /(?<=^|[^\u4e00-\u9fff]|[下查问找给者员个位叫的听])(?=([\u4e00-\u9fff])[\u4e00-\u9fff]{1,2}的?(?:电话|手机|住|家|身份证|微信|工资|搬|在哪|多大|几岁))/g,
  /(?<=(?:找|打听|联系|认识)[^,。?]{0,6}(?:叫|姓))(?=([\u4e00-\u9fff]))/g,
  /(?<=[\d一二三四五六七八九十](?:号楼|单元|栋|幢|号院|楼|室|户|门)[^,。?]{0,4})(?=([\u4e00-\u9fff]))/g,
]
const isSomebody = (text: string): boolean => holdsAny(text, SOMEBODY) || NAMED.some((pattern) => [...text.matchAll(pattern)].some(([, surname = '']) => SURNAMES.has(surname)))

const PERSONAL_FACT: readonly RegExp[] = [
  /电话|手机|号码|微信|住址|地址|几号楼|门牌|房号|身份证|银行卡|车牌|头像/,
  /(?<!准|能|许|可以)住(?:在|的)?(?:是)?(?:哪|几|址|谁)|住的?(?:是|人(?!的))|家(?:住|在)(?:哪|几)|住[^,。?]{0,4}(?:楼|单元)[?。]?$/,
  /(?<!做?法)叫什么|什么名|是谁|姓什么|真名|多大(?:岁数|年纪|了)|几岁|几口人/,
  /工资|收入|存款|退休金|开多少|挣多少|欠(?:了)?(?:多少|钱)|低保|房子[^,。?]{0,4}(?:多少钱|卖)/,
  /离(?:过|没离|了)?婚|离没离|都叫什么|结(?:没结|了|过)?婚|(?:有|找)(?:没有|没)?(?:对象|男朋友|女朋友)|对象|有没有(?:病|前科)|得(?:了|的)?(?:是)?什么病|病历|信息|隐私/,
  /哪[^,。?]{0,3}(?:上班|工作|单位|来的)|干(?:的)?(?:是)?什么(?:的|工作|活)?|做什么工作|搬(?:到|去|哪|走)|信(?:什么)?教|填的?(?:是)?什么|犯(?:了|过)什么|坐过牢|考上(?:大学|高中|哪)[^,。?]{0,4}/,
]
/** Somebody known by an office: what belongs to the office may be asked, what belongs to the person may not. */
const OFFICER = /主任|书记|站长|网格员|民警|片警|片儿警|警官|社工|小组长|格长|楼长|会计|干部|大夫|院长|所长|局长|镇长|工作人员/
const PRIVATE_LIFE = /家(?:住|在)(?:哪|几)|住(?:在)?(?:哪|几)|老婆|老公|媳妇|爱人|(?:他|她|家)(?:的)?(?:儿子|闺女|孩子)|结(?:没结|了|过)?婚|离(?:了|过)?婚|对象|私人|家庭住址|身份证|几岁|多大(?:岁数|年纪)|手机号|微信号/
/** Who did something that is nobody else's business, or is in a state that is. */
const PRIVATE_STATE = '(?:投诉|举报|告(?:的|了)?我|告发|报的?警|信教|信佛|吃低保|享受低保|离婚|得(?:了)?(?:[^,。?]{0,4})病|欠(?:费|债|钱|物业)|坐过牢|超生|收养|领养|吸毒|前科|矫正|艾滋|精神病|上访)'
const PRIVATE_WHO: readonly RegExp[] = [
  /私人(?:电话|手机|号码|微信)|(?:银行卡|身份证)号?(?:码)?是(?:多少|什么)|谁[^,。?]{0,2}把我告|(?:矫正|吸毒|信教|低保|刑满)[^,。?]{0,4}(?:人|户)[^,。?]{0,2}住(?:在)?(?:哪|几)/,
  /(?:低保户|贫困户|矫正对象|矫正人员|刑满释放人员|吸毒的|信教的|欠费的)[^,。?]{0,4}(?:都)?(?:有|是)(?:谁|哪些人|哪几家)|车牌[^,。?]{0,12}谁的|(?:找|打听)(?:一)?个人[^,。?]{0,3}(?:叫|姓)/,
  new RegExp(`谁(?:家)?(?:在|是)?[^,。?]{0,4}${PRIVATE_STATE}`),
  new RegExp(`(?:哪些?|哪几|什么)(?:个|位)?(?:人家|住户|家|户|人)[^,。?]{0,6}(?:低保|${PRIVATE_STATE})`),
]
/** Lists of people with what identifies them. */
const LIST_OF_PEOPLE = /名单|花名册|联系方式|姓名|电话|身份证号?|住址|房号/
const MANY_PEOPLE = /全体|全楼|所有|全部|各家|住户|居民|业主|志愿者|人员|低保户|贫困户|(?:孤寡|空巢|独居)老人|报名[^,。?]{0,4}(?:人|谁)|都有谁/
const HAND_OVER = /发(?:我|给|一份)|给我|导出|列出|告知|告诉|提供|查(?:一下|查)|要(?:一份|个)|拷/
/** How such things are dealt with is a question of policy. */
const ABOUT_HANDLING = /(?:要|用|需要|得)(?:不要|不用)?(?:登记|上报|备案)|登记吗|公开(?:吗|不)|公布|公示|采集|合规|保密|泄露|保护|怎么(?:当|选|产生|申请|评)|谁管|(?:跟|向|找|上|到|去)(?:谁|哪)[^,。?]{0,4}(?:反映|举报|投诉)/

/** Whether a question is after what only the person meant may tell. @param text in plain words */
export function asksForPersonalData(text: string): boolean {
  if (ABOUT_HANDLING.test(text)) return false
  const isAboutSomebody = (isSomebody(text) && holdsAny(text, PERSONAL_FACT)) || (OFFICER.test(text) && PRIVATE_LIFE.test(text))
  return isAboutSomebody || holdsAny(text, PRIVATE_WHO) || (LIST_OF_PEOPLE.test(text) && MANY_PEOPLE.test(text) && (HAND_OVER.test(text) || /名单|花名册/.test(text)))
}
