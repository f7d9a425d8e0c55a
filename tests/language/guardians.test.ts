import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadKnowledge } from '../../src/knowledge/load.ts'
import { findGuardian } from '../../src/language/guardians.ts'
import { createUnderstanding } from '../../src/language/understand.ts'
import type { Understand } from '../../src/language/understand.ts'

describe('the parent or guardian of a minor who signs up', () => {
  test.each([
    ['我妈叫王芳，她电话13644445555', { name: '王芳', phone: '13644445555', rest: '' }],
    ['我妈王芳，13644445555', { name: '王芳', phone: '13644445555', rest: '' }],
    ['妈妈李梅13644445555', { name: '李梅', phone: '13644445555', rest: '' }],
    ['监护人王芳，电话是13644445555', { name: '王芳', phone: '13644445555', rest: '' }],
    ['我爸周建军，电话13644445555', { name: '周建军', phone: '13644445555', rest: '' }],
    ['家长：王芳 13644445555', { name: '王芳', phone: '13644445555', rest: '' }],
    ['我叫李小明，15岁，电话13811112222，我妈妈叫王芳，电话13644445555', { name: '王芳', phone: '13644445555', rest: '我叫李小明，15岁，电话13811112222' }],
    ['我15岁，监护人电话13644445555', { phone: '13644445555', rest: '我15岁' }],
    ['我妈叫王芳', { name: '王芳', rest: '' }],
    ['監護人：劉桂蘭，電話13644445555', { name: '劉桂蘭', phone: '13644445555', rest: '' }],
    ['我妈妈王芳的电话是13644445555', { name: '王芳', phone: '13644445555', rest: '' }],
    ['王芳（妈妈）13644445555', { name: '王芳', phone: '13644445555', rest: '' }],
    ['王芳，我妈，13644445555', { name: '王芳', phone: '13644445555', rest: '' }],
    ['我妈，13644445555', { phone: '13644445555', rest: '' }],
    ['爸爸的名字是周建军', { name: '周建军', rest: '' }],
  ])('%s -> %j', (text, guardian) => {
    expect(findGuardian(text)).toEqual(guardian)
  })

  test.each(['我叫王芳，电话13644445555', '我妈同意了', '给我妈报名，她叫李桂琴，65岁', '我妈王芳想当志愿者，电话13644445555', '陪妈妈聊天，13644445555', '爸爸妈妈都同意', ''])('%s names none', (text) => {
    expect(findGuardian(text)).toBeUndefined()
  })
})

describe('a sign-up that names a parent', () => {
  const now = new Date('2026-11-24T02:00:00Z')
  let understand: Understand
  beforeAll(async () => {
    understand = createUnderstanding(await loadKnowledge(path.resolve(import.meta.dirname, '../../knowledge')))
  })

  test.each([undefined, 'volunteer_signup'] as const)('the child and the parent are kept apart, form open: %s', (form) => {
    expect(understand('我儿子王一博今年12岁想当小志愿者，我是他妈妈李梅，电话13644445555', { now, form })).toMatchObject({
      intent: 'volunteer_signup',
      slots: { name: '王一博', age: 12, guardian: { name: '李梅', phone: '13644445555' } },
    })
    expect(understand('我想当志愿者，我叫李小明，15岁，电话13811112222，我妈王芳，13644445555', { now, form }).slots).toMatchObject({ name: '李小明', age: 15, phone: '13811112222', guardian: { name: '王芳', phone: '13644445555' } })
  })

  test('the parent alone fills neither name nor phone of the child', () => {
    expect(understand('我妈叫王芳，她电话13644445555', { now, form: 'volunteer_signup' }).slots).toEqual({ guardian: { name: '王芳', phone: '13644445555' } })
  })

  test('who gives an own name and speaks of a child signs up alone', () => {
    expect(understand('我叫李明，想当志愿者，我儿子李小明上大学了', { now }).slots.name).toBe('李明')
  })

  test('consent given together with the name keeps the name', () => {
    expect(understand('我同意，我叫王芳', { now, form: 'volunteer_signup' }).slots).toEqual({ name: '王芳' })
    expect(understand('同意', { now, form: 'volunteer_signup' }).slots).toEqual({})
  })

  test('a mention at the start is no part of what is said', () => {
    expect(understand('@邻里 3号楼路灯坏了', { now }).slots.description).toBe('3号楼路灯坏了')
  })
})
