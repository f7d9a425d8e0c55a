import type { Intent } from '../domain/understanding.ts'
import { isBlank } from './clean.ts'
import { findCommand, findRequestNumber } from './commands.ts'
import type { Command } from './commands.ts'
import { isEmergency } from './emergencies.ts'
import { asksForInformation, isOffDomain, isQuestion, TOPICS } from './questions.ts'
import { applies, asksSomebodyToAct, complainsByQuestion, isPersonal, makesRequest, reports, tellsMalfeasance, tellsOfHome, tellsProblem, tellsThenAsks, tellsTroubleThenAsks } from './reports.ts'
import { isSmalltalk } from './smalltalk.ts'

/** What else was read of the message that bears on its intent. */
export interface Evidence {
  hasAddress: boolean
  /** An address with a number, or a community of ours by any of its names. */
  hasPlace: boolean
  hasPhone: boolean
  hasName: boolean
  hasCategory: boolean
}

const VOLUNTEER = '(?:志愿者|志愿服务者?|志愿队(?:伍)?|志愿工作|志愿活动|志愿(?!军)|义工|义务(?:服务|劳动|帮忙|帮工)|爱心队|(?<=做|参加|干)(?:点|些|一些|社区)?公益(?:活动|服务)?)'
const SIGN_UP = new RegExp(
  `(?:当|做|成为|加入|报名|参加|申请|注册|登记|干|报|入|应征|想|要|愿意)(?:参加|做|当|成为|加入|为|个|一名|一个|一下|名|咱们?|我们|社区|你们|的|下|上)*[^,。;!?]{0,5}${VOLUNTEER}|${VOLUNTEER}[^,。;!?]{0,4}(?:报名|报个名|登记|注册|申请加入|加入|怎么(?:报|当|做|加|申请|参)|在?哪(?:里|儿)?(?:报|登|申|能当)|算我一个|带我一个|我(?:也)?(?:要|想|来|报|能|愿意|可以))|愿意义务|(?:想|愿意|要)(?:来|去|到)?社区[^,。;!?]{0,4}(?:帮忙|服务|出力|干活)|(?:志愿者|义工)[^,。;!?]{0,4}(?:招|缺)(?:人|募)?[^。]{0,8}我(?:想|要|愿意|能|可以)|(?:想|愿意|要)(?:也)?(?:出|尽)(?:一)?(?:点|份)?力|报名(?:参加|加入)?[^,。;!?]{0,8}(?:队|小组)|${VOLUNTEER}[^。!?]{0,14}(?:给|把|帮)我(?:也)?(?:登记|报|写|算|加|记)(?:上|个名|进去|一个)|把我(?:也|俩)?(?:算|加|写|报)(?:进|上|到|入)[^,。]{0,4}志愿|义务(?:给|为|帮)(?:大家|邻居|街坊|老人|居民)|(?:我|俺|本人|孩子|孙子|孙女|女儿|儿子)[^,。;!?]{0,10}(?:报名|报个名)(?!费|表|截止|时间|条件|考)|(?:想|愿意|要|打算)(?:给|为|替)?(?:大家|邻居|街坊|社区|老人|孤寡老人|大伙|小区|别人|需要的人)(?:们)?[^,。;!?]{0,6}(?:出(?:份|点|一份)力|做(?:点|些)?(?:好事|贡献|事|什么)|帮忙|帮帮|服务|尽(?:份|点|一份)力|献爱心|帮(?:助|扶))|(?:想|愿意|希望|打算)[^,。;!?]{0,5}(?:做(?:点|些)?(?:好事|善事|公益)|献爱心|发挥余热|为人民服务|帮助(?:有需要的人|别人|他人|孤寡老人|邻居))`,
)
const WANTS_VOLUNTEER = /(?:麻烦|劳烦|找|要(?!求)|需要|(?<!申)请|派|叫|安排|求|来|有没有|能不能有|想找|想要)(?:个|一个|位|一位|名|几个|几位|些|一下|社区|的)*[^,。;!?]{0,3}(?:志愿者|义工)(?!报名|登记|注册|服务队|证|协会|站|怎么报)(?![^,。]{0,4}(?:条件|要求))|(?:志愿者|义工)[^,。;!?]{0,4}(?:来|上门|帮|陪|能不能|可以|什么时候)[^,。;!?]{0,10}(?:我|家|帮|陪|修|打扫|照|送|来)/
const VOLUNTEER_QUESTION =
  /(?:多少|比例|百分|几成|占|条件|要求(?!加入)|待遇|工资|补贴|报酬|钱|年龄|岁数|多大|限制|好处|规定|怎么管|管理|积分|奖励|表彰|保险|时长|多久|多长|工时|证书|什么用|干(?:点|些)?(?:什么|哪些)|做(?:点|些)?(?:什么|哪些)(?!好)|哪些|组织|队伍建设|目标|政策|注册率|多不多|有人.{0,3}吗|有(?:没有|无)|必须|一定要|非要|要不要|用不用|可以中途|退出|需要(?:带|什么|哪些|交|考|培训)|带(?:什么|身份证)|身份证)/
