/** What each of U+2E80..U+2EF3 stands for, by Unicode's EquivalentUnifiedIdeograph (14.0); a blank where that names none. NFKC leaves most of these as they are. */
const SUPPLEMENT = [...'　厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵　旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟']
const FIRST = 0x2e80
const RADICALS = /[\u2e80-\u2fdf]/gu

/** Radicals, which PDFs put in the place of the characters that look the same (居⺠进⻔), as those characters. */
export function unifyRadicals(text: string): string {
  return text.replace(RADICALS, unify)
}

function unify(radical: string): string {
  // Fonts of the mainland draw 户 here; Unicode's table only knows the traditional form.
  if (radical === '⼾') return '户'
  const own = SUPPLEMENT[(radical.codePointAt(0) ?? 0) - FIRST]
  return own === undefined || own === '\u3000' ? radical.normalize('NFKC') : own
}
