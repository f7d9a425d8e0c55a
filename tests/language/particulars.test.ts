import { describe, expect, it } from 'vitest'
import { isBareParticulars } from '../../src/language/particulars.ts'

describe('a message that is nothing but particulars', () => {
  it.each(['光明小区3号楼2单元401', '18645671111 吴秀英', '吕方', '刘桂兰 13800138001', '电话13800138001', '我叫王芳'])('%s', (text) => expect(isBareParticulars(text)).toBe(true))
  it.each(['3号楼2单元楼道灯坏了', '社区服务站多大', '社区志愿者', '小区物业归谁管', '网格是什么', '党员中心户', ''])('not: %s', (text) => expect(isBareParticulars(text)).toBe(false))
})