const ASKS_HOW_TO_JOIN = /(?:怎么|如何|在?哪(?:里|儿)?|去哪|找谁|什么时候|能|可以|可不可以|能不能)[^,。;!?]{0,6}(?:报名|报|登记|加入|参加|当|做|申请|注册|成为)/

const PROGRESS =
  /我(?:那|这)个?[^,。;!?]{1,8}的?(?:事|事儿|问题)[^,。;!?]{0,3}(?:咋样|怎么样|咋整|如何)|的(?:事|事儿|事情|问题)[^,。;!?]{0,3}(?:有)?(?:信|结果|消息|动静|说法|着落|眉目|下文|回复)|查(?:一?下|查)?我[^,。;!?]{0,10}(?:申请|报修|投诉|工单|报的|提交的|反映的|单子)|师傅[^。;!]{0,10}(?:几点|什么时候)(?:能)?(?:到|来)|报(?:的|过|了)[^。;!?]{0,16}(?:还没|没人来|怎么还|一直没)|查[^,。]{0,10}(?:审核|报名的?结果|结果)|(?:报|提|反映|申请|投诉|登记|交|说|办|提交|预约|求助)(?:的|过|了)?(?:的)?[^,。;!?]{0,12}(?:怎么样|咋样|到哪|哪一步|啥情况|什么情况|有(?:没有)?(?:结果|消息|回音|回复|进展|人)|处理(?:了|好|完|得|到)|修(?:了|好)(?:没|吗)|解决(?:了|没)|办(?:好|完|下来|成)了?(?:没|吗)|批(?:了|下来)|受理|派(?:人|单)|呢|还没|没(?:人|动静|消息|信|下文|回复)|什么时候(?:能|来|有|修|处理|办))|(?:进度|进展)(?:如何|怎么样|到哪|查询|怎样|呢|[?])|(?:查|问|看|催)(?:一?下|查|问|看)?[^,。;!?]{0,8}(?:进度|进展|工单|单子|报修(?:单)?|申请(?:单|到|的)|处理(?:情况|结果)|办(?:理|得)(?:情况|结果)?)|(?:工单|单子|报修单|报修|投诉|我的申请|我的事|我那(?:事|个事|件事))[^,。;!?]{0,8}(?:怎么样|咋样|到哪|处理|呢[?]?$|有结果|修了没|办了没|完了没|有人接|状态|进度|怎么还|怎么没|还没)|催(?:一?下|单|办|催)|怎么还(?:没|不)(?:来|有人|人|修|处理|派|给|解决|动|消息)|(?:师傅|维修(?:工|人员)?|你们|修的人|人)(?:什么时候|几点|多会儿|哪天|啥时候?)(?:能)?(?:来|到|上门|过来)|(?:什么时候|几点|多会儿|啥时候?)(?:能)?(?:来(?:人)?修|派人|上门|来我家|修好|处理完|处理好|轮到我)|处理(?:得|的)(?:怎么样|咋样|如何)|(?:处理|解决|修|办)(?:完|好|妥|成)?(?:了)?没(?:有)?[?]?$|办(?:完|好|妥|成)(?:了)?没|审核[^,。]{0,4}(?:通过|好|完)(?:了)?(?:吗|没)|通过了(?:吗|没)|(?:还|也|都)没(?:个)?(?:信儿?|动静|消息|下文|回音|着落)|(?:办没办|修没修|管没管|处理没处理|解决没解决)|有(?:结果|回音|进展|着落)了(?:吗|没)|修(?:好|完)了?(?:没有?|吗)[?]?$|(?:都|已经)?(?:报(?:修|上去|了)?|等)[^,。]{0,4}(?:[两三四五六七八九十半\d]+|好几|几)(?:天|周|个?月|小时|个?星期|个?礼拜)了?[^。]{0,10}(?:没|呢|还|怎么)/
