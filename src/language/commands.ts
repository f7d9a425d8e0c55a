import { withoutMention } from './clean.ts'
import { readCorrection } from './corrections.ts'
import type { Correction } from './corrections.ts'
import { normalize, plain } from './normalize.ts'
import { parseNumber } from './values/numbers.ts'
import { readPhrase } from './phrases.ts'
import { readRating } from './ratings.ts'

/** Commands that carry nothing with them. */
export type PlainCommand =
  | 'agree' | 'refuse' | 'confirm' | 'cancel' | 'back' | 'restart' | 'skip'
  | 'my_data' | 'delete_data' | 'withdraw_consent' | 'subscribe' | 'unsubscribe'
  | 'human' | 'pass_on' | 'details' | 'help' | 'acknowledge' | 'start_service' | 'start_volunteer'
  | 'leave_volunteers' | 'update_volunteer'

/** What a resident tells the assistant to do, in few words. */
export type Command =
  | { type: PlainCommand }
  | Correction
  /** `number` is the request's own, when it was said. */
  | { type: 'status'; number?: string }
  | { type: 'bind'; code: string }
  /** `text` is '' when only 发公告 was said. */
  | { type: 'announce'; text: string }
  /** `score` 1..5; absent when none was given ("我要评价"). */
  | { type: 'rate'; score?: number; comment?: string }

/** Longest text, in UTF-16 units, that is taken as a command; longer ones are sentences. */
const LONGEST_COMMAND = 24

