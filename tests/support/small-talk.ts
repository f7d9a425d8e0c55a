import fs from 'node:fs'
import path from 'node:path'
import type { Talk } from '../../src/domain/messages/talk.ts'
import { loadTalk } from '../../src/knowledge/documents/load.ts'
import { fitIntents } from '../../src/language/reader/training/fit.ts'
import { DANGER_CLASSES, INTENT_CLASSES, LABEL_COUNT, MOVE_CLASSES } from '../../src/language/reader/lessons.ts'
import { makeSyllables } from '../../src/language/reader/training/make-syllables.ts'
import type { Syllables } from '../../src/language/reader/syllables.ts'
import { columnsOf, toTable } from '../../src/language/reader/classifiers/table.ts'
import { digestOf } from '../../src/language/reader/training/train.ts'
import { packForKeeping } from '../../src/knowledge/learn/retrain/kept-tables.ts'
import type { ReaderWeights } from '../../src/language/reader/weights-file.ts'

const THINGS = ['楼道灯', '电梯', '下水道', '单元门', '暖气', '路灯', '水管', '门禁', '垃圾桶', '窗户']
const SAID: Record<string, string[]> = {
  service_request: THINGS.flatMap((thing) => [`${thing}坏了`, `我家${thing}坏了来人看看`, `${thing}不能用了帮忙修修`, `麻烦给修一下${thing}`]),
  ask_policy: THINGS.flatMap((thing) => [`${thing}归谁管`, `文件里对${thing}有什么规定`, `${thing}的费用怎么算`, `请问${thing}有什么政策`]),
  volunteer_signup: ['周末', '周一', '晚上', '上午', '每天', '下午', '周三', '假期', '早上', '有空'].flatMap((time) => [`我想当志愿者${time}行`, `${time}能帮忙报名志愿者`, `报名做义工${time}`]),
  request_status: ['昨天', '上周', '前天', '上月', '周一', '那回', '早上', '刚才', '去年', '上次'].flatMap((time) => [`${time}报的修到哪了`, `${time}那个工单处理了没`, `查一下${time}报的进度`]),
  smalltalk: ['你好', '早上好', '谢谢你', '再见', '辛苦了', '晚上好', '哈哈', '好的好的', '多谢多谢', '您早'],
}
const HELD_BACK: Record<string, string[]> = {
  service_request: ['楼梯扶手坏了来人看看', '厨房水管不能用了'], ask_policy: ['物业费归谁管', '请问停车有什么政策'], volunteer_signup: ['我想当志愿者随时行'], request_status: ['查一下大前天报的进度'], smalltalk: ['你好你好'],
}

const fileOf = (intent: string, said: readonly string[]): string => `version: "3.1"\nnlu:\n- intent: ${intent}\n  examples: |\n${said.map((text) => `    - ${text}`).join('\n')}\n`

/** Some 150 messages in the files of a knowledge folder: learnt in a tenth of a second. */
export function writeSmallTalk(knowledgeDirectory: string, heldBack: Record<string, string[]> | null = HELD_BACK): void {
  const write = (folder: string, said: Record<string, string[]>) => {
    fs.mkdirSync(path.join(knowledgeDirectory, 'talk', folder), { recursive: true })
    for (const [intent, texts] of Object.entries(said)) fs.writeFileSync(path.join(knowledgeDirectory, 'talk', folder, `${intent}.yml`), fileOf(intent, texts))
  }
  write('intents', SAID)
  if (heldBack !== null) write('held-back', heldBack)
}

/** Weights that read what messages are about, by the folder's messages, and nothing else. */
export async function smallWeights(knowledgeDirectory: string): Promise<ReaderWeights> {
  return weightsOf(await loadTalk(knowledgeDirectory))
}

let made: Syllables | undefined

function weightsOf(talk: Talk): ReaderWeights {
  const syllables = (made ??= makeSyllables())
  const empty = (classes: number) => toTable(columnsOf([], 1), new Float32Array(), classes, 0)
  const calibration = { sparse: 1, dense: 0, danger: 0.3, sureDanger: 0.8, margin: 0.1 }
  return {
    trainedOn: '2026-11-20', data: digestOf(talk), figures: {}, syllables, categories: [], calibration: { lexical: calibration, hybrid: calibration },
    tables: { intents: packForKeeping(fitIntents(talk, { syllables, known: new Set(syllables.names) })).table, dangers: empty(DANGER_CLASSES.length), moves: empty(MOVE_CLASSES.length), categories: empty(INTENT_CLASSES.length) },
    tagger: { emissions: empty(LABEL_COUNT), transitions: new Float32Array(LABEL_COUNT * LABEL_COUNT), starts: new Float32Array(LABEL_COUNT) },
    dense: null,
  }
}