// These need no word of ownership: one asks so only about one's own request.
const PROGRESS_OF_OWN = /^(?:都[^,。]{0,6}|怎么|咋)?还没(?:来人|见人|人来(?!修)|派人)|一点儿?(?:动静|消息|信儿?|音信?|回音)(?:都|也)?没|(?:说好|约好|答应|定好)(?:了)?[^,。]{0,14}(?:没来|不来|没到|没人来|没修|没动静|没见)|我(?:那|这)(?:个|张)?单子?[^,。]{0,3}(?:到|在)谁|我(?:那|这)个?[^,。;!?]{1,8}的?(?:事|事儿|问题)[^,。;!?]{0,3}(?:咋样|怎么样|咋整|如何)|(?:修|弄|办|整|解决|处理|搞)(?:得|的)(?:怎么样|如何|怎样)|(?:那个?|这个?|上回|上次|前天|昨天|前几天|之前)[^,。;!?]{0,4}(?:事|事儿|问题|活儿?)[^,。;!?]{0,3}有(?:没有)?(?:信儿?|结果|消息|动静|说法|着落|眉目|下文|回复)|(?:说|提|反映|报|讲|求|托)(?:过)?的[^,。;!?]{0,8}(?:办|修|处理|弄|解决)(?:好|完|妥)?了?(?:没|吗)|的(?:事|事儿|事情|问题)[^,。;!?]{0,3}有(?:信|结果|消息|动静|说法|着落|眉目|下文|回复)|怎么还(?:没|不)(?:来|有?人|修|处理|派|解决)|处理(?:得|的)怎么样|办(?:完|好)了?没|师傅[^。;!]{0,10}(?:几点|什么时候)(?:能)?(?:到|来)|^(?:查|看|问)?(?:一?下)?(?:办理|处理)?(?:进度|进展)|(?:什么时候|几点|多会儿)(?:能)?(?:来(?:人)?修|派人来|上门)|有(?:结果|回音|进展)了(?:吗|没)/
const OWN_CASE = /我(?!国|省|市)|俺|咱|报修|工单|单号|报的|反映的|投诉|单子|师傅|催|你们/

