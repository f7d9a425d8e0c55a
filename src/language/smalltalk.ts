import { isQuestion, TOPICS } from './questions.ts'
import { makesRequest, tellsProblem } from './reports.ts'

const GREETING =
  /^(?:(?:你|您|你们|大家|各位|亲|朋友|助手|小助手|邻里|邻居|小爱|机器人|老师|师傅)?(?:们)?(?:早上|上午|中午|下午|晚上|早|晚)?(?:好|安|早)(?:啊|呀|哦|喔|哈|啦|嘛|嗎|吗|嘢)?|(?:早上|中午|下午|晚上|新年|节日|周末|春节|中秋|国庆)(?:好|快乐|愉快)|新年好|过年好|恭喜发财|嗨+|嘿+|哈[喽啰罗]|hi+|hello|hey|喂+|在吗?|在不在|在么|在嘛|有人(?:在)?吗|有人不|吃了(?:吗|没)|吃饭了(?:吗|没)|睡了吗|早啊|晚安|哈+|呵+|嘿嘿+|嘻+|么么哒|好久不见|幸会|欢迎)(?:[,。!?~\s]|啊|呀|哦|哈|朋友|助手|小助手|邻里|你|您|大家|各位|邻居们?|小爱|机器人|老师|飞飞)*$/
const THANKS = /^(?:非常|太|真的?|好的?|行|嗯|那|哦)?[,\s]*(?:谢谢|多谢|感谢|谢了|谢啦|谢过|谢|辛苦了?|麻烦(?:你|您)了|3q|thank|thanks|thx|唔该|不该|有劳|费心|受累)/
const BYE = /^(?:那|好的?|嗯|行)?[,\s]*(?:再见|拜拜|拜|回见|回头见|回头聊|下次聊|改天聊|明天见|先这样|就这样吧?|我走了|我要走了|我先走|我下了|我去睡|去睡觉|睡觉了|88|886|bye)/
const ABOUT_BOT =
  /(?:^|[,。!?\s])(?:请问|那|哎|唉|嘿|喂|话说|所以|其实|我问)?[,]?(?:你|您)(?:到底|究竟|真的?|今天|现在|平时|都|也|还|又|这么|那么|好|太|很|真是|就|不|可|咋|怎么|为什么|为何|刚才|最近|一直)*(?:是(?!不是(?:要|得))|叫|姓|多大|几岁|会(?!不会(?:有|给|来|修))|能(?:不能)?(?:和|跟|陪|听|看|说|唱|讲|干|做)|喜欢|爱|讨厌|有(?:没有)?(?:男|女|爸|妈|老婆|家|名|感情|朋友|对象|孩子)|觉得|认为|知道我|认识|住|吃|家|妈|爸|老板|主人|男|女|在(?:哪|干|做|忙|吗|不)|困|累|饿|聪明|笨|傻|蠢|可爱|漂亮|帅|丑|坏|棒|厉害|能干|没用|有用|烦|疯|逗|幽默|搞笑|人真|真好|真棒|好棒|好厉害|好笨|好|行不行啊|懂|听得懂|明白我|学|生气|高兴|开心|无聊|忙|睡|醒|回来|走|等|干|做什么|为什么|怎么了|怎么样|咋样)/
const FEELING =
  /^(?:我|今天|今儿个?|天气|真|好|有点|感觉|觉得|很|太|最近|现在|今天心情|心情|我觉得|我感觉|唉|哎|啊|天)*(?:好|很|真|太|有点|非常|特别|挺)?(?:开心|高兴|快乐|无聊|累|困|饿|难过|伤心|郁闷|烦|生气|孤独|寂寞|想哭|失恋|不开心|不高兴|尴尬|无语|爱你|喜欢你|想你|恨你|讨厌你|兴奋|幸福|悲伤|热|冷)(?:了|啊|呀|哦|的|吧|啦|极了|死了)*[。!~\s]*$/
