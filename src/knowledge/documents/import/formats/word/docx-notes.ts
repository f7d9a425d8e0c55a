import type { CheerioAPI } from 'cheerio'

/**
 * Sets foot- and endnotes, which the converter gathers at the end of the page, below the paragraph (or table) that refers to them, as 注1：…, and takes their
 * marks out of the text: a clause has its notes with it, and its words are those of the document.
 */
export function moveNotes(page: CheerioAPI): void {
  let count = 0
  for (const element of page('sup > a[href^="#footnote-"], sup > a[href^="#endnote-"]').toArray()) {
    const mark = page(element)
    const id = (mark.attr('href') ?? '').slice(1)
    if (!/^(?:footnote|endnote)-[\w-]+$/.test(id)) continue
    const note = page(`li[id="${id}"]`)
    note.find('a[href^="#footnote-ref-"], a[href^="#endnote-ref-"]').remove()
    const paragraphs = note.children('p').toArray().map((part) => page(part).html() ?? '')
    const table = mark.parents('table').last()
    const block = table.length > 0 ? table : mark.closest('p, h1, h2, h3, h4, h5, h6, li')
    count += 1
    if (note.length > 0 && block.length > 0) {
      let last = block
      for (const [at, html] of (paragraphs.length === 0 ? [note.html() ?? ''] : paragraphs).entries()) {
        const added = page(`<p class="note">${at === 0 ? `注${count}：` : ''}${html}</p>`)
        // Below the notes that are already there.
        while (last.next('p.note').length > 0) last = last.next('p.note')
        last.after(added)
      }
      const list = note.parent('ol')
      note.remove()
      if (list.children().length === 0) list.remove()
    }
    mark.parent('sup').remove()
  }
}