const HANDOFF =
  /(?:转|接|换|找|叫|要|联系|有)(?:个|一个|位|一位|一下|到|下|给)?(?:真|活|大活)?(?:人工|真人|活人|人工客服|人工服务)|(?:人工|真人)(?:服务|客服|坐席|接听)?(?:在吗|在不在|在么|有吗|有没有|呢)?[?!。]*$|^接线员|^客服|(?:想|要|需要|帮我|给我|能不能|可以|可不可以|请|直接|让我|叫|我找)[^,。;!?]{0,4}(?:找|联系|转(?:给|到|接)?|接(?:通)?|换|叫|见|跟|和|同|让)(?:个|一个|位|一位|一下|下|你们|社区|居委会|的|真|到)*(?:人|工作人员|客服|领导|主任|书记|负责人|社工|网格员|网格长|管事的|值班(?:的|人员)?|居委会的人|社区的人|干部|同志)(?!来(?:修|打扫|帮)|帮|修|打扫|照|陪|上门|做|搬|收|清|换|开锁|通|疏|给我(?:修|换|送|买|打))(?:[^,。;!?]{0,8}(?:说|聊|谈|讲|问|沟通|解决|处理|回|打|接|反映|(?:过)?来(?![^,。]{0,2}(?:陪|修|帮|打扫|照|做|教|收|搬|接|送))|对话|当面)|[,。;!?吧啊呀行吗好]|$)|(?:跟|和|同|与)(?:真|活)?(?:人|工作人员|你们的人|社区的人|你们领导|主任|书记)(?:说|聊|谈|讲|对话|沟通|通话|当面)|(?:不|别|懒得)(?:想|要|跟|和|用|愿意)*(?:跟|和|同)?(?:你这|这个?)?机器(?:人)?(?:说|聊|讲|回|了|对话)|(?:机器人|你)(?:听不懂|不懂|说不清|解决不了|没用)[^,。]{0,4}[,。]?[^,。]{0,6}(?:找|换|叫|转)(?:个)?人|给我(?:打|来|回)(?:个|一个)?(?:电话|话)|(?:转接|转到|接通|呼叫)(?:一?下|到)?(?:社区|居委会)?(?:的)?(?:人工|客服|工作人员)|机器人[^,。]{0,4}(?:说不|听不|不懂|不明白|不会|不行)|(?:跟|和|同)(?:社区|居委会|你们)(?:的)?人(?:通|打)(?:个)?电话|(?:请|让|叫)(?:社区|居委会|你们)?(?:的)?(?:人|工作人员|负责人|领导|主任|网格员)(?:尽快|赶紧|直接|来)?(?:联系|回复|打给|找)(?:一下)?我|找(?:网格员|社工|书记|主任|领导|负责人)(?:跟|和|同|给)我|(?:让|叫|请)(?:你们)?(?:工作人员|社区|居委会|领导|主任|负责人|人)[^,。]{0,4}(?:给我)?(?:回|打)(?:个|我)?(?:电话|话)|(?:^|[,。])(?:找|叫|喊)(?:个|你们)?(?:人|工作人员|领导|主任|书记|负责人|管事的)(?:来|出来|说话|说|跟我说|接)?[!。,?]*$|(?:叫|让|请|喊)(?![你您])(?:[老小]?[\u4e00-\u9fff]{1,3})来?(?:跟|和|同)我(?:说|谈|讲|聊|联系)|找(?:个)?人(?:跟|和|同)我(?:说|聊|讲|谈)/

const ANNOUNCE =
  /^[,\s]*(?:请|麻烦|帮我|帮忙|我要|我想|现在|紧急|给我|快)*(?:给|向|在|往)?(?:大家|居民们?|全体居民|所有人|业主们?|志愿者们?|全小区|群里|各群|各楼|全社区|住户们?|全体业主|全体志愿者)?[^,。;!?]{0,6}?(?:发布?|推送|群发|下发|发送|拟|起草|播报|广播|贴)(?:一)?(?:下|个|条|则|份|篇)?(?:关于)?[^,。;!?:]{0,14}(?:公告|通知|通告|启事|消息|提醒|广播)(?![^,。]{0,6}(?:吗|没|了没|在哪|哪里|怎么看))|^[,\s]*(?:请|麻烦|帮我|帮忙|我要|赶紧|马上|现在)*(?:通知|告知|提醒|转告|告诉|广播)(?:一下|下)?(?:大家|全体|各位|所有|居民|业主|住户|全小区|全社区|全村|群里|志愿者|各楼|各户|\d|[一二三四五六七八九十]+(?:号楼|栋))|^(?:请)?(?:大家|各位[^,。]{0,6}|居民们?|邻居们)(?:请)?注意(?:啦|了|一下)?[,:!]|^(?:请|帮我|麻烦)*(?:发布|群发|广播|转发|推送)(?:一下|给大家)?\s*[:]|^(?:请|帮我|麻烦)*群发(?:一下|给大家|一条)?[,\s]|^[,\s]*(?:公告|通知|通告|紧急通知|重要通知|温馨提示)\s*[:]|^[,\s]*各位(?:居民|业主|邻居|住户)[^?]{10,}/

