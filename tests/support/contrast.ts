/**
 * For a browser's page: texts whose colour stands out less than 4.5 : 1 (WCAG AA) from the first opaque background behind them.
 * As text, since it runs in the page and not here.
 */
export const FIND_LOW_CONTRAST = `(() => {
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number)
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const background = (element) => {
    for (let current = element; current; current = current.parentElement) {
      const { backgroundColor } = getComputedStyle(current)
      if ((channels(backgroundColor)[3] ?? 1) === 1) return backgroundColor
    }
    return 'rgb(255, 255, 255)'
  }
  const found = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement
    if (node.textContent.trim() === '' || !element.checkVisibility()) continue
    const [one, other] = [luminance(getComputedStyle(element).color), luminance(background(element))]
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
    if (ratio < 4.5) found.push(node.textContent.trim().slice(0, 20) + ': ' + ratio.toFixed(2))
  }
  return found
})()`
