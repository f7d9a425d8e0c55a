import { normalize } from './normalize.ts'

// What neighbours can do for one another, as they say it. Longer forms first within a line; the words found are given as said.
const SKILL = new RegExp(
  [
    '水电(?:维修|安装|工)?|修(?:理)?(?:水电|水管|电路|电器|家电|电脑|手机|自行车|电动车|门锁|锁|鞋|伞|灯|家具|水龙头|车|电视|冰箱|空调|洗衣机|东西)|(?:家电|电器|电脑|手机|管道|房屋|汽车|自行车)(?:维修|修理|组装)|维修|电工|木工|瓦工|瓦匠|木匠|电焊|气焊|焊工|水暖|开锁|换灯泡|疏通下水道|疏通',
    '理发|剪头发?|剪发|美发|推拿|按摩|针灸|艾灸|拔罐|量血压|测血糖|打针|护理|护士|医护|医生|医疗|急救|康复|照顾(?:病人|老人|孩子)|照看(?:老人|孩子|小孩)|看护|看(?:孩子|小孩|娃)|带(?:孩子|小孩|娃)|陪护|陪诊|陪(?:老人)?(?:看病|去医院|就医)|伺候(?:老人|病人)',
    '陪(?:老人|大爷大妈|老年人|孤寡老人)?(?:聊天|聊聊|唠嗑|说话|散步|下棋|读报|看书)|陪聊|陪伴|聊天|唠嗑|心理(?:疏导|咨询|辅导)|调解|做?思想工作|读报|念报纸?|下(?:象|围)?棋',
    '做饭|做菜|炒菜|烧菜|包饺子|厨师|烹饪|面点|送餐|送饭|烘焙|缝(?:补|纫)(?:衣服)?|裁缝|织毛衣|做衣服|做手工|手工|剪纸|编织',
    '开车|接送|驾驶|司机|跑腿|代购|买菜|买药|取快递|送货|搬东西|搬家|搬运|力气活|体力活|干力气活|扛东西',
    '打扫(?:卫生|楼道|屋子|院子)?|保洁|扫雪|清雪|铲雪|扫楼道|捡垃圾|清(?:理)?垃圾|收拾屋子|擦玻璃|家务|做家务|种花|养花|园艺|修剪花草|种树|绿化',
    '教(?:老人|孩子|大家|老年人|小孩|小朋友|人)?(?:用|学|玩|使)?(?:智能)?(?:电脑|手机|英语|数学|语文|书法|画画|唱歌|跳舞|太极拳?|乐器|二胡|钢琴|围棋|象棋|做饭|编程|作业|功课|日语|俄语)|辅导(?:孩子|小孩|学生|小朋友|中小学生)?(?:写)?(?:作业|功课|数学|英语|语文|学习)?|家教|补课|支教|讲课|教书|教学|讲故事|扫地|英语|日语|俄语|韩语|翻译|手语|普通话|数学|语文',
    '(?:弹|拉|吹|打)(?:钢琴|吉他|二胡|笛子|鼓|快板|琴|古筝|手风琴|口琴|腰鼓)|唱歌|跳舞|舞蹈|广场舞|二胡|钢琴|吉他|乐器|书法|写字|写毛笔字|写春联|画画|绘画|美术|摄影|拍照|录像|剪视频|剪辑|拍视频|主持|朗诵|戏曲|唱戏|太极拳?|武术|(?:打)?(?:篮球|乒乓球|羽毛球|排球|门球)|踢足球|打球|体育|健身|瑜伽',
    '法律(?:咨询|援助)?|律师|会计|财务|写材料|写文章|写作(?!业)|宣传|发传单|组织活动|活动策划|策划|电脑|打字|办公软件|编程|网络|直播|设计|海报|新媒体|公众号|维持秩序|巡逻|值班|站岗|治安|防火|消防|救援|防疫|入户走访|走访|文艺|文体|环保|垃圾分类|敬老|助残|助老|扶贫|助学',
  ].join('|'),
  'g',
)

const NEGATED = /(?:不会|不太会|不能|不懂|不擅长|没学过|别让我|不想|干不了|做不了)[^,。;!?]{0,3}$/
const SEPARATOR = /[,、和跟及与还有以及。;]/

/** After these words a list of skills follows, whatever they are. */
const CUE = /(?:擅长|特长(?:是|有|:)?|技能(?:是|有|:)?|爱好(?:是|:)?|专长(?:是|:)?|拿手(?:的是)?|(?<=我|也|还|都|,|^|就|只)会(?!议|员|来|不会|有|去|被|不|在|的|儿|是|很|好好|尽|按|准时|努力|认真))([^。;!?]{1,40})/g

function asListed(part: string): string | undefined {
  const word = part
    .replace(/^(?:我|也|还|都|就|会|能|可以|一点儿?|一些|点儿?|擅长|的|做|干|是|有)+(?=[\u3400-\u9fff]{2})/, '')
    .replace(/(?:什么的|啥的|之类的?|等等?|都行|都可以|都会|这些|这类|方面的?|的活儿?|活儿?|的|了|吧|啊|呢|技术)+$/, '')
    .trim()
  return /^[\u3400-\u9fff]{2,8}$/.test(word) && !/帮助|想|愿意|[我你他她它们不没吗呢时候周电话地址名字今年岁楼号有空]|[早晚]上|[上下]午|工作日|周末|随时|平时|^(?:家|现|就|一直)?住|(?:小区|社区|花园|家园|新村|街道)$/.test(word) ? word : undefined
}

/** What a person says they can do, in their own words, each once, in the order said; [] when nothing is. */
export function findSkills(text: string): string[] {
  const plain = normalize(text)
  const found: { word: string; start: number; end: number }[] = []
  for (const match of plain.matchAll(SKILL)) {
    if (!NEGATED.test(plain.slice(0, match.index))) found.push({ word: match[0], start: match.index, end: match.index + match[0].length })
  }
  for (const cue of plain.matchAll(CUE)) {
    let at = cue.index + cue[0].length - (cue[1]?.length ?? 0)
    for (const part of (cue[1] ?? '').replace(/[也还又]会/g, '、、').split(SEPARATOR)) {
      const end = at + part.length
      const isCovered = found.some((other) => other.start < end && at < other.end)
      const word = isCovered ? undefined : asListed(part)
      if (word !== undefined) found.push({ word, start: at, end })
      at = end + 1
    }
  }
  const ordered = found.sort((one, other) => one.start - other.start).map((item) => item.word)
  return [...new Set(ordered)]
}