const CANCEL =
  /(?:取消|撤销|撤回|撤掉|撤了|作废|退掉|退出|注销(?=我|掉?志愿)|停掉|不要)(?:掉|了)?(?:我|一下)?(?:的|刚才|刚刚|昨天|今天|上午|下午|之前|前面|上次|那个|这个|那|提交|报|约)*(?:的)?[^,。;!?]{0,8}(?:报修|报名|申请|登记|预约|工单|单子|请求|投诉|订单|求助|志愿者资格|上门)(?!费)|(?:不用|不需要|不必|别|甭|无需|用不着)(?:再)?(?:麻烦|派人|派师傅|派|叫人|安排)?(?:你们|师傅|人)?(?:来|过来|上门|修|处理|派人|麻烦|帮忙|弄|跑|管|登记|联系|安排|办)*了|(?:自己|已经|都)(?:修|弄|解决|处理|通|搞|找人修)(?:好|完|通|定)了[^?]{0,10}(?:不用|取消|别|撤|算了)|(?:我)?不(?:想|要|愿意)(?:再)?(?:当|做)(?:志愿者|义工)|(?:我)?不(?:想)?(?:报名|当志愿者|做志愿者|参加|报修|申请|办|报|要)了[,。!~\s]*|^(?:那)?(?:就)?算了|^(?:我)?(?:先|暂时)?不(?:弄|修|办|报|填|用|要)了[,。!]|(?:报修|报的(?:修|那个|那单)?|报名|申请|预约|工单|单子|投诉)[^,。;!?]{0,4}(?:取消|撤|退|作废)(?!费|原因|规定)|^[^?费摊税]{0,10}取消(?:吧|了|掉)?[。!]*$|(?:^|[,。!])(?:请)?(?:取消|不用|算|不报|不修|不办)(?:了)?吧?[,。!]*$/

/** The intent that a command stands for; undefined when it only makes sense in a form or on one's own data. */
export function intentOfCommand(command: Command): Intent | undefined {
  switch (command.type) {
    case 'cancel':
    case 'withdraw_consent':
      return 'cancel'
    case 'human':
    case 'pass_on':
      return 'human_handoff'
    case 'status':
      return 'request_status'
    case 'rate':
      return 'rate_feedback'
    case 'announce':
      return 'announcement_admin'
    // "以后别给我发通知了" announces nothing.
    case 'subscribe':
    case 'unsubscribe':
      return 'other'
    case 'start_service':
      return 'service_request'
    case 'start_volunteer':
      return 'volunteer_signup'
    case 'help':
    case 'acknowledge':
    case 'agree':
      return 'smalltalk'
    default:
      return undefined
  }
}

const NOT_SIGNING_UP = /(?:不|没|别)(?:想|要|愿意|能|打算)?(?:再)?(?:当|做|报名|参加|加入)[^,。]{0,4}(?:志愿者|义工|了)/

function isSignUp(plain: string): boolean {
  if (!SIGN_UP.test(plain) || NOT_SIGNING_UP.test(plain)) return false
  const withoutName = plain.replace(/(?:叫|姓名|电话|手机).*$/, '')
  if (WANTS_VOLUNTEER.test(plain) && !/我(?:也)?(?:想|要|愿意|来)(?:报名)?(?:当|做|成为|加入|参加)|报名/.test(plain)) return false
  if (isQuestion(withoutName) && VOLUNTEER_QUESTION.test(withoutName) && !ASKS_HOW_TO_JOIN.test(withoutName)) return false
  // "当志愿者有什么条件" asks; "我想当志愿者，有什么条件吗" wishes.
  if (isQuestion(withoutName) && VOLUNTEER_QUESTION.test(withoutName) && !/(?:我|本人|孩子|孙子|孙女)[^,。]{0,6}(?:想|要|愿意|打算|希望|报名)|(?:怎么|如何|在哪|去哪|哪里)[^,。]{0,4}(?:报名|加入|参加|登记|注册)/.test(withoutName)) return false
  return !/^(?:为什么|志愿者(?:的|们)|社区志愿者)[^,。]{0,20}(?:多少|比例|占)/.test(plain)
}

