// Emergencies that nobody has confirmed: their number in the tab's title, and a sound that can be switched off.
// Pages are whole without it: the bar, the box and 收到 are plain HTML.
(() => {
  const KEY = 'linli-alarm-sound'
  const EVERY_MS = 4000
  const button = document.getElementById('alert-sound')
  let context = null
  let timer = 0

  const count = () => Number(document.getElementById('alert-bar')?.dataset.count ?? 0)
  const isOn = () => localStorage.getItem(KEY) !== 'off'
  const isReady = () => context !== null && context.state === 'running'

  function beep() {
    if (!isReady()) return
    for (const [start, pitch] of [[0, 880], [0.25, 660], [0.5, 880]]) {
      const tone = context.createOscillator()
      const volume = context.createGain()
      const at = context.currentTime + start
      tone.frequency.value = pitch
      volume.gain.setValueAtTime(0.25, at)
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.22)
      tone.connect(volume).connect(context.destination)
      tone.start(at)
      tone.stop(at + 0.23)
    }
  }

  function show() {
    const waiting = count()
    const title = document.title.replace(/^\(\d+\) /, '')
    document.title = waiting > 0 ? `(${waiting}) ${title}` : title
    if (button) {
      button.hidden = false
      button.setAttribute('aria-pressed', String(isOn()))
      button.textContent = !isOn() ? '警报声：关' : waiting > 0 && !isReady() ? '警报声：点一下才会响' : '警报声：开'
    }
    const rings = waiting > 0 && isOn()
    if (rings && timer === 0) {
      beep()
      timer = setInterval(beep, EVERY_MS)
    } else if (!rings && timer !== 0) {
      clearInterval(timer)
      timer = 0
    }
  }

  // Browsers let a page sound only after somebody has touched it.
  async function wake() {
    context ??= new AudioContext()
    if (context.state === 'running') return
    await context.resume().catch(() => undefined)
    if (timer !== 0) beep()
    show()
  }

  button?.addEventListener('click', () => {
    const wasSilent = isOn() && count() > 0 && !isReady()
    if (!wasSilent) localStorage.setItem(KEY, isOn() ? 'off' : 'on')
    void wake()
    show()
  })
  document.addEventListener('pointerdown', (event) => event.target !== button && void wake())
  document.addEventListener('keydown', () => void wake())
  document.addEventListener('htmx:afterSettle', show)
  window.addEventListener('storage', show)
  show()
})()