const PLAIN: [PlainCommand, RegExp][] = [
  ['leave_volunteers', /^(?:我?(?:要|想)?)(?:退出|注销|不(?:想|愿意)?(?:再)?(?:当|做|干)|取消)(?:志愿者|义工|志愿服务|志愿队)(?:队伍|的?登记|的?资格)?了?$|^(?:志愿者|义工)(?:我)?(?:就)?不(?:想|愿意)?(?:再)?(?:当|做|干)了$/],
  ['update_volunteer', /^(?:我?(?:要|想)?)(?:更新|修改|更改|改|变更)(?:一下)?(?:我的)?(?:志愿者?(?:的)?)?(?:资料|信息|登记信息)$/],
  ['withdraw_consent', /^(?:撤回|撤销|收回|取消)(?:我的)?(?:同意|授权|许可)|^(?:我)?(?:不再同意|不同意了)$/],
  ['delete_data', /^(?:删除|删掉|清除|清空|抹掉|注销)(?:我的?|本人)?(?:所有|全部)?(?:个人)?(?:数据|信息|资料|记录|账号|帐号)$|^把?我的(?:所有|全部)?(?:个人)?(?:数据|信息|资料|记录)(?:都|全)?(?:删除|删掉|删了|清除)(?:掉|了)?$/],
  ['my_data', /^(?:查看?|看看?|导出|下载|显示)?(?:一下)?我的(?:个人)?(?:数据|信息|资料|档案)$|^你们?(?:都)?(?:存|留|记)了我(?:哪些|什么)(?:数据|信息|资料)$/],
  ['unsubscribe', /^(?:退订|td|取消订阅|不再?订阅|退订(?:公告|通知|消息))$|^(?:以后|今后|往后)?(?:你们)?(?:请)?(?:都)?(?:别|不要|不用|甭)(?:再)?(?:老|总|天天)?给我(?:发|推送?)(?:这些|那些|什么|啥)?(?:公告|通知|消息)(?:了)?$|^(?:以后|今后|往后)?我?(?:也)?(?:不想|不再|不要|不愿意)(?:再)?(?:接收|收到|收)(?:你们的?|这些|社区的?)?(?:公告|通知|消息)(?:了)?$/],
  ['subscribe', /^(?:我?要|我?想)?(?:订阅|接收|开通)(?:公告|通知|消息|社区通知|社区公告)?$/],
  ['pass_on', /^(?:帮我|请|麻烦)?(?:转给|转交给?|转告|转达给?|交给|报给)(?:社区)?(?:的)?(?:工作人员|社区|居委会|领导|他们|人)$|^(?:帮我)?(?:转交|转一下|问问工作人员|问一下工作人员)$|^要?转给工作人员/],
  ['human', /^(?:我?要|我?想|帮我|请|给我|直接)?(?:转|找|接|换|叫|切换?到?)?(?:一下)?(?:人工|真人|人工服务|人工客服|客服|人工坐席)(?:服务|客服)?$|^(?:我?要|我?想|帮我|请)?(?:找|联系|转|叫|见)(?:一下)?(?:社区|居委会)?(?:的)?(?:工作人员|值班人员|负责人|客服)$/],
  ['details', /^(?:看|要|说|讲)?(?:再)?(?:详细|详情|详细(?:点|一点|些|说说|说明|内容|看看)|具体(?:点|一点|些|说说|内容)|展开|全文|看?原文|完整(?:内容|版)?|更多|还有呢|说详细点)$/],
  ['help', /^(?:帮助|菜单|功能|目录|首页|主菜单|使用说明|使用帮助|help|\/help|\/start|怎么用|怎么使用|如何使用|(?:你|这个?)?(?:能|可以|会)(?:干|做|帮我?(?:干|做)?)(?:什么|哪些事?)|你有(?:什么|哪些)功能|你会什么|有什么功能|能办什么事?|能帮(?:我)?什么忙?|你是干什么的|怎么操作)$/],
  ['acknowledge', /^(?:好的?[,\s]*)?(?:已?收到|收到了|已阅|知道了|已知晓|明白了?|晓得了|了解了?|看到了|收悉)$/],
  ['restart', /^(?:重来|重新来(?:过|一次|一遍)?|重新开始|从头(?:来|开始)(?:一遍)?|重填|重新填(?:写)?|再来一遍|清空重来|重置|重新报)$/],
  ['back', /^(?:返回|上一步|上一项|后退|退回|回去|回退|回到上一步|返回上一步|往回|上一个|上一题|退一步|back)$/],
  ['cancel', /^(?:我?(?:要|想|先)?(?:取消|撤销|退出|结束|停止|作废)(?:掉|一下)?(?:我的|这个|这次|刚才的|刚刚的|之前的|那个)?(?:报修|报名|申请|登记|预约|工单|单子|请求|流程|订单|填写|办理|服务|志愿者报名|报的修)?(?:吧|了)?)$|^(?:那?(?:就|还是)?(?:先)?算[了啦喽](?:吧)?|拉倒(?:吧)?|不用了?(?:吧)?|不必了|不需要了|不要了|我?不(?:想)?(?:报|办|弄|修|填|搞|做|问|申请|登记|参加|整|说)(?:名|修|理)?了(?:吧)?|先?不(?:报|办|修|填)(?:名|修)?(?:了)?(?:吧)?|别(?:报|办|弄|修|登记)(?:名|修|记)?了|(?:我)?不当(?:志愿者)?了|改天再说|以后再说|我?反悔了|下次再说|停|退出|不来了|cancel|\/cancel)$/],
  ['refuse', /^(?:我?(?:不同意|不同意授权|不可以|不行|不愿意|不接受|不允许|不授权|不肯|不想给|不给|不好|拒绝|反对|不答应|不乐意)|no|不|不是|不对|不要|不确认|否)$/],
  ['skip', /^(?:跳过|略过?|没有?|没有了|没了|无|暂无|暂时没有?|不知道|不清楚|不晓得|不记得|记不得了?|忘了|不填|不说|不想说|不想填|不方便(?:说|填|提供)?|没啥|没有什么|没什么|都没有|什么都没有|没(?:有)?(?:什么|什么大)?(?:特长|本事|手艺|技能)|下一步|下一项|下一个|不详|保密|空着|以后再填|没要求|没有要求|随便|都行|skip|pass|n\/?a)$/],
  ['confirm', /^(?:我?确认(?:提交|无误|了)?|确定(?:提交|了)?|提交(?:吧)?|对|对的|对对|对对对|没错|没有错|没问题|正确|无误|是|是的|是是|就这样|就这么(?:办|报|定)|信息(?:正确|无误|没错)|都对|都没错|全对|可以提交|发送|报上去|报吧|办吧|yes|y|准确|恩对|嗯对)$/],
  ['agree', /^(?:我?(?:同意|愿意|答应|接受|允许|授权|乐意)(?:授权|使用|的|了)?|好|好的?|好好|好好好|行|行行|行的|可以|可以的?|成|中|得|嗯|嗯嗯|恩|恩恩|哦|ok|okay|okk|没意见|当然(?:可以)?|继续|开始|没事|妥|妥了|必须的|要得|得嘞|好嘞|好滴|好吧|知道了同意)$/],
  ['start_volunteer', /^(?:我?(?:也)?(?:想|要|来|愿意|申请|报名|想要|希望|打算)?(?:报名)?(?:当|做|参加|成为|加入|报名|申请|登记|注册|干)(?:个|一名|社区)?(?:志愿者|义工|志愿服务|志愿者报名|志愿活动|志愿队)|志愿者(?:报名|登记|注册|申请)|(?:我?要|我?想)?报名(?:志愿者|义工|做好事)?|义工报名)$/],
  ['start_service', /^(?:我?(?:要|想|来|需要)?(?:报修|办事|报事|求助|反映问题|反映(?:个|一个)(?:问题|事|情况)|报个修|报一下修|投诉|提交(?:工单|报修|诉求)|申请服务|找人帮忙|找人干活|登记(?:报修|问题)|报修登记|在线报修|上报问题|帮忙|找人修)|(?:我)?有(?:个|点)?(?:事|问题)(?:要|想)(?:反映|报|找你们))$/],
]

