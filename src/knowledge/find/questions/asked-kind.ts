import { holdsAny } from '../../../language/patterns.ts'
import { normalize, plain } from '../../../language/normalize.ts'

/** What a question wants to be told. */
export type AskedKind =
  | 'amount' | 'share' | 'area' | 'distance' | 'phone' | 'clock' | 'date' | 'duration' | 'age' | 'households' | 'people' | 'address' | 'materials' | 'laterYear' | 'name' | 'sanction'
  | 'count' | 'office' | 'condition' | 'procedure' | 'reason' | 'definition' | 'list' | 'yesNo'

interface KindPattern {
  kind: AskedKind
  /** Any of them. */
  asks: readonly RegExp[]
  /** What must stand in the words that answer; null = any words may. */
  holds: RegExp | null
}

const NUMBER = '[\\d一二两三四五六七八九十百千万]'
const MONEY_WORDS = '(?:工资|收入|补贴|补助|津贴|奖金|奖励|经费|资金|费用|费|罚款|押金|价格|租金|低保金|低保|学费|预算|投入|拨款|押金|养老金|钱|税)'

/** Most telling first; a question may want several things. Matched on the plain form of the question. */
const PATTERNS: readonly KindPattern[] = [
  {
    kind: 'amount',
    asks: [
      /多少(?:钱|元|块|万|亿|银子)|几个钱|几(?:块|元|百|千|万)钱?|(?:给|发|领|拿|交|投|拨|罚|奖|收|花|补|出|列支|安排)(?:得|到|了|给)?多少(?!人|次|个|天|年|度|层|岁|户|平|米|名|位|家|小时|分)|什么价|怎么收费|收费标准|贵不贵/,
      new RegExp(`${MONEY_WORDS}[^,。?!]{0,10}(?:多少(?!个|名|位|人|业主|居民|住户|户|天|年|家|次)|几个点|标准(?!化))`),
      new RegExp(`多少${MONEY_WORDS}`),
    ],
    holds: new RegExp(`${NUMBER}\\s*(?:万|亿)?(?:元|块(?!地))|(?:费|价|金额|标准|元(?:/[^)）]{1,3})?[)）])[^,。;:]{0,6}:\\s*[\\d.]`),
  },
  {
    kind: 'share',
    asks: [
      /多少(?:个|名|位|比例的)?(?:业主|居民|人|住户|村民|职工|股东|代表)[^,。?!]{0,3}(?:同意|通过|赞成|点头|答应|签字|参加|表决|投票|提出|提议|联名)/,
      /百分之(?:几|多少)|几成|比例|比重|占[^,。?!]{0,12}(?:多少|几)|(?:率|占比)[^,。?!]{0,8}(?:多少|几|多高)|利率|税率/,
    ],
    holds: /\d\s*%|百分之|[一二三四五六七八九]成|分之[一二三四五六七八九]|半数|一半|多数|全体/,
  },
  { kind: 'area', asks: [/多少(?:个)?(?:平方米|平米|平方|平)|(?<![那这好])几(?:十|百)?(?:平方米|平米|平方|平)|面积|多大(?:个|的)?(?:(?:房|地|屋|地方|场地|点|站|中心|便民点|服务站|用房)|[?。!]|$)|(?:建|盖|留|要|得|有|给)[^,。?!]{0,4}多大/], holds: /平方米|平米|公顷|亩/ },
  { kind: 'distance', asks: [/多远|(?:几|多少)(?:公里|里地|千米|米)|半径/], holds: /公里|千米|\d+\s*米/ },
  {
    kind: 'phone',
    asks: [
      /电话(?:号码)?(?:是)?(?:多少|几号|什么|号码)|(?:什么|哪个|多少)(?:电话|号码|热线)|号码(?:是)?(?:多少|什么)|联系(?:方式|电话)|(?:打|拨)(?:什么|哪个|多少(?!钱|款|经费|资金))|微信号|公众号|网址|邮箱|电话$|电话[?]$/,
    ],
    holds: /(?:热线|电话|号码)[^,。;]{0,8}\d{3,}|\d{5,}|\d{3,4}-\d{7,8}|\d{3,5}(?=[^\d,。]{0,6}热线)/,
  },
  {
    kind: 'clock',
    asks: [/几点|(?:上班|下班|办公|开门|关门|营业|开放|办理|服务|接待|作息)(?:的)?(?:日期和)?时间|(?:什么|啥)时(?:间|候)(?:上班|开门|关门|开放|下班|营业|能去)|中午(?:休息|办)|(?:周末|周[一二三四五六日]|星期[一二三四五六日]|节假日|中午)[^,。?!]{0,6}(?:上班|开门|开放|办公|休息|营业|办(?:吗|不))/],
    holds: /(?:\d+|[一二三四五六七八九十]+)\s*(?:点(?!建|意|工)|时(?!期|间|候|代|机|效))|\d\s*:\s*\d\d|上午|下午|全天|时间为|周[一二三四五六日]|星期[一二三四五六日]|工作日|节假日/,
  },
  { kind: 'date', asks: [/哪(?:一)?年|几月|什么时候|何时|哪(?:一)?天|几号(?!楼)|什么时间|哪年哪月|几几年|几时|什么前儿?|多(?:会儿|咱|暂|昝|前儿)|截止|到期/], holds: /\d{4}\s*年|(?:\d+|[一二三四五六七八九十])+月|\d+[日号]|年底|期末|期间|春节|节日|之日|每[年月周]|[前后]一?周|周内/ },
  {
    kind: 'duration',
    asks: [
      /多久|多长(?:时间|工夫|功夫)|(?<![那这好])几(?:天|年(?!级)|个(?:月|工作日|小时))|多少(?:天|年|个月|个工作日|小时)|期限|时限|几个钟头|隔多/,
    ],
    holds: new RegExp(`${NUMBER}\\s*(?:—|-|~|至|到)?\\s*${NUMBER}*\\s*(?:年(?!底|版|度|\\d)|个月|天|日|周|个?小时|个?工作日)|半(?:年|个月|天)|定期|经常|每年|全天候`),
  },
  { kind: 'age', asks: [/多大(?:岁数|年纪|年龄)|多少岁|几岁|年龄|岁数[^,。?!]{0,4}(?:限制|要求)|满多少/], holds: /岁|年龄/ },
  { kind: 'households', asks: [/(?:多少|(?<![们咱这那好])几)(?:个)?(?:户|家)(?!长|庭|人家里|合)|几百户|几千户|多少(?:户|人)家/], holds: /\d\s*户|百户/ },
  {
    kind: 'people',
    asks: [
      /多少(?:个|名|位)?(?:人|员工|社工|干部|工作人员|民警|志愿者|代表|委员)|几口人|(?<![那这好])几(?:个|名|位)(?:人|社工|干部|工作人员|民警|志愿者|代表|委员)|人数|编制(?:有)?(?:多少|几)|几名|多少名/,
    ],
    holds: new RegExp(`${NUMBER}\\s*(?:—|-|~|至)?\\s*${NUMBER}*\\s*(?:人(?!民|员|大|均)|名|位)|人口10%`),
  },
  {
    kind: 'address',
    asks: [
      /地址|怎么走|几楼|几层|哪(?:个|一)?(?:条)?(?:街|路|楼|层|房间|屋|窗口|频道|网站|公众号)|哪几(?:所|家|座|个(?:乡镇|社区|村|小区|学校))|哪(?:[一二三四五]|\d)个(?:乡镇|社区|村)/,
      /(?:上|去|到|在)哪(?:里|儿|地方)?(?:能)?(?:领|打印|取|拿|看到|下载|讲|公布|办公)|门牌|(?:具体)?位置(?:在)?哪|几路车|坐什么车/,
    ],
    holds: /地址|\d+号(?!文)|街\d|路\d|频道|网址/,
  },
  {
    kind: 'materials',
    asks: [
      /(?:带|要|需要|准备|提交|交|拿|提供|备)(?:齐)?(?:什么|哪些|几样)[^,。?!]{0,2}(?:材料|证件|手续|东西|证明|资料|证)|材料(?:清单)?(?:有|是|要)?(?:哪些|什么)|什么(?:证件|材料)|(?:带|准备|备|拿)(?:些|点|上|齐)?什么/,
      /哪些(?:证件|材料)|(?:需要|要|带)(?:户口本|身份证|结婚证)|(?:申请|报名|登记)表|样本|模板|几张照片/,
    ],
    holds: /身份证|户口|材料[^、]|证件|证明|申请表|申请书|复印件/,
  },
  {
    kind: 'laterYear',
    asks: [
      /(?:201[6-9]|20[2-9]\d)年|今年|明年|去年|最新(?:的)?(?:标准|规定|政策|文件)|还有效|有效吗|废止|作废|失效|还(?:收|算|管用)(?:不|没)|现在[^,。?]{0,8}还|目前|实际(?:上)?(?:有|完成|建|达)/,
      /(?:已经|如今)[^,。?]{0,10}(?:多少|几|吗|没)|(?:评|选|争)上[^,。?]{0,16}(?:没|吗|谁)|后来[^,。?]{0,8}(?:没有|吗)/,
    ],
    holds: /(?:201[6-9]|20[2-9]\d)年/,
  },
  {
    kind: 'name',
    asks: [
      /叫什么(?:名|$|[?])|什么名字|姓什么|(?:长|人|员|师|主任|书记|领导|老师)(?:是|都有)?谁(?:$|[?呀啊哪])|(?:由|是)?(?:谁|哪(?:位|个)(?:领导|人))(?:来)?(?:担任|主持|签发|签字|签的|签名|批条|批的)|评上[^,。?]{0,3}谁/,
    ],
    holds: /同志|(?:担任|主持|兼任)/,
  },
  {
    kind: 'sanction',
    asks: [
      /(?:什么|怎么|怎样|会不会|受)[^,。?]{0,4}(?:处分|处罚|惩罚|罚款)|撤(?:了|职|换)|罢免|追究(?:谁|什么)|有什么后果|罚(?:款)?[^,。?!]{0,6}(?:多少|几|什么)|(?:多少|几)[^,。?!]{0,2}罚款|(?:会|要|得|怎么|被|挨|不|吗)罚|罚不罚|罚(?:款)?吗/,
    ],
    holds: /处分|处罚|罚款|查处|追究|撤|没收|警告|责令|拘留/,
  },
  { kind: 'count', asks: [/(?:(?<![那这好])几|多少)(?:个|所|座|项|种|次|类|条|处|支|样|家|大|场|趟|遍|级|套|块|方面|分(?![钟之年]))/], holds: null },
  {
    kind: 'office',
    asks: [
      /(?:哪|什么|哪些)(?:个|家)?(?:部门|单位|机构|组织|衙门|局|委|办公室)|哪(?:里|儿|家|边)(?:来|给)?(?:负责|管|批|出面)|谁(?:来|去|给)?(?:负责|管|牵头|办|盯|监督|审批|批|主管|建|修|出|验收|指导|组织|承担|买单)|归(?:谁|哪)|找谁/,
      /找哪|由谁|谁(?:说了算|的)/,
    ],
    holds: null,
  },
  { kind: 'condition', asks: [/条件|资格|要求|什么(?:样的)?人(?:能|可以|才)|什么样的(?:才|能|可以)|(?:达到|到|够)什么(?:程度|份上|样)|什么讲究|谁(?:能|可以|有资格)|符合什么|标准/], holds: null },
  { kind: 'reason', asks: [/为(?:了|的是)?什么|为何|凭什么|原因|目的|图(?:个|的)?(?:什么)?(?=[?]?$)|图个|干什么用|意义/], holds: null },
  { kind: 'definition', asks: [/(?:什么|怎么回事|何)(?:是|叫|意思)|是(?:个)?什么(?:意思|样|$|[?])|怎么回事|什么玩意|指的是|什么意思|定义/], holds: null },
  { kind: 'list', asks: [/哪些|哪几|都[^,。?!]{0,4}什么|有什么|[些几]什么|几[种样]|(?:干|做|搞|办|管|提供|开展|组织)(?:些|点|个)?什么|什么(?:内容|活动|措施|项目|服务|办法|任务|制度)|包括什么|分别/], holds: null },
  { kind: 'procedure', asks: [/怎么(?!回事)|如何|怎样|什么(?:办法|法子|路子|途径|渠道|门路)|流程|程序|步骤|手续|上哪|去哪|在哪|哪里/], holds: null },
  { kind: 'yesNo', asks: [/吗|(?<![什怎那这])[么嘛][?]?$|(.)[不没]\1|能不能|有没有|是不是|可不可以|行不行|给不给|管不管|要不要|用不用|会不会|算不算|让不让|得不得|对不对|许不许|收不收|成不成|不[?]?$|没[?]?$/], holds: null },
]

