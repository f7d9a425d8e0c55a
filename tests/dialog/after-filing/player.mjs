// Plays conversations after filing against a running service, by its HTTP API alone.
//   node player.mjs [FOLDER=this repository] [FILE=conversations.json] [--quiet] [--lenient: lines without a kind count by their author] [--only id,id] [--trace] [--json OUT]
// Steps of a conversation (see README.md beside this file): file, staff, say, press, check.
import { Buffer } from 'node:buffer'
import { spawn, execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, openSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflateSync } from 'node:zlib'
import { setTimeout } from 'node:timers'

const HERE = dirname(fileURLToPath(import.meta.url))
const argv = process.argv.slice(2)
const flag = (name) => { const i = argv.indexOf(name); if (i < 0) return false; argv.splice(i, 1); return true }
const value = (name) => { const i = argv.indexOf(name); if (i < 0) return undefined; return argv.splice(i, 2)[1] }
const lenient = flag('--lenient'), quiet = flag('--quiet'), trace = flag('--trace'), only = value('--only')?.split(','), jsonOut = value('--json')
const folder = resolve(argv[0] ?? join(HERE, '../../..'))
const file = resolve(argv[1] ?? join(HERE, 'conversations.json'))
const conversations = JSON.parse(readFileSync(file, 'utf8')).filter((c) => !only || only.includes(c.id))

const sleep = (ms) => new Promise((r) => setTimeout(r, ms))
const dir = mkdtempSync(join(tmpdir(), 'after-'))
const port = await new Promise((r) => { const s = createServer(); s.listen(0, '127.0.0.1', () => { const p = s.address().port; s.close(() => r(p)) }) })
const TOKEN = 'tok-acceptance-0123456789abcdef'
const env = { ...process.env, DATABASE_URL: `file:${dir}/linli.db`, DATA_DIR: dir, PORT: String(port), HOST: '127.0.0.1', LINLI_API_TOKEN: TOKEN,
  ADMIN_USER: 'boss', ADMIN_PASSWORD: 'Boss-passw0rd-2026', QUIET_HOURS: 'off' }
const base = `http://127.0.0.1:${port}`

let child
const logFile = join(dir, 'service.log')
function stop() { if (child && child.exitCode === null) { try { child.kill('SIGTERM') } catch { /* gone already */ } } }
process.on('exit', () => { stop(); try { rmSync(dir, { recursive: true, force: true }) } catch { /* gone already */ } })
for (const s of ['SIGINT', 'SIGTERM']) process.on(s, () => process.exit(130))

async function api(method, path, body) {
  for (let tries = 0; ; tries++) {
    const r = await globalThis.fetch(base + path, { method, headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }, body: body === undefined ? undefined : JSON.stringify(body) })
      .catch((e) => ({ status: 0, text: async () => String(e) }))
    if ((r.status === 503 || r.status === 0) && tries < 5) { await sleep(500); continue }
    const text = await r.text()
    let data = null; try { data = JSON.parse(text) } catch { /* gone already */ }
    return { status: r.status, data, text }
  }
}
const linli = (...args) => new Promise((ok, no) => execFile('npm', ['run', '-s', 'linli', '--', ...args], { cwd: folder, env }, (e, out, err) => (e ? no(new Error(`${args.join(' ')}: ${err || e.message}`)) : ok(out.trim()))))

/** A small real PNG, of another colour each time. */
let pictures = 0
function picture() {
  const n = ++pictures, w = 48, h = 48, raw = Buffer.alloc((w * 3 + 1) * h)
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) { const o = y * (w * 3 + 1) + 1 + x * 3; raw[o] = (n * 53 + x * 3) & 255; raw[o + 1] = (n * 97 + y * 5) & 255; raw[o + 2] = (n * 31) & 255 }
  const crc = (b) => { let c, t = ~0; for (const v of b) { c = (t ^ v) & 255; for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1; t = (t >>> 8) ^ c } return (~t) >>> 0 }
  const chunk = (type, data) => { const l = Buffer.alloc(4); l.writeUInt32BE(data.length); const body = Buffer.concat([Buffer.from(type), data]); const c = Buffer.alloc(4); c.writeUInt32BE(crc(body)); return Buffer.concat([l, body, c]) }
  const head = Buffer.alloc(13); head.writeUInt32BE(w, 0); head.writeUInt32BE(h, 4); head[8] = 8; head[9] = 2
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(raw)), chunk('IEND', Buffer.alloc(0))]).toString('base64')
}

