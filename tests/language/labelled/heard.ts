import type { Labelled } from './label.ts'

/** Wordings that testers used and that were misread once. */
export const HEARD: Labelled[] = [
  { text: '半夜蹦迪吵得我睡不着', intent: 'service_request', slots: { category: '噪音扰民' } },
  { text: '楼上半夜蹦迪，我睡不着', intent: 'service_request', slots: { category: '噪音扰民' } },
  { text: '谁能给俺捎点降压药', intent: 'service_request', slots: { category: '代办代购' } },
  { text: '小区大门坏了', intent: 'service_request', slots: { category: '公共设施' } },
  { text: '院里的大门关不上', intent: 'service_request', slots: { category: '公共设施' } },
  { text: '健身器材坏了', intent: 'service_request', slots: { category: '公共设施' } },
  { text: '暖气不热', intent: 'service_request', slots: { category: '供暖' } },
  { text: '屋里不热', intent: 'service_request', slots: { category: '供暖' } },
  { text: '夏水道赌了', intent: 'service_request', slots: { category: '下水道堵塞' } },
  { text: '楼里有股怪味', intent: 'service_request', slots: { category: '环境卫生' } },
  { text: '一楼住户私自搭棚子', intent: 'service_request', slots: { category: '违建' } },
  { text: '隔壁装修礼拜天也钻', intent: 'service_request', slots: { category: '噪音扰民' } },
  { text: '我那个灯修得咋样了呀', intent: 'request_status', slots: {} },
  { text: '上回那事有信儿没', intent: 'request_status', slots: {} },
  { text: '前天说的事给办了没', intent: 'request_status', slots: {} },
  { text: '老好了，贼满意，谢谢师傅', intent: 'rate_feedback', slots: {} },
  { text: '师傅人真好', intent: 'rate_feedback', slots: {} },
  { text: '太慢了', intent: 'rate_feedback', slots: {} },
  { text: '算了吧不弄了', intent: 'cancel', slots: {} },
  { text: '不需要了，我儿子修好了', intent: 'cancel', slots: {} },
  { text: '我不想当志愿者了', intent: 'cancel', slots: {} },
  { text: '私自搭棚子怎么处罚', intent: 'ask_policy', slots: {} },
  { text: '暖气不热怎么退费', intent: 'ask_policy', slots: {} },
  { text: '能不能取消物业费', intent: 'ask_policy', slots: {} },
]