/** "报修：" before the matter names what is done now, not what was done before. */
const HEADING = /^(?:我(?:要|想|来)?)?(?:报修|报事|上报|求助|投诉|反映(?:一下|个)?(?:问题|情况)?)[:,\s]+(?=.{2})/

function asksForProgress(plain: string): boolean {
  const headed = plain.replace(HEADING, '')
  const matter = tellsProblem(headed) ? headed : plain
  return (PROGRESS.test(matter) && OWN_CASE.test(plain)) || PROGRESS_OF_OWN.test(matter)
}

const isStatusQuestion = (plain: string, text: string): boolean =>
  findRequestNumber(text) !== undefined || (asksForProgress(plain) && !/(?:能|可以|该|要)[^,。]{0,3}(?:投诉|反映|举报)到哪|人才|公积金|社保|护照|签证|快递|口罩|户口|居住证|驾驶证/.test(plain))

function isServiceRequest(plain: string, evidence: Evidence): boolean {
  const asks = isQuestion(plain)
  const problem = tellsProblem(plain)
  if (asks) return asksSomebodyToAct(plain) || complainsByQuestion(plain, evidence) || tellsTroubleThenAsks(plain, evidence.hasCategory) || (evidence.hasCategory && tellsThenAsks(plain)) || (reports(plain) && !/怎么|如何|哪|找谁|电话|多长时间|多久|几天|吗[?]?$/.test(plain)) || (evidence.hasAddress && problem && !/政策|规定|标准|收费|谁出钱|怎么赔/.test(plain))
  if (/^(?:我)?(?:想|要)?(?:请问|咨询|问一?下|了解|查询|打听)/.test(plain) && !problem) return false
  if (problem || makesRequest(plain) || tellsMalfeasance(plain)) return true
  if (tellsOfHome(plain) && !asksForInformation(plain)) return true
  if (applies(plain) && evidence.hasCategory) return true
  if (evidence.hasCategory && /了|着|没|不(?!动产)|到处|太|又|总|老是|都/.test(plain) && !asksForInformation(plain)) return true
  return evidence.hasCategory && (evidence.hasAddress || evidence.hasPhone || (isPersonal(plain) && !asksForInformation(plain)))
}

/** "喂，是社区吗", "你好在吗" before the matter asks nothing about it. */
const SALUTATION = /^(?:喂+|你好|您好|哎|请问|[,。!?\s])*(?:你们?)?(?:这|这里|这儿)?是?(?:社区|居委会|村委会|物业|服务站|服务中心|客服|有人在?|在)(?:吗|么|吧|不)[,。!?\s啊呀]*(?=.{4})/

const withoutSalutation = (plain: string): string => plain.replace(SALUTATION, '')

/**
 * What a message wants, by its words alone.
 * @param text as typed
 * @param said the same by `plain`
 */
