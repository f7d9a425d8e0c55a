/** Words with which one calls something off, agrees or confirms, judged clause by clause, so that they may be doubled, combined and given reasons. */

// Verbs of reporting, filling in and coming; 活 and what happens to things (亮, 行, 热) are none.
const DOING = '(?:报名|报修|报|办理|办|弄|整|搞|修理|修|填写|填|做|干|登记|申请|参加|说|写|来人|来|要|用|必|需要|管|麻烦(?:你们?|您)?|派人|派|查|预约|约|折腾|叫人|处理|上门|跑|发|买|送)'
const SUBJECT = '(?:我们?|咱们?|你们?|您|师傅|这个|那个|这次|这事儿?|那事儿?|报修|报名|申请|登记|工单|单子)?'
const ADVERB = '(?:就|还是|也|真|先|今天|暂时|实在|都|可以|可|那)*'
const ENOUGH = '(?:了|啦|喽|咯|嘞|吧)+'
const THING = '(?:我的|这个|这次|(?:刚才|刚刚|之前|昨天|今天|前天|上午|下午|上次)(?:报|提|约)?的|那个|这)?(?:报修|报名|申请|登记|预约|工单|单子|请求|流程|订单|填写|办理|服务|志愿者报名|报的修)?'
const FIXED = '(?:修|弄|整|搞|通|换|解决|处理|找|安|装|办|买|治)(?:好|完|上|通|到|妥|利索|明白)?了'

const CANCELS = [
  `${SUBJECT}${ADVERB}算[了啦喽]吧?`,
  `${SUBJECT}${ADVERB}不(?:想|打算|用|需要|必|要|愿意)?(?:再)?${DOING}${ENOUGH}`,
  `${SUBJECT}${ADVERB}(?:别|甭|不用|不必|用不着|无需)(?:再)?(?:你们|师傅|人|麻烦)?${DOING}${ENOUGH}`,
  `(?:我)?(?:想|要|先)?(?:取消|撤销|撤回|作废|退出|关闭|关掉|停止|结束)(?:掉|一下)?${THING}(?:吧|了)?`,
  '(?:报修|报名|申请|登记|预约|工单|单子)(?:取消|撤了|撤销|作废)(?:吧|了|掉)?',
  `(?:我|我们|咱|咱们)?(?:已经)?自己(?:已经|又|都|就|能|给)?${FIXED}`,
  '(?:我|又|还是)*改(?:变)?(?:主意|想法)了', '我?(?:反悔|后悔|变卦)了', '拉倒吧?', '撤(?:了|单|掉)+吧?', '没事儿?(?:了|啦)', '(?:以后|改天|下次|回头)再(?:说|报|办|弄)吧?',
]
const REASONS = [
  `(?:我|我家|家里)?(?:儿子|女儿|闺女|孩子|老伴|老公|老婆|爱人|邻居|物业|师傅|朋友|灯|水|电|水管|管子|下水道|暖气|门|电梯|东西)?(?:已经|都|又|刚才|刚|自己|给|帮我|帮着|帮忙|现在|找人)*(?:${FIXED}|好了|亮了|来[水电]了|热了|通了|不漏了|不堵了|有人(?:修|管|来)了)`,
  '(?:这)?(?:也)?(?:太|挺|好)?(?:麻烦|费劲|慢|复杂|啰嗦|折腾)(?:了|啦)?', '(?:我)?没(?:时间|空|工夫|功夫)(?:了)?', '先?这样吧?', '就这样吧?', '(?:太)?不好意思', '对不起', '抱歉', '麻烦(?:你们?|您)?了?', '打扰了?', '谢谢(?:你们?|您|啊|了)*', '辛苦(?:你们?)?了?', '(?:不着急|不急)了?', '我?(?:有事|忙)',
]
const CONFIRMS = [
  '我?确[认任](?:提交|无误|了|一下|吧|过了)*', '确定(?:提交|了|吧)*', '提交吧?', '对(?:的|了|着呢|头)?', '没有?错(?:的|了)?', '没毛病', '没(?:有)?问题', '正确', '无误', '是(?:的|这样的?|这样的没错|对的)?', '就?是?这样(?:的)?(?:吧)?', '就这样(?:吧|报|办|了)?', '就这么(?:办|报|定)(?:吧)?',
  '信息(?:正确|无误|没错|都对)', '(?:都|全|内容|写得|写的)*(?:都|全)?对的?', '(?:都|全)没错', '可以提交(?:了)?', '可以了', '发送', '报上去(?:吧)?', '(?:报|办|交|发)吧', '准确', '嗯呐', '恩呐', '中嘞', '(?:👌|👍|✅|🆗)(?:[\\u{1F3FB}-\\u{1F3FF}]|\\uFE0F)?',
]
const AGREES = ['我?(?:也)?(?:同意|愿意|答应|接受|允许|授权|乐意)(?:授权|使用|的|了|吧)*', '我?不介意(?:的)?', '(?:那)?(?:好|行|可以|中|成|妥|要得|得)(?:的|吧|呀|啊|嘞|滴|了)?', '那?(?:你们|你)?(?:就)?(?:拿去)?用吧', '没意见', '当然(?:可以|同意)?', '嗯+|恩+|哦+|噢+', 'ok(?:ay)?']
const HURRY = ['(?:麻烦|请|那)?(?:你们|师傅)?(?:快点|快些|尽快|抓紧|早点|赶紧|赶快|快)(?:来|办|修|处理|派人|点|安排)*(?:吧|啊|呗)?', '麻烦(?:你们?|您)?(?:了|快点)?', '谢谢(?:你们?|您|啊|了)*', '辛苦(?:你们?)?了?']
const OPENINGS = ['哎呀?|唉|嗨|啊|哦|嗯|呃|噢|喂', '行了?|好(?:了|的|吧)?', '那(?:个|就)?', '这样(?:吧)?', '就']
const TAIL = '[吧啊呀啦哈哦呗呢嘛哎]?'
const MARK = '[\\s,.。!;、~…·]*'

const sequence = (kinds: readonly string[][], needed: readonly string[]): RegExp => {
  const others = `(?:(?:${kinds.flat().join('|')})${TAIL}${MARK}){0,5}`
  return new RegExp(`^${others}(?:${needed.join('|')})${TAIL}${MARK}(?:(?:${[...kinds.flat(), ...needed].join('|')})${TAIL}${MARK}){0,5}$`, 'u')
}
const CANCEL = sequence([REASONS, OPENINGS], CANCELS)
const CONFIRM = sequence([AGREES, HURRY], CONFIRMS)
const AGREE = sequence([HURRY], AGREES)
// Consent in so many words, together with the speaker's own particulars.
const AGREE_AND_SAY = /^我?(?:也)?(?:同意|愿意授权|授权|接受)(?:的|了)?[\s,.。!;]+(?:我(?:叫|姓|是|的?电话|的?手机|家|住)|姓名|名字|本人|电话|手机|地址|1[3-9]\d{9})/

const LONGEST = 24
const ASKS = /[?]|[吗么]$|能不能|可不可以|是不是|怎么|为什么|多少/
const PATTERNS = [['cancel', CANCEL], ['confirm', CONFIRM], ['agree', AGREE]] as const

/** What a short text of such words says; undefined when any part of it is something else. `core` is in the form of `plain`. */
export function readPhrase(core: string): 'cancel' | 'confirm' | 'agree' | undefined {
  if (AGREE_AND_SAY.test(core) && !ASKS.test(core)) return 'agree'
  if (core.length > LONGEST || ASKS.test(core)) return undefined
  return PATTERNS.find(([, pattern]) => pattern.test(core))?.[0]
}