const norm = (s) => String(s ?? '').normalize('NFKC').replace(/[\s\p{P}\p{S}]/gu, '').toLowerCase()
const has = (hay, needle) => norm(hay).includes(norm(needle))
const day = (plus) => new Date(Date.now() + 8 * 3600e3 + plus * 864e5).toISOString().slice(0, 10)
const re = (s) => new RegExp(s, 's')
const short = (s, n = 160) => { const t = String(s ?? '').replace(/\n/g, '⏎'); return t.length > n ? `${t.slice(0, n)}…` : t }

const NOT_UNDERSTOOD = /没(太|大)?(听|看)(明白|懂)|不(太|大)明白您|不(太)?懂您/
const FORM = /先记下|您同意吗|怎么称呼|贵姓|这样对吗/
const CLAUSE = /第[一二三四五六七八九十百\d]+条/
const SAFE = /\b1(19|20|10)\b|119|120|110/
const OFFER = /是不是(这|同)|这件事吗|同一(件|个)|有人报(过|了)|已经(有人)?报(过|了)|是这件/
const NUMBER = /SR-\d{8}-\d+/g

async function allRequests() {
  const all = []
  for (let cursor = null; ;) {
    const r = await api('GET', `/api/v1/requests?limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`)
    if (r.status !== 200) throw new Error(`GET /api/v1/requests is ${r.status} ${short(r.text)}`)
    all.push(...r.data.requests)
    cursor = r.data.next_cursor
    if (!cursor) return all
  }
}
async function getRequest(number, id) {
  if (id) { const r = await api('GET', `/api/v1/requests/${id}`); if (r.status === 200 && r.data) return r.data.request ?? r.data }
  return (await allRequests()).find((q) => q.number === number)
}
async function pushes(conversation, after = 0) {
  const r = await api('GET', `/api/v1/messages?conversation=${encodeURIComponent(conversation)}&after=${after}`)
  return r.status === 200 ? r.data.messages : []
}
const lastSeq = async (conversation) => (await pushes(conversation)).at(-1)?.seq ?? 0
async function until(ms, probe) { const end = Date.now() + ms; for (;;) { const v = await probe(); if (v) return v; if (Date.now() > end) return null; await sleep(150) } }
/** The staff's chat when nothing more comes into it. */
async function settled(conversation) { let last = await lastSeq(conversation); for (let i = 0; i < 6; i++) { await sleep(350); const now = await lastSeq(conversation); if (now === last) return last; last = now } return last }

const isResidentLine = (l) => l.by === '居民' && (l.kind === 'resident' || l.kind === 'photo' || (lenient && l.kind === undefined))
const isOwnLine = (l) => l.by === '居民' && (l.kind === undefined || ['resident', 'correction', 'status', 'photo'].includes(l.kind))
const foreignLines = (requests, mine) => requests.filter((q) => !mine.has(q.number)).reduce((n, q) => n + q.history.filter((l) => l.by === '居民').length, 0)

const STAFF = { wangli: 'staff-chat-wangli', lina: 'staff-chat-lina' }
let counter = 0