export function findIntent(text: string, said: string, evidence: Evidence): Intent {
  const plain = withoutSalutation(said)
  const blank = isBlank(text)
  if (blank !== undefined) return blank === 'emoji' ? 'smalltalk' : 'other'
  if (isEmergency(plain)) return 'emergency'
  const command = findCommand(text)
  const commanded = command === undefined ? undefined : intentOfCommand(command)
  if (commanded !== undefined) return commanded
  if (ANNOUNCE.test(plain) && !isQuestion(plain.slice(0, 20))) return 'announcement_admin'
  if (HANDOFF.test(plain) && plain.length <= 60 && !/电话(?:是)?多少|怎么(?:联系|找)|几点|是谁|说说话|聊聊天|聊天|解闷|谈心|倾诉|疏解|开导|唠/.test(plain)) return 'human_handoff'
  if (CANCEL.test(plain) && plain.length <= 60 && !/(?:能不能|可不可以|可以|为什么|怎么|是否|吗)[^,。]{0,6}(?:取消|退)(?!我|报修|报名)/.test(plain)) return 'cancel'
  if (isStatusQuestion(plain, text)) return 'request_status'
  if (isSignUp(plain) || (/^志愿者(?:报名)?[,:\s]/.test(plain) && evidence.hasName)) return 'volunteer_signup'
  if (isRating(plain)) return 'rate_feedback'
  if (isSmalltalk(plain)) return 'smalltalk'
  if (isOffDomain(plain) && !tellsProblem(plain) && !evidence.hasAddress && !evidence.hasCategory) return 'other'
  if (isServiceRequest(plain, evidence)) return 'service_request'
  if (isQuestion(plain) || asksForInformation(plain)) return 'ask_policy'
  return TOPICS.test(plain) && plain.length >= 3 ? 'ask_policy' : 'other'
}

const WORK_PRAISED =
  /(?:修|弄|办|来|通|换|扫)了?(?:也|就)?(?:跟|和|等于|像)没(?:修|弄|办|来|通|换|扫)|差评|好评|(?:手艺|技术|水平)(?:真|很|太|也|还)?(?:好|不错|行|差|不行|一般)|(?:修|弄|处理|解决|办|打扫|清理|干|做|服务|来)(?:得|的)(?:很|真|非常|特别|挺|太|比较|不|还|又|也|都)*(?:不错|好(?!了没)|快|及时|干净|仔细|认真|专业|利索|麻利|漂亮|到位|满意|慢|差|马虎|敷衍|糊弄|行|一般|周到|彻底)|(?:师傅|工作人员|志愿者|小伙子?|大姐|阿姨|你们|社区|社工|网格员|维修工)[^,。;!?]{0,8}(?:很|真|非常|特别|挺|太|态度|服务|不错|靠谱)(?:[^,。;!?]{0,4})(?:好|热情|耐心|认真|负责|专业|细心|周到|不错|棒|给力|及时|快|慢|差|恶劣|敷衍|满意|靠谱|辛苦|$)|(?:服务|态度|效率|速度)(?:也|还|都|很|真|非常|特别|挺|太|一流|超级?)*(?:好|棒|差|快|慢|高|低|不错|一般|满意|到位|热情|恶劣)|(?:这次|上次|今天|昨天)?[^,。;!?]{0,8}(?:非常|很|十分|特别|不太|不|挺|比较|太)满意|(?:谢谢|感谢|多谢)[^。!?]{0,14}(?:修好|解决了|处理好|办好|帮我[^,。]{0,4}(?:修|解决|处理))|(?:问题|事情|事|灯|水|电梯|暖气)?(?:已经|都|给)?(?:解决|修好|处理好|弄好|办好)了[,。!]*(?:谢谢|感谢|多谢|辛苦|满意)|^(?:还是?|根本|并)?没(?:有)?(?:修好|解决|弄好|处理好)|给(?:个|你们|师傅|他们)?(?:好评|差评|满分|点赞|个赞)|表扬|点个?赞|锦旗/

/** A rating in more words than a command has; complaints about standing services (the property company) are reports. */
function isRating(plain: string): boolean {
  if (plain.length > 80 || isQuestion(plain) || /^我?(?:要|想)?(?:投诉|举报)/.test(plain)) return false
  if (/物业(?!的?师傅)|邻居|医院|学校|公司|县|市[^,。]{0,6}局/.test(plain) && !/[1-5一二三四五]\s*(?:分|星)|好评|差评|评价/.test(plain)) return false
  return WORK_PRAISED.test(plain) && (/服务|态度|师傅|满意/.test(plain) || !/又(?:坏|漏|堵)|还(?:在|是)(?:漏|坏|堵)|没人(?:管|来|修)/.test(plain))
}
