// The residents' chat with scripts on: messages go without leaving the page, what fails can be sent again, notices come at once.
// Lines arrive as HTML that the server made; what is typed here is only ever shown as text.
(function () {
  'use strict'

  const WORDS = {
    sending: '正在发送…',
    failed: '没有发出，点此重试',
    offline: '现在没有网络。您写的话会留着，连上网就发出去。',
    you: '您说：',
    fallback: '没有发出去，请再试一次。',
    photo: '照片',
    photos: (count) => '［照片 ' + count + ' 张］',
  }
  const REQUEST_TIMEOUT_MS = 45000
  const UPLOAD_TIMEOUT_MS = 180000
  const RETRIES = 3
  const PENDING = 'linli.pending'
  const TYPE = 'linli_type'
  const YEAR_SECONDS = 31536000

  const root = document.documentElement
  const log = document.getElementById('log')
  const box = document.getElementById('text')
  const photoBox = document.getElementById('photo')
  const photoCount = document.getElementById('photo-count')
  const form = document.getElementById('chat-form')
  const state = document.getElementById('state')
  const thinking = document.getElementById('thinking')

  // Storage is refused in some private windows: the page then forgets, and works.
  const storage = (name) => {
    try {
      const found = window[name]
      found.setItem('linli.probe', '1')
      found.removeItem('linli.probe')
      return found
    } catch {
      return { getItem: () => null, setItem() {}, removeItem() {} }
    }
  }
  const session = storage('sessionStorage')
  const local = storage('localStorage')

  // crypto.randomUUID exists on https only; a community's own network may be http.
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const findLine = (key) => Array.from(log.children).find((line) => line.dataset.key === key)

  // ---- showing lines

  const isNearEnd = () => window.innerHeight + window.scrollY >= root.scrollHeight - 160
  const scrollToEnd = () => window.scrollTo({ top: root.scrollHeight, behavior: 'instant' })

  /** Brings new lines into view: a long answer is read from its beginning, with the question above it where that fits. */
  function reveal(line) {
    const head = document.querySelector('header').offsetHeight
    const foot = document.querySelector('footer').offsetHeight
    const room = window.innerHeight - head - foot
    const before = line.previousElementSibling
    const first = before && before.matches('.line-mine') && before.offsetHeight < room / 4 ? before : line
    const end = document.querySelector('.quick')
    if (end.offsetTop + end.offsetHeight - first.offsetTop < room) scrollToEnd()
    else window.scrollTo({ top: first.offsetTop - head - 12, behavior: 'instant' })
  }

  function addLines(lines) {
    const wasNearEnd = isNearEnd()
    let first = null
    for (const line of lines) {
      if (findLine(line.key)) continue
      const template = document.createElement('template')
      template.innerHTML = line.html
      const element = template.content.firstElementChild
      log.insertBefore(element, firstPending())
      first = first || element
    }
    if (first && wasNearEnd) reveal(first)
  }

  const firstPending = () => log.querySelector('[data-pending]')
  const lastSeq = () => Math.max(0, ...Array.from(log.querySelectorAll('[data-seq]'), (line) => Number(line.dataset.seq)))

  /** Makes the log say what the store says: appends what is new, or builds it anew when lines are gone. */
  async function refresh() {
    const response = await fetch('/chat/history', { headers: { Accept: 'application/json' } })
    if (!response.ok) return
    const { lines } = await response.json()
    const kept = new Set(lines.map((line) => line.key))
    const settled = Array.from(log.children).filter((line) => !line.dataset.pending)
    if (settled.every((line) => kept.has(line.dataset.key))) return addLines(lines)
    log.setAttribute('aria-live', 'off')
    for (const line of settled) line.remove()
    addLines(lines)
    setTimeout(() => log.setAttribute('aria-live', 'polite'), 200)
  }

  // ---- sending

  /** Messages not yet confirmed, oldest first; they outlive a reload of this tab. */
  let pending = readPending()
  let isSending = false

  function readPending() {
    try {
      const saved = JSON.parse(session.getItem(PENDING) || '[]')
      return saved.filter((message) => typeof message.id === 'string' && typeof message.text === 'string')
    } catch {
      return []
    }
  }

  // Photos do not outlive a reload: a message that is nothing else goes with them.
  const savePending = () => session.setItem(PENDING, JSON.stringify(pending.filter((message) => message.text !== '').map(({ photos: _lost, ...message }) => message)))

  /** `replyTo`: the seq of the line whose button was pressed, so that an old button answers nothing new. */
  function say(text, replyTo, photos = []) {
    if (text.trim() === '' && photos.length === 0) return
    const message = { id: newId(), text, ...(replyTo ? { reply_to: replyTo } : {}), ...(photos.length > 0 ? { photos } : {}) }
    pending.push(message)
    savePending()
    showPending(message)
    scrollToEnd()
    void sendAll()
  }

  function showPending(message) {
    const line = document.createElement('div')
    line.className = 'line line-mine'
    line.dataset.key = 'm:' + message.id
    line.dataset.pending = 'true'
    const bubble = document.createElement('p')
    bubble.className = 'bubble'
    const label = document.createElement('span')
    label.className = 'hidden-label'
    label.textContent = WORDS.you
    const said = document.createElement('span')
    said.className = 'said'
    // A button that votes names its answer by a code, which nobody needs to read.
    const words = message.text.replace(/^(有用|没用) #[0-9a-f]{6}$/, '$1')
    said.textContent = [words, message.photos ? WORDS.photos(message.photos.length) : ''].filter((part) => part !== '').join('\n')
    bubble.append(label, said)
    line.append(bubble)
    log.append(line)
    setDelivery(line, 'sending')
  }

  function setDelivery(line, outcome, detail) {
    const old = line.querySelector('.delivery')
    if (old) old.remove()
    if (outcome === 'sent') {
      delete line.dataset.pending
      return
    }
    const note = document.createElement(outcome === 'failed' ? 'button' : 'p')
    note.className = 'delivery'
    note.textContent = outcome === 'failed' ? (detail ? detail + ' ' : '') + WORDS.failed : WORDS.sending
    if (outcome === 'failed') {
      note.type = 'button'
      note.addEventListener('click', () => void sendAll())
    }
    line.append(note)
  }

  /** Sends what waits, one after the other, so that it arrives in the order in which it was said. */
  async function sendAll() {
    if (isSending) return
    isSending = true
    thinking.hidden = false
    try {
      while (pending.length > 0) {
        const message = pending[0]
        const line = findLine('m:' + message.id)
        setDelivery(line, 'sending')
        const result = await deliver(message)
        if (result.outcome === 'failed') {
          for (const waiting of pending) setDelivery(findLine('m:' + waiting.id), 'failed', waiting === message ? result.detail : '')
          return
        }
        pending = pending.filter((other) => other.id !== message.id)
        savePending()
        setDelivery(line, 'sent')
        if (result.outcome === 'sent') hasSpoken()
        if (result.outcome === 'refused') {
          const note = document.createElement('p')
          note.className = 'delivery'
          note.textContent = result.detail
          line.append(note)
          continue
        }
        if (pending.length === 0) thinking.hidden = true
        // With photos, the line is shown as the store has it.
        if (message.photos) line.remove()
        if (result.forget || message.photos) await refresh()
        else addLines(result.lines)
      }
    } finally {
      isSending = false
      thinking.hidden = true
    }
  }

  /** The same id every time: a message that did arrive is not taken twice. */
  async function deliver(message) {
    for (let attempt = 0; ; attempt += 1) {
      const response = await post(message)
      if (response && response.ok) {
        const { lines, forget } = await response.json()
        return { outcome: 'sent', lines, forget }
      }
      const problem = response ? await response.json().catch(() => ({})) : {}
      if (response && response.status === 503 && attempt < RETRIES) {
        await new Promise((resolve) => setTimeout(resolve, 1000 * (Number(response.headers.get('Retry-After')) || 2)))
        continue
      }
      if (response && response.status >= 400 && response.status < 500 && response.status !== 429) return { outcome: 'refused', detail: problem.detail || WORDS.fallback }
      return { outcome: 'failed', detail: problem.detail || '' }
    }
  }

  async function post(message) {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), message.photos ? UPLOAD_TIMEOUT_MS : REQUEST_TIMEOUT_MS)
    try {
      const body = message.photos ? toForm(message) : JSON.stringify(message)
      const headers = message.photos ? { Accept: 'application/json' } : { 'Content-Type': 'application/json' }
      return await fetch('/chat/messages', { method: 'POST', headers, body, signal: controller.signal })
    } catch {
      return null
    } finally {
      clearTimeout(timer)
    }
  }

  function toForm(message) {
    const form = new FormData()
    form.append('id', message.id)
    form.append('text', message.text)
    for (const photo of message.photos) form.append('photo', photo)
    return form
  }

  // ---- what residents do

  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button[form="quick-form"]') : null
    if (!button) return
    event.preventDefault()
    const line = button.closest('[data-seq]')
    say(button.value, line ? Number(line.dataset.seq) : 0)
    // Pressed from the keyboard, the button is about to go: writing goes on in the box. A touch should not call up the keyboard.
    if (event.detail === 0) box.focus()
  })

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    say(box.value, 0, Array.from(photoBox.files))
    box.value = ''
    photoBox.value = ''
    showChosen()
    fitBox()
    box.focus()
  })

  box.addEventListener('keydown', (event) => {
    // Enter that ends the input of Chinese characters is no wish to send.
    const isComposing = event.isComposing || event.keyCode === 229
    if (event.key !== 'Enter' || event.shiftKey || isComposing) return
    event.preventDefault()
    if (box.value.trim() !== '' || photoBox.files.length > 0) form.requestSubmit()
  })

  function showChosen() {
    const count = photoBox.files.length
    photoBox.parentElement.classList.toggle('has-photos', count > 0)
    photoCount.textContent = count > 0 ? WORDS.photo + ' ' + count : WORDS.photo
  }
  photoBox.addEventListener('change', showChosen)

  function fitBox() {
    box.style.height = 'auto'
    box.style.height = box.scrollHeight + box.offsetHeight - box.clientHeight + 'px'
  }
  box.addEventListener('input', fitBox)

  // ---- large type

  const typeButton = document.querySelector('#type-form button')

  function setType(isLarge) {
    const wasNearEnd = isNearEnd()
    root.classList.toggle('large', isLarge)
    typeButton.setAttribute('aria-pressed', String(isLarge))
    typeButton.value = isLarge ? 'normal' : 'large'
    fitBox()
    if (wasNearEnd) scrollToEnd()
  }

  function keepType(isLarge) {
    local.setItem(TYPE, isLarge ? 'large' : 'normal')
    const secure = location.protocol === 'https:' ? '; Secure' : ''
    document.cookie = TYPE + '=' + (isLarge ? 'large' : 'normal') + '; Path=/; SameSite=Lax; Max-Age=' + YEAR_SECONDS + secure
  }

  document.getElementById('type-form').addEventListener('submit', (event) => {
    event.preventDefault()
    const isLarge = !root.classList.contains('large')
    setType(isLarge)
    keepType(isLarge)
  })

  // Cookies are sometimes cleared while storage is kept.
  if (local.getItem(TYPE) === 'large' && !root.classList.contains('large')) {
    setType(true)
    keepType(true)
  }

  // ---- notices

  const FIRST_WAIT_MS = 4000
  const LONGEST_WAIT_MS = 60000
  let wait = FIRST_WAIT_MS
  // Who has said nothing has no notices to wait for.
  let isKnown = log.dataset.known === 'true'
  let source = null
  let reconnecting = 0
  let hadTrouble = false

  function connect() {
    clearTimeout(reconnecting)
    if (source || document.hidden || !isKnown) return
    source = new EventSource('/chat/events?after=' + lastSeq())
    source.addEventListener('line', (event) => {
      addLines([JSON.parse(event.data)])
    })
    source.addEventListener('open', () => {
      if (hadTrouble) refresh().catch(() => {})
      hadTrouble = false
      wait = FIRST_WAIT_MS
    })
    source.addEventListener('error', () => {
      hadTrouble = true
      if (source && source.readyState === EventSource.CLOSED) {
        disconnect()
        reconnecting = setTimeout(connect, wait)
        wait = Math.min(2 * wait, LONGEST_WAIT_MS)
      }
    })
  }

  function hasSpoken() {
    isKnown = true
    connect()
  }

  function disconnect() {
    clearTimeout(reconnecting)
    if (source) source.close()
    source = null
  }

  // A page that nobody sees holds no connection; when it is looked at again it catches up.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return disconnect()
    connect()
    refresh().catch(() => {})
  })
  window.addEventListener('pagehide', disconnect)
  window.addEventListener('pageshow', (event) => {
    connect()
    if (event.persisted) refresh().catch(() => {})
  })

  // ---- leaving: no page that is open here shows anything any more

  const LEFT = 'linli.left'
  document.getElementById('leave-form').addEventListener('submit', () => {
    disconnect()
    session.removeItem(PENDING)
    session.setItem(LEFT, '1')
  })
  // The others are told once the cookie is gone: before that they would come back as they were.
  if (session.getItem(LEFT)) {
    session.removeItem(LEFT)
    local.setItem(LEFT, String(Date.now()))
  }
  window.addEventListener('storage', (event) => {
    if (event.key !== LEFT) return
    session.removeItem(PENDING)
    location.reload()
  })

  // ---- no network

  function showNetwork() {
    state.hidden = navigator.onLine
    state.textContent = navigator.onLine ? '' : WORDS.offline
  }
  window.addEventListener('offline', showNetwork)
  window.addEventListener('online', () => {
    showNetwork()
    void sendAll()
    refresh().catch(() => {})
  })

  // ---- start

  pending = pending.filter((message) => !findLine('m:' + message.id))
  savePending()
  pending.forEach(showPending)
  showNetwork()
  if (log.children.length > 0) scrollToEnd()
  connect()
  if (pending.length > 0) void sendAll()
})()