const CHAT = /^(?:跟|和|陪|同)我(?:聊|说|唠|玩)|(?:聊聊天?|聊天吧|聊会儿?天?|说说话|唠嗑|唠唠|陪聊)(?:吧|呗|嘛|啊|好吗|行吗)?[?。!\s]*$|今天天气(?:真|不错|好|很好)|(?:真|太|好)(?:好笑|有意思|有趣|逗|搞笑|厉害|棒|牛|聪明)|(?:你)?(?:真|太|好)(?:棒|聪明|厉害|能干|贴心|懂事|乖|笨|蠢|傻|没用|烦人|讨厌)|^(?:哈|呵|嘿|嘻|呜|额|呃|嗯|哦|噢|喔|唉|哎|啊|哇|切|哼|靠|6|233|hhh|www)+[。!~.\s]*$|开玩笑|别担心|没关系|不客气|不用谢|不谢|别客气|对不起|抱歉|不好意思[。!]*$|笨蛋|傻瓜|傻子|白痴|神经病|^滚(?:开|蛋)?[。!]*$|闭嘴|讨厌[。!]*$|我(?:回来|来|睡|走|去睡|下线|上班|吃饭)了[。!~]*$|生日快乐|么么|拥抱|抱抱|亲亲/
// Said to the assistant itself, about nothing else: short, with 你 and no matter of the community.
const TO_YOU = /(?:你|您|妳)(?!们|家(?:住|漏|楼)|好[,。!]?.{8})/
/** 你好 before something else says nothing of what that is. */
const HELLO_BEFORE = /^(?:你|您)好(?:啊|呀)?[,。!~\s]+(?=.{2})/
const SHORT_TALK =
  /^(?:没事|好吧|厉害|这样啊|是吗|真的吗?|不会吧|怎么了|什么意思|为什么呢?|然后呢|还有呢?|随便|无所谓|算你狠|等(?:一)?(?:下|等|会)|别急|糟糕|真可惜|可惜|真早|好早|又来了|我在|我又来了|我来了|很高兴.{0,8}|见到你.{0,6}|祝.{1,10}|新年.{0,4}|辛苦.{0,4}|加油|牛|赞|棒|不错哦|有意思|没问题|完全没问题|不要紧|没关系|听不懂|不懂|我不懂|测试(?:一下)?|test|试试|试一下|随便聊聊|随便问问|我叫?.{1,4}来了|告诉我)[啊呀哦哈吧嘛呢。!?~\s]*$/
const COMMUNITY_YOU = /你们|社区|居委|物业|政府|街道|报修|办(?:理|事|证|公)|补贴|低保|志愿|派人|来修|上门|修|工单|投诉|帮我|帮忙|解决|处理|电话|上班|下班|开门|几点|地址|哪儿办|能办|我家|户口|证/

/** What follows 你好 and is no matter either: "我又来了", "有人在吗". */
const isShortTalk = (rest: string): boolean => GREETING.test(rest) || SHORT_TALK.test(rest) || (rest.length <= 8 && !TOPICS.test(rest) && !isQuestion(rest) && !tellsProblem(rest) && !makesRequest(rest))

/** Whether a message (as `plain` gives it) is only talk: greetings, thanks, farewells, about the assistant itself, moods. */
export function isSmalltalk(plain: string): boolean {
  const text = plain.replace(/[\u{1f000}-\u{1faff}\u2600-\u27bf]|\ufe0f/gu, '').trim()
  if (text === '') return plain !== ''
  if (GREETING.test(text)) return true
  const isShort = text.length <= 14
  if (isShort && (THANKS.test(text) || BYE.test(text) || FEELING.test(text)) && !/[?]|怎么办|坏|漏|修不|没人/.test(text)) return true
  if (text.length <= 24 && (THANKS.test(text) || /(?:谢谢|多谢|感谢)(?:你|您|你们|了|啦)?[。!~\s]*$/.test(text)) && !/(?:坏|漏|堵|修|帮|查|问|吗|[?]|多少|怎么)/.test(text)) return true
  if (COMMUNITY_YOU.test(text) || /找(?:个)?人|谁能|有人能|有没有人/.test(text)) return false
  const rest = text.replace(HELLO_BEFORE, '')
  if (rest !== text && isShortTalk(rest)) return true
  if (SHORT_TALK.test(text) || (text.length <= 18 && TO_YOU.test(rest) && !TOPICS.test(text))) return true
  return text.length <= 30 && (ABOUT_BOT.test(rest) || CHAT.test(text) || FEELING.test(text))
}
