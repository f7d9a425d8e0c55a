import type { KnowledgeDocument } from '../../src/domain/answers.ts'
import type { OfficeServices } from '../../src/desk/office/save-office.ts'
import { Office } from '../../src/domain/office/office.ts'
import type { Store } from '../../src/store/engine/store.ts'

export const OFFICE = Office.parse({
  name: '幸福社区',
  telephone: '0457-2112345',
  address: '幸福小区1号楼一层',
  changed: '2026-11-20',
  hours: [{ days: ['周一', '周二', '周三', '周四', '周五'], open: ['8:30-11:30', '13:30-17:00'] }],
  people: [
    { name: '王丽', duty: '网格员', telephone: '0457-2110001', buildings: ['1号楼', '2号楼', '3号楼'] },
    { name: '李强', duty: '网格员', telephone: '0457-2110002', buildings: ['4号楼'] },
  ],
  places: [{ name: '图书室', words: ['阅览室'], address: '二楼东头', hours: [{ days: ['周二', '周六'], open: ['9:00-16:30'] }] }],
  questions: [{ question: '社区能免费复印吗', answer: '十页以内免费复印。', changed: '2026-11-22' }],
})

/** What the office says of itself, kept in memory; `onKeep` makes it count. */
export function officeInMemory(options: { store: Store; now: () => Date; office?: Office | null; documents?: readonly KnowledgeDocument[]; onKeep?: (office: Office) => Promise<void> }): OfficeServices {
  let kept = options.office === undefined ? OFFICE : options.office
  return {
    store: options.store,
    now: options.now,
    office: () => kept,
    documents: () => options.documents ?? [],
    keepOffice: async (office) => {
      kept = office
      await options.onKeep?.(office)
    },
  }
}
