import { expect, test } from 'vitest'
import { joinSkills, readSkills } from '../../../src/language/values/skills.ts'

test.each([
  ['修电脑', ['修电脑']],
  ['我会修电脑和理发', ['修电脑', '理发']],
  ['能帮忙买菜、跑腿，也能陪老人聊天', ['买菜', '跑腿', '陪老人聊天']],
  ['理发 按摩 量血压什么的都行', ['理发', '按摩', '量血压']],
  ['会做饭还会包饺子', ['做饭', '包饺子']],
  ['帮老人读报', ['帮老人读报']],
  ['帮忙打印资料', ['帮忙打印资料']],
  ['打扫楼道，打扫楼道', ['打扫楼道']],
  ['PPT', ['PPT']],
  ['扭秧歌吧', ['扭秧歌']],
  ['不会开车，会理发', ['理发']],
  ['没有', []],
  ['', []],
  ['、、、', []],
])('%s -> %j', (said, skills) => {
  expect(readSkills(said)).toEqual(skills)
})

test('spans of one message are joined, each skill once', () => {
  expect(joinSkills(['修电脑', '理发和修电脑', '跑腿'])).toEqual(['修电脑', '理发', '跑腿'])
})