const REQUEST_NUMBER = /(?:sr|vl)[-\s]?(\d{8})[-\s]?(\d{1,6})/i

/** The request number in a text, as it is written in full (`SR-20261123-0007`); undefined when there is none. */
export function findRequestNumber(text: string): string | undefined {
  const match = /(?<![a-z])sr[-—–\s]?(\d{8})[-—–\s]?(\d{1,6})(?!\d)/i.exec(normalize(text))
  return match?.[1] !== undefined && match[2] !== undefined ? `SR-${match[1]}-${match[2].padStart(4, '0')}` : undefined
}

const STATUS =
  /^(?:我?(?:要|想)?(?:帮我)?(?:再)?(?:查|查询|查看|看|看看|问|催|查一下|查下|看一下|问一下|查查|催一下|催催)?(?:我的|一下|下|我)*(?:办理|处理|报修|工单|申请|受理|投诉|办事|诉求|求助)?(?:的)?(?:进度|进展|状态|办理情况|处理情况|工单|报修|单子|报修单|工单状态)(?:查询|怎么样|怎样|如何|到哪|到哪里|到哪一步)?|催单|催办|查单)(?:了)?$/

function readStatus(core: string, text: string): Command | undefined {
  const number = findRequestNumber(text)
  if (number !== undefined && core.replace(REQUEST_NUMBER, '').length <= 14 && !/取消|撤销|不用|分|满意|评价|绑定/.test(core)) return { type: 'status', number }
  return STATUS.test(core) && /查|看|问|催|进[度展]|到哪|怎么样|情况|我的/.test(core) ? { type: 'status' } : undefined
}

function readBind(text: string): Command | undefined {
  const code = /^[\s/]*(?:绑定|綁定|bind)\s*[:：]?\s*([a-z0-9][a-z0-9-]{3,63})\s*$/i.exec(text.normalize('NFKC'))?.[1]
  return code === undefined ? undefined : { type: 'bind', code }
}

const ANNOUNCE =
  /^[\s/]*(?:请|麻烦|帮我|帮忙|我要|我想|现在)?(?:给大家|给居民|向居民|给全体居民|给业主|在群里)?(?:发布?|推送|群发|发个|发一[条个则份]|发条)(?:一下)?(?:紧急|社区|停[水电]|重要)?(?:公告|通知|通告|启事)(?:给(?:大家|居民|全体居民|所有人|业主))?\s*(?:[:：,，。\n\s]+|$)([\s\S]*)$/

function readAnnounce(text: string): Command | undefined {
  const match = ANNOUNCE.exec(normalize(text))
  if (match === null) return undefined
  const rest = match[1] ?? ''
  return { type: 'announce', text: rest === '' ? '' : text.slice(text.length - rest.length).trim() }
}

/** The words of a short text without greetings before, and particles, thanks and marks after. */
function coreOf(text: string): string {
  const marks = /^[\s,.。!?:;~…·"'“”、/-]+|[\s,.。!?:;~…·"'“”、]+$/g
  let core = plain(text).replace(marks, '')
  for (let before = ''; before !== core && core.length > 1; ) {
    before = core
    core = core.replace(/^(?:你好|您好|请问|请|麻烦|那个|那就|那|嗯|哦|呃|就|谢谢|亲)[,\s]*(?=.{2})/, '').replace(/(?<=.{2})(?:谢谢(?:你|您|了)?|吧|啊|呀|啦|哈|哦|噢|呗|呢|嘛|麻烦了)$/, '').replace(marks, '')
  }
  return core
}

/**
 * The command that a message is, undefined when it is a sentence. A long sentence that only contains such a word is none
 * ("能不能取消物业费").
 */
export function findCommand(message: string): Command | undefined {
  const text = withoutMention(message)
  const special = readBind(text) ?? readAnnounce(text)
  if (special !== undefined) return special
  if (text.length > 400) return undefined
  const core = coreOf(text)
  if (core.length <= 60) {
    const correction = readCorrection(text)
    if (correction !== undefined) return correction
  }
  const rating = readRating(core.replace(REQUEST_NUMBER, '').replace(/^[\s,:的]+/, ''))
  if (rating !== undefined) return { type: 'rate', ...rating }
  const status = readStatus(core, text)
  if (status !== undefined) return status
  if (core.length > LONGEST_COMMAND) return undefined
  const found = PLAIN.find(([, pattern]) => pattern.test(core))
  if (found !== undefined) return { type: found[0] }
  const phrase = readPhrase(core) ?? readPhrase(plain(text).replace(/^[\s,.。!~…]+|[\s,.。!~…]+$/g, ''))
  if (phrase !== undefined) return { type: phrase }
  const digit = /^[1-5]$/.test(core) ? parseNumber(core) : undefined
  return digit === undefined ? undefined : { type: 'rate', score: digit }
}
