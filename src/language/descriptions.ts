import { cleanTyped } from './clean.ts'
import { normalize } from './normalize.ts'
import { findPhones } from './values/phones.ts'

const OPENING = /^(?:你好|您好|大家好|早上好|上午好|下午好|晚上好|喂|哎|那个|请问|麻烦(?:你们?|您)?(?:了|一下)?|打扰(?:一下|了)?|师傅|同志|社区(?:的)?(?:同志|领导)?|领导|在吗)+[啊呀,!.。~\s]*/
const REQUEST_ONLY = /^(?:我?(?:要|想|来)?(?:报修|投诉|反映(?:个|一个|一下)?(?:问题|情况|事)?|求助|报个修|报事|办事|登记(?:一下)?|上报(?:一下)?|举报|报名|找人帮忙)|谢谢(?:你们?|您)?(?:了)?|麻烦(?:你们?|您)?(?:了|尽快处理)?|辛苦(?:你们?|了)?|多谢|感谢|拜托(?:了|你们)?|请(?:尽快)?(?:处理|安排|联系我|解决)(?:一下)?|(?:请)?尽快(?:处理|解决)?|急|很急|在线等)[啊呀吧了,!.。~\s]*$/
const PERSONAL_WORDS = /(?:你?给我?记一?下|(?:我|他|她)?(?:儿子|女儿|闺女|姑娘|老伴|老公|老婆|媳妇|孩子)的?(?:电话|手机)(?:号码?)?(?:是|:)?|我?的?(?:姓名|名字|联系人|报修人|联系电话|联系方式|电话号码|手机号码?|电话|手机|号码|座机|tel)(?:是|叫|为|:|=)?|我叫做?|我是|叫我|本人|这里是|这边是|我姓[\u4e00-\u9fff]|(?:他|她)叫(?=$|[,\s])|可以(?:打|联系)|打|联系(?:我)?|拨|加微信|微信(?:同号)?|同号|有事(?:打|联系)?|(?:^|[,\s])叫(?=$|[,\s]))/g
const ADDRESS_ONLY = /^(?:我?家?(?:的)?(?:地址|住址|地点|位置)(?:是|在|:)?|我?家?(?:住在?|家住|住))?\s*(?:[前后]|旁边|附近|门口|楼下|[那这](?:边|儿|块|里))?\s*$/

/** Splits at marks, keeping each clause's place. */
function clausesOf(text: string): string[] {
  return text.split(/(?<=[,，。;；!！?？\n])|(?<=[\u4e00-\u9fff\d])\s+(?=[\u4e00-\u9fff])/).filter((clause) => clause.trim() !== '')
}

const OWN_AGE = /(?:我)?今年(?:都|已经|快|刚)*[\d一二三四五六七八九十]{1,4}多?(?:周?岁|了)+/g

/** "我住红旗小区6号楼" in the middle of run-on speech. */
const withoutHome = (clause: string, address: string | undefined): string =>
  address === undefined ? clause : clause.replace(new RegExp(`(?:(?:我|俺|咱)们?家?|家)?(?:就|是)?住在?${escapeRegExp(address)}`), ' ')

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function withoutPersonal(clause: string, name: string | undefined): string {
  let rest = clause
  for (const phone of findPhones(clause).reverse()) rest = rest.slice(0, phone.start) + rest.slice(phone.end)
  if (name !== undefined) rest = rest.replace(name, '')
  return rest
}

const hasPersonal = (clause: string, name: string | undefined): boolean => findPhones(clause).length > 0 || (name !== undefined && clause.includes(name))

/**
 * What happened or what is wished, in the sender's words: the message without greetings, name, phone and clauses that only give the address.
 * undefined when nothing of that is said ("我要报修").
 */
export function findDescription(text: string, known: { name?: string | undefined; address?: string | undefined }): string | undefined {
  const kept: string[] = []
  for (const clause of clausesOf(cleanTyped(text))) {
    const isPersonal = hasPersonal(clause, known.name)
    const bare = isPersonal ? withoutHome(withoutPersonal(clause, known.name).replace(PERSONAL_WORDS, ''), known.address).replace(OWN_AGE, '').replace(/^[\s,，:：的]+|[(（)）+]/g, '') : clause
    const said = normalize(bare).replace(/[,;.。!?~\s]+$/, '').replace(OPENING, '')
    const withoutAddress = known.address === undefined ? said : said.replace(normalize(known.address), '')
    if (said === '' || REQUEST_ONLY.test(said) || ADDRESS_ONLY.test(withoutAddress)) continue
    if (isPersonal && (withoutAddress.match(/[\u4e00-\u9fff]/g) ?? []).length < 2) continue
    const opening = OPENING.exec(normalize(bare))?.[0].length ?? 0
    kept.push(bare.slice(opening).trim())
  }
  // Clauses that only a blank parted get a comma, so that they stay two.
  const joined = kept.map((clause, index) => (index < kept.length - 1 && /[\u3400-\u9fff\d]$/.test(clause) ? `${clause}，` : clause)).join('').replace(/(?<=[\u4e00-\u9fff])(?=我家|我们|在)/g, '').replace(/[,，;；、\s]+$/, '').replace(/^(?:我?(?:要|想)?报修|我?(?:要|想)?反映(?:一下|个问题)?|我?要?投诉)[:：,，\s]+/, '').trim()
  return joined === '' ? undefined : joined
}
