import { describe, expect, test } from 'vitest'
import { findSpot } from '../../../src/language/values/places/spots.ts'

describe('a place without number or name is found by what points beside it, or by how it is called', () => {
  test.each([
    ['秋千那边有个孩子摔了', '秋千那边'],
    ['垃圾箱后面有人烧东西', '垃圾箱后面'],
    ['有人落水了，就在月牙湖边上', '月牙湖边上'],
    ['自行车棚第二排靠墙灯灭了', '自行车棚'],
    ['鲤鱼池结冰了没围栏', '鲤鱼池'],
    ['小区凉亭塌了半边', '小区凉亭'],
    ['桥头路灯不亮', '桥头'],
    ['公厕堵了', '公厕'],
    ['那棵歪脖子树底下有条狗', '歪脖子树底下'],
  ])('%s -> %s', (text, spot) => {
    expect(findSpot(text)).toBe(spot)
  })

  test.each(['我们那边没人管', '电池没电了', '客厅漏水', '厨房水管坏了', '楼上太吵了', ''])('%s names none', (text) => {
    expect(findSpot(text)).toBeUndefined()
  })
})
