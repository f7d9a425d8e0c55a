import { normalize } from '../../normalize.ts'
import type { VisitTopic } from '../../../domain/messages/moves.ts'

const LONGEST_READ = 300
const WORDS: readonly [VisitTopic, RegExp][] = [
  ['record', /(?:[留登记写填报约存]|登记|记录)(?:下|着|上|了|过)?的.{0,6}(?:电话|手机|号|名|地址|门牌|哪|谁|几|啥|什么)|(?:电话|手机号?|号码?|姓?名字?|地址|门牌号?).{0,4}(?:[登记写填留][对错没]|对不对|是不是)|编号(?:是?多少|再|给我)/],
  ['fee', /钱|费|免费|多少块|谁出|贵不贵|掏/],
  ['home', /在家|家里?(?:没|留|有)人|没人在?家|不在行|钥匙|等着吗/],
  ['bring', /带什么|带啥|要带|准备|材料|证件|用不用带/],
  ['who', /谁来|谁[管办]|归[谁哪]|哪个管|谁负责|谁手[上里]|派谁|哪个?师傅|师傅(?:姓|叫|电话|手机)|姓什么|姓啥|怎么联系|联系谁|哪位/],
  ['when', /几点|几号|啥时|什么时候|何时|多会儿?|多[久长]|哪天|今天|明天|后天|周|星期|礼拜|上午|下午|晚上|头晌|下晌|还来|快了吗|几[天日]|多少天|工作日|时限|啥点|打个?电话|提前|通知/],
]

/** What somebody asks of a visit: the topics that it names, in this order; [] when it names none. */
export function readVisitTopics(text: string): VisitTopic[] {
  const plain = normalize(text.slice(0, LONGEST_READ))
  return WORDS.filter(([, words]) => words.test(plain)).map(([topic]) => topic)
}