async function play(conv, index) {
  const fails = [], log = []
  const people = {}
  const names = ['刘桂兰', '张福生', '王秀英', '赵国强', '孙玉珍', '李德山', '周淑芬', '吴长海', '郑凤琴', '陈永田']
  const order = Object.keys(conv.people ?? { a: {} })
  if (!order.includes('a')) order.unshift('a')
  order.forEach((key, i) => {
    const n = 10_000_000 + (index * 7 + i + 1) * 90_011 % 89_999_999
    people[key] = { name: names[(index + i * 3) % names.length], phone: `138${String(n).padStart(8, '0')}`, phone2: `139${String(n + 4321).padStart(8, '0')}`,
      conversation: `${conv.id}-${key}-chat`, sender: `${conv.id}-${key}`, last: [], ...(conv.people?.[key] ?? {}) }
  })
  const R = {} // alias -> { id, number, owner, pushSeq }
  const mine = new Set()
  const before = await allRequests()
  const known = new Set(before.map((q) => q.number))
  const foreignBefore = foreignLines(before, mine)
  const seqBystander = await lastSeq('bystander-chat')
  const say0 = (what) => { log.push(what); if (trace) console.log('   ', what) }
  const fail = (what) => { fails.push(what); say0(`✗ ${what}`) }
  const fill = (text, who) => String(text)
    .replace(/\{(\w+)\.(name|phone2?|number)\}/g, (m, a, k) => (k === 'number' ? R[a]?.number ?? m : people[a]?.[k] ?? m))
    .replace(/\{(name|phone2?)\}/g, (_, k) => people[who][k])
    .replace(/\{\+(\d)d\}/g, (_, d) => day(Number(d)))

  async function send(who, text, { photo, reply_to, group } = {}) {
    const p = people[who]
    const body = { id: `${conv.id}-${++counter}`, conversation: group ?? p.conversation, sender: { id: p.sender, name: p.nick ?? p.name }, text }
    if (group) { body.group = { id: group, name: '邻里群' }; body.mentioned = true }
    if (photo) body.attachments = Array.from({ length: photo === true ? 1 : photo }, () => ({ type: 'photo', mime: 'image/png', data: picture() }))
    if (reply_to) body.reply_to = reply_to
    const r = await api('POST', '/api/v1/messages', body)
    if (r.status !== 200) { fail(`POST /messages is ${r.status} ${short(r.text)}`); p.last = []; return [] }
    p.last = r.data.replies ?? []
    p.lastIntent = r.data.intent
    say0(`${who}: ${short(text)}${photo ? ' [照片]' : ''}${reply_to ? ` (reply_to ${reply_to})` : ''}`)
    for (const q of p.last) say0(`   bot ${q.kind}: ${short(q.text, 220)} ${q.buttons?.length ? `[${q.buttons.map((b) => b.label).join('|')}]` : ''}`)
    return p.last
  }
  const textOf = (replies) => replies.map((q) => q.text).join('\n')
  const buttonsOf = (replies) => replies.flatMap((q) => q.buttons ?? [])
  const find = (replies, pattern, not) => buttonsOf(replies).find((b) => (pattern.test(b.label) || pattern.test(b.text)) && !(not && (not.test(b.label) || not.test(b.text))))
  const newOnes = async () => (await allRequests()).filter((q) => !known.has(q.number))

  /** Answers whatever the form asks until a request that was not there before is there. */
  async function fileLoop(who, step, replies, alias) {
    const p = people[who]
    const address = fill(step.address ?? '', who), text = fill(step.text ?? step.say ?? '', who)
    let seen = new Map()
    for (let turn = 0; turn < 16; turn++) {
      const words = textOf(replies), buttons = buttonsOf(replies)
      const numbers = (words.match(NUMBER) ?? []).filter((n) => !known.has(n))
      const fresh = numbers.length || turn === 0 || step.emergency || step.same ? await newOnes() : []
      const got = fresh.find((q) => numbers.includes(q.number)) ?? (step.emergency ? fresh.find((q) => q.kind === 'emergency') : undefined)
      if (got && !step.same) { R[alias] = { id: got.id, number: got.number, owner: who }; known.add(got.number); mine.add(got.number); return got }
      if (step.same) {
        const target = await getRequest(R[step.same].number, R[step.same].id)
        if ((target.followers ?? 0) > (R[step.same].followers ?? 0)) return target
        const merged = fresh.find((q) => q.merged_into != null && String(q.merged_into).includes(R[step.same].number))
        if (merged) { known.add(merged.number); mine.add(merged.number); return merged }
        if (got) { R[`${step.same}-twin`] = { id: got.id, number: got.number, owner: who }; known.add(got.number); mine.add(got.number); fail(`the second report became ${got.number} of its own, not joined to ${R[step.same].number}`); return null }
      }
      const key = words.slice(0, 120); seen.set(key, (seen.get(key) ?? 0) + 1)
      if (seen.get(key) > 3) break
      let answer
      const offered = OFFER.test(words) && buttons.length > 0
      if (offered) { step.offered = true; step.offerText = words }
      const yes = find(replies, /^(是|对|就是|同一|加入|一起|跟着)/, /不是|新|另/)
      const no = find(replies, /不是|另|新的|别的|单独|分开/)
      const danger = find(replies, /快来人|有危险|正在危险/, /没/), safe = find(replies, /没有?危险|没人危险|不危险/)
      if (step.emergency && danger) answer = danger.text
      else if (!step.emergency && safe) answer = safe.text
      else if (offered && step.same && yes) answer = yes.text
      else if (offered && !step.same && no) answer = no.text
      else if (find(replies, /^同意/)) answer = find(replies, /^同意/).text
      else if (find(replies, /^(确认|对，?就|没错|提交)/)) answer = find(replies, /^(确认|对，?就|没错|提交)/).text
      else if (no && /补充|刚才|那件|原来/.test(words) && !step.same) answer = no.text
      else if (step.cat && find(replies, re(step.cat))) answer = find(replies, re(step.cat)).text
      else if (find(replies, /^(报修|要?登记|报上|要报|新的|另报|再报|是的|要$|好$|办)/)) answer = find(replies, /^(报修|要?登记|报上|要报|新的|另报|再报|是的|要$|好$|办)/).text
      else if (/回[“"「]?确认/.test(words)) answer = '确认'
      else if (/电话|手机号/.test(words) && /吗|？|\?|请|多少|几/.test(words)) answer = p.phone
      else if (/称呼|姓名|名字|叫什么|贵姓/.test(words)) answer = p.name
      else if (/哪栋|哪幢|地址|住哪|在哪|哪儿|哪里|哪个小区|哪个社区|几号楼|位置/.test(words)) answer = address
      else if (/什么时候|几点|哪天|时间/.test(words)) answer = fill(step.time ?? '都行', who)
      else if (find(replies, /跳过|不用|没有|先这样/)) answer = find(replies, /跳过|不用|没有|先这样/).text
      else if (/什么事|怎么了|说说|说一说|哪方面/.test(words)) answer = text
      else answer = turn % 2 ? address : text
      if (!answer) answer = text
      replies = await send(who, answer)
    }
    fail(step.same ? `no way to join ${R[step.same].number}: ${short(textOf(people[who].last))}` : `FILING ${alias}: no new number came; last: ${short(textOf(people[who].last))}`)
    return null
  }

  async function joined(alias, words, strict) {
    const q = await getRequest(R[alias].number, R[alias].id)
    const lines = q.history.filter(strict ? isResidentLine : isOwnLine).map((l) => l.note).join('\n')
    return words.every((w) => has(lines, w))
  }

  async function doSay(step) {
    const who = step.who ?? 'a', text = fill(step.say, who), group = step.group ? `${conv.id}-group` : undefined
    for (const alias of Object.keys(R)) R[alias].lines = (await getRequest(R[alias].number, R[alias].id)).history.length
    const wantsTold = [step.told, step.reply_or_told?.told].filter(Boolean).flat()
    const staffSeq = {}
    for (const user of new Set(wantsTold.flatMap((u) => (u === 'duty' ? ['wangli', 'lina'] : [u])))) staffSeq[user] = await settled(STAFF[user])
    let reply_to
    if (step.reply_to) { reply_to = R[step.reply_to]?.pushSeq; if (!reply_to) fail(`nothing was pushed about ${step.reply_to} that could be answered`) }
    const first = await send(who, text, { photo: step.photo, reply_to, group })
    let replies = first
    const tag = `“${short(text || '[照片]', 40)}”`
    if (!group && first.length === 0 && !fails.some((f) => f.startsWith('POST'))) fail(`${tag}: no reply`)
    if (step.ask) for (const want of step.ask) {
      const b = find(first, re(want))
      if (!b) fail(`${tag}: should ask with buttons that name each; none names ${want}; came: ${short(textOf(first))} [${buttonsOf(first).map((x) => x.label).join('|')}]`)
    }
    const targets = step.join ? [step.join].flat() : []
    const words = step.words ? step.words.map((w) => fill(w, who)) : text ? [text] : []
    const strict = !step.own
    if (targets.length && !step.line) {
      for (let round = 0; round < 2; round++) {
        let ok = true
        for (const t of targets) if (!(await joined(t, words, strict))) ok = false
        const needs = step.status && !step.status.includes((await getRequest(R[targets[0]].number, R[targets[0]].id)).status)
        if (ok && !needs) break
        const b = find(replies, /没有?危险|没人危险|不危险/) || (step.pick && find(replies, re(step.pick), /快来人/)) || find(replies, /^(是|对|就是|补充|加到|加上|说的是|这件|撤|不用来|不用了|没修好|没解决|重新|再修|打开|确认|好的)/, /不是|新|另|要收|不用了，|订阅|快来人|危险/)
        if (!b || (FORM.test(textOf(replies)) && !step.pick && !/危险/.test(b.label))) break
        replies = await send(who, b.text)
      }
      for (const t of targets) if (!(await joined(t, words, strict))) {
        const q = await getRequest(R[t].number, R[t].id)
        fail(`${tag}: not in the history of ${t} (${words.map((w) => short(w, 30)).join(' / ')}); it has ${JSON.stringify(q.history.slice(-2).map((l) => [l.kind, l.by, short(l.note, 40)]))}; reply: ${short(textOf(first))}`)
      }
      for (const alias of Object.keys(R)) if (!targets.includes(alias) && !step.also?.includes(alias)) {
        const q = await getRequest(R[alias].number, R[alias].id)
        if (words.length && words.every((w) => has(q.history.slice(R[alias].lines).map((l) => l.note).join('\n'), w))) fail(`${tag}: stands in the history of ${alias} too`)
      }
    } else if (step.pick && find(replies, re(step.pick))) replies = await send(who, find(replies, re(step.pick)).text)
    if (step.line) { // something of the resident's was added, wording free
      for (const t of targets) {
        let q = await getRequest(R[t].number, R[t].id)
        const done = () => q.history.slice(R[t].lines).some((l) => isOwnLine(l))
        const want = () => done() && (!step.after || Object.entries(step.after).every(([k, v]) => matches(q, k, v, who)))
        for (let round = 0; round < 2 && !want(); round++) {
          const b = (step.pick && find(replies, re(step.pick))) || find(replies, /^(是|对|就是|改|确认|更新|好)/, /不是|新|另/)
          if (!b || (FORM.test(textOf(replies)) && !step.pick)) break
          replies = await send(who, b.text); q = await getRequest(R[t].number, R[t].id)
        }
        if (!done()) fail(`${tag}: no line of the resident was added to ${t}; reply: ${short(textOf(first))}`)
      }
    }
    if (step.new) {
      const f = await fileLoop(who, { ...step, emergency: step.emergency }, replies, step.new)
      if (f && step.kind && f.kind !== step.kind) fail(`${tag}: the new request is ${f.kind}, not ${step.kind}`)
      const must = (step.newWords ?? []).map((w) => fill(w, who))
      if (f) { const q = await getRequest(f.number, f.id); const hay = [q.description, q.address, q.category, ...q.history.map((l) => l.note)].join('\n'); for (const w of must) if (!re(w).test(hay)) fail(`${tag}: the new request lacks ${w}: ${short(hay)}`) }
    }
    if (step.apart || (step.new && !targets.length)) {
      for (const alias of Object.keys(R)) if (alias !== step.new) {
        const q = await getRequest(R[alias].number, R[alias].id)
        const added = q.history.slice(R[alias].lines ?? q.history.length)
        if (added.some((l) => l.by === '居民' || l.kind === 'resident')) fail(`${tag}: must not join ${alias}, yet ${JSON.stringify(added.map((l) => [l.kind, l.by, short(l.note, 40)]))}`)
      }
    }
    const fresh = await newOnes()
    if (fresh.length) { fail(`${tag}: a new request ${fresh.map((q) => `${q.number} ${q.kind} ${short(q.description, 30)}`).join(', ')}`); fresh.forEach((q) => { known.add(q.number); mine.add(q.number) }) }
    const text1 = textOf(first)
    if (step.clause) {
      const cited = first.some((q) => q.citations?.length) || CLAUSE.test(text1)
      if (!cited) fail(`${tag}: the policy question was not answered: ${short(text1)}`)
    } else if (first.some((q) => q.citations?.length) || CLAUSE.test(text1)) fail(`${tag}: a clause is quoted: ${short(text1)}`)
    if (!step.loose) {
      if (NOT_UNDERSTOOD.test(text1)) fail(`${tag}: not understood: ${short(text1)}`)
      if (!step.new && (FORM.test(text1) || first.some((q) => q.kind === 'confirm' && q.buttons?.some((b) => b.label === '修改')))) fail(`${tag}: a form opens: ${short(text1)}`)
    }
    if (step.reply && !re(fill(step.reply, who)).test(text1 + '\n' + textOf(replies))) fail(`${tag}: the reply lacks /${step.reply}/: ${short(text1)}`)
    if (step.not && re(fill(step.not, who)).test(text1 + '\n' + textOf(replies))) fail(`${tag}: the reply holds /${step.not}/: ${short(text1)}`)
    if (step.safety && !SAFE.test(text1)) fail(`${tag}: no safety words: ${short(text1)}`)
    const toldOf = async (users, ms) => until(ms, async () => {
      for (const user of users.flatMap((u) => (u === 'duty' ? ['wangli', 'lina'] : [u]))) for (const m of await pushes(STAFF[user], staffSeq[user]))
        if ((words.length && words.some((w) => has(m.text, w))) || [...targets, ...Object.keys(R)].some((t) => R[t] && m.text.includes(R[t].number))) return true
      return false
    })
    if (step.told && !(await toldOf([step.told].flat(), 5000))) fail(`${tag}: ${step.told} was not told`)
    if (step.reply_or_told && !re(fill(step.reply_or_told.reply, who)).test(text1) && !(await toldOf([step.reply_or_told.told].flat(), 5000)))
      fail(`${tag}: neither answered /${step.reply_or_told.reply}/ nor passed to ${step.reply_or_told.told}: ${short(text1)}`)
    if (step.anywhere) {
      const all = (await allRequests()).filter((q) => mine.has(q.number))
      for (const w of step.anywhere) if (!all.some((q) => has([q.description, ...q.history.map((l) => l.note)].join('\n'), w))) fail(`${tag}: “${w}” stands nowhere`)
    }
    if (step.status && targets.length) { const q = await getRequest(R[targets[0]].number, R[targets[0]].id); if (!step.status.includes(q.status)) fail(`${tag}: ${targets[0]} is ${q.status}, not ${step.status.join('|')}`) }
    if (step.after && targets.length) { const q = await getRequest(R[targets[0]].number, R[targets[0]].id); for (const [k, v] of Object.entries(step.after)) if (!matches(q, k, v, who)) fail(`${tag}: ${targets[0]}.${k} is ${JSON.stringify(get(q, k))}, not ${fill(v, who)}`) }
  }
  const get = (q, path) => path.split('.').reduce((o, k) => (o == null ? o : o[k]), q)
  function matches(q, key, pattern, who) {
    const v = get(q, key), want = fill(pattern, who)
    if (want === 'null') return v == null
    if (v == null) return false
    return want.startsWith('!') ? !re(want.slice(1)).test(String(v)) : re(want).test(typeof v === 'object' ? JSON.stringify(v) : String(v))
  }

  for (const step of conv.steps) {
    try {
      if (step.file || step.same) {
        const who = step.who ?? 'a'
        if (step.same) { const q = await getRequest(R[step.same].number, R[step.same].id); R[step.same].followers = q.followers ?? 0 }
        const replies = await send(who, fill(step.text, who), { photo: step.photo })
        const got = await fileLoop(who, step, replies, step.file ?? step.same)
        if (step.same && !step.offered) fail(`the same matter was not offered as 是不是这件事`)
        if (!got && step.file) break
        if (got && step.file && step.calm !== false) { const no = find(people[who].last, /^不用了$/); if (no && step.calm) await send(who, no.text) }
        if (got && step.expectKind && got.kind !== step.expectKind) fail(`filed as ${got.kind}, not ${step.expectKind}`)
      } else if (step.staff) {
        const r = R[step.staff]
        const owner = people[r.owner], seq = await lastSeq(owner.conversation)
        const seqs = {}
        for (const k of step.push ?? []) seqs[k] = await lastSeq(people[k].conversation)
        const body = { by: step.by ?? 'wangli' }
        for (const k of ['status', 'note', 'internal_note', 'assignee', 'category', 'address', 'phone', 'due_at']) if (step[k] !== undefined) body[k] = fill(step[k], r.owner)
        let done = await api('PATCH', `/api/v1/requests/${r.id}`, body)
        if (done.status >= 400) {
          fail(`PATCH ${JSON.stringify(body)} is ${done.status} ${short(done.text, 200)}`)
          const { status, note } = body // what the service had from the start
          if (status) done = await api('PATCH', `/api/v1/requests/${r.id}`, { status, ...(note ? { note } : {}) })
        }
        if (done.status === 200 && body.assignee && (done.data?.request ?? done.data)?.assignee !== body.assignee) fail(`PATCH: assignee is ${(done.data?.request ?? done.data)?.assignee}`)
        say0(`staff: ${JSON.stringify(body)} -> ${done.status}`)
        if (step.note || step.push) {
          const m = await until(4000, async () => (await pushes(owner.conversation, seq)).findLast((x) => !step.note || has(x.text, fill(step.note, r.owner))))
          if (m) { r.pushSeq = m.seq; say0(`   push ${m.seq}: ${short(m.text)}`) } else fail(`the resident was not told of ${JSON.stringify(body)}`)
        }
        for (const k of step.push ?? []) if (!(await until(4000, async () => (await pushes(people[k].conversation, seqs[k])).length > 0))) fail(`${k} was not told of ${JSON.stringify(body)}`)
      } else if (step.say !== undefined) await doSay(step)
      else if (step.press) {
        const who = step.who ?? 'a', b = find(people[who].last, re(step.press))
        if (b) await send(who, b.text); else if (!step.optional) fail(`no button /${step.press}/`)
      } else if (step.check) {
        const q = await getRequest(R[step.check].number, R[step.check].id)
        for (const [k, v] of Object.entries(step.is ?? {})) if (!matches(q, k, v, R[step.check].owner)) fail(`${step.check}.${k} is ${short(JSON.stringify(get(q, k)))}, not ${v}`)
        if (step.status && !step.status.includes(q.status)) fail(`${step.check} is ${q.status}, not ${step.status.join('|')}`)
        if (step.photos && !(q.photos?.length >= step.photos)) fail(`${step.check} has ${q.photos?.length ?? 'no'} photos, not ${step.photos}`)
        if (step.lines) for (const [kind, by, w] of step.lines) if (!q.history.some((l) => re(kind).test(l.kind) && re(by).test(l.by) && has(l.note, fill(w, 'a')))) fail(`${step.check}: no line ${kind} by ${by} with ${w}`)
        if (step.nothas) for (const w of step.nothas) if (q.history.some((l) => has(l.note, fill(w, 'a')))) fail(`${step.check} must not hold ${w}`)
        if (step.once) for (const w of step.once) { const n = q.history.filter((l) => has(l.note, w)).length; if (n !== 1) fail(`${step.check} holds ${w} ${n} times`) }
      }
    } catch (e) { fail(`step ${JSON.stringify(step).slice(0, 80)}: ${e.message}`); if (trace) console.log(e); break }
  }
  // Nothing reached anybody else.
  const after = await allRequests()
  const foreignAfter = foreignLines(after, mine)
  if (foreignAfter !== foreignBefore) fail(`lines of residents were added to requests of other conversations (${foreignAfter - foreignBefore})`)
  if ((await lastSeq('bystander-chat')) !== seqBystander) fail('a bystander was told something')
  for (const key of Object.keys(people)) {
    const said = [...(await pushes(people[key].conversation)).map((m) => m.text), textOf(people[key].last)].join('\n')
    for (const other of Object.keys(people)) if (other !== key && (said.includes(people[other].phone) || said.includes(people[other].phone2)) && !conv.shared) fail(`${key} was told the telephone of ${other}`)
  }
  // A matter must have one answer of every history line: kinds are of the contract.
  const KINDS = new Set(['status', 'resident', 'staff_note', 'internal', 'assignment', 'correction', 'photo', 'escalation', 'alert'])
  const odd = after.filter((q) => mine.has(q.number)).flatMap((q) => q.history).find((l) => !KINDS.has(l.kind) && !(lenient && l.kind === undefined))
  if (odd) fail(`a history line is of kind ${odd.kind}`)
  return { fails, log }
}

async function main() {
  const log = openSync(logFile, 'w')
  child = spawn(process.execPath, ['src/start.mjs', 'src/main.ts'], { cwd: folder, env, stdio: ['ignore', log, log] })
  let died = null; child.on('exit', (code) => { died = code ?? -1 })
  const up = await until(120_000, async () => { if (died !== null) throw new Error(`the service ended with ${died}: ${readFileSync(logFile, 'utf8').slice(-2000)}`); return (await globalThis.fetch(`${base}/readyz`).catch(() => null))?.ok })
  if (!up) throw new Error('the service was not ready in 120 s')
  await linli('staff-add', 'wangli', '--role', 'staff', '--name', '王丽')
  await linli('staff-add', 'lina', '--role', 'staff', '--name', '李娜')
  const problems = []
  for (const user of Object.keys(STAFF)) {
    const code = (await linli('staff-code', user)).split(/\s+/).at(-1)
    const r = await api('POST', '/api/v1/messages', { id: `bind-${user}`, conversation: STAFF[user], sender: { id: `staff-${user}`, name: user }, text: `绑定 ${code}` })
    if (trace) console.log(`bind ${user}: ${short(r.text)}`)
  }
  const week = (plus) => { const d = new Date(Date.parse(day(plus))); d.setUTCDate(d.getUTCDate() + 4 - (d.getUTCDay() || 7)); const y = d.getUTCFullYear(); return { key: `${y}-W${String(Math.ceil(((d - Date.UTC(y, 0, 1)) / 864e5 + 1) / 7)).padStart(2, '0')}`, monday: new Date(+d - 3 * 864e5) } }
  for (const w of [week(0), week(7)]) {
    const days = Array.from({ length: 7 }, (_, i) => ({ date: new Date(+w.monday + i * 864e5).toISOString().slice(0, 10), person: 'wangli', deputy: 'lina' }))
    const r = await api('PUT', `/api/v1/duty?week=${w.key}`, { days })
    if (r.status !== 200 && r.status !== 204) problems.push(`PUT /api/v1/duty?week=${w.key} is ${r.status} ${short(r.text)}`)
  }
  await api('POST', '/api/v1/messages', { id: 'by-1', conversation: 'bystander-chat', sender: { id: 'bystander', name: '路人' }, text: '你好' })
  if (!quiet) for (const p of problems) console.log(`set-up: ${p}`)
  await until(15_000, async () => /learnt last|read by/.test(readFileSync(logFile, 'utf8'))) // the reader has loaded; if it never says so, go on

  let right = 0; const table = []
  for (const [i, conv] of conversations.entries()) {
    if (trace) console.log(`\n== ${conv.id} ${conv.about ?? ''}`)
    const { fails } = await play(conv, i)
    table.push({ id: conv.id, fails })
    if (fails.length === 0) right++
    else if (quiet) console.log(conv.id)
    else { console.log(`${conv.id} ${conv.about ?? ''}`); for (const f of fails) console.log(`    ${f}`) }
    if (died !== null) { console.log(`the service ended with ${died}`); break }
  }
  if (jsonOut) writeFileSync(jsonOut, JSON.stringify(table))
  console.log(`RIGHT ${right} of ${conversations.length}`)
  child.kill('SIGTERM')
  await until(10_000, async () => died !== null) || child.kill('SIGKILL')
}
main().then(() => process.exit(0), (e) => { console.error(e); process.exit(1) })