/** 罚好多, 几多补贴, 一份多钱: so much in other parts of the country. */
const HOW_MUCH = /(?<=[罚交收补给发领要])好多(?=钱|块|天|[,。?]|$)|好多(?=钱|天|岁)|几多|多(?=钱)/g

/** The kinds of thing asked, most telling first; empty when none is recognised. */
export function readAskedKinds(question: string): AskedKind[] {
  const text = plain(question).replace(HOW_MUCH, '多少')
  return PATTERNS.filter(({ asks }) => holdsAny(text, asks)).map(({ kind }) => kind)
}

/** Kinds that only certain words can answer: a figure with its unit, a telephone number, a date. */
export function isStrictKind(kind: AskedKind): boolean {
  return PATTERNS.some((pattern) => pattern.kind === kind && pattern.holds !== null)
}

/** Whether a run of text holds a thing of that kind; true for kinds that any words may answer. */
export function holdsKind(kind: AskedKind, text: string): boolean {
  const pattern = PATTERNS.find((candidate) => candidate.kind === kind)
  return pattern?.holds == null || pattern.holds.test(normalize(text))
}

/** Whether every part of the question wants something that only certain words can answer: "工资多少，五险一金给交吗" does not. */
export function isWhollyStrict(question: string): boolean {
  const asking = plain(question).split(/[,?;!。]/).map((part) => readAskedKinds(part)).filter((kinds) => kinds.length > 0)
  return asking.length > 0 && asking.every((kinds) => kinds.some(isStrictKind))
}
