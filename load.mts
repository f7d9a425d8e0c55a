// usage: node --import tsx load.mts TREE VISITS [prof-dir]
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { spawn } from 'node:child_process'
import http from 'node:http'
const [tree, visitsArg, prof] = process.argv.slice(2)
const visits = Number(visitsArg)
const { freePort } = await import(`${tree}/src/commands/bench/service-process.ts`)
const { measureFloor } = await import(`${tree}/src/store/engine/bench-floor.ts`)
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-load-'))
const port = await freePort()
const args = JSON.parse(fs.readFileSync(path.join(tree, 'package.json'), 'utf8')).scripts.start.split(' ').slice(1)
const child = spawn(process.execPath, [...(prof ? ['--cpu-prof', `--cpu-prof-dir=${prof}`, '--cpu-prof-interval=500'] : []), ...args], { cwd: tree, stdio: 'inherit', env: { ...process.env, DATA_DIR: path.join(dir, 'data'), PORT: String(port), HOST: '127.0.0.1', LINLI_API_TOKEN: 't'.repeat(40), LOG_LEVEL: 'error' } })
const agent = new http.Agent({ keepAlive: true, maxSockets: 20 })
const call = (method, route, body) => new Promise((resolve, reject) => {
  const payload = body && Buffer.from(JSON.stringify(body))
  const r = http.request({ agent, host: '127.0.0.1', port, method, path: route, headers: { authorization: `Bearer ${'t'.repeat(40)}`, ...(payload && { 'content-type': 'application/json', 'content-length': payload.length }) } }, (res) => { const c = []; res.on('data', (d) => c.push(d)); res.on('end', () => resolve(Buffer.concat(c).toString())) })
  r.on('error', reject); r.end(payload)
})
for (;;) { try { if ((await call('GET', '/readyz')).includes('hybrid')) break } catch {} await new Promise((r) => setTimeout(r, 100)) }
const look = async () => { const t = await call('GET', '/metrics'); const f = (n) => Number(new RegExp(`^${n}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(t)?.[1]); return { cpu: f('process_cpu_seconds_total'), user: f('process_cpu_user_seconds_total'), rss: f('process_resident_memory_bytes') / 1048576, lag: f('nodejs_eventloop_lag_max_seconds') * 1000 } }
const V = ['幸福小区3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', '同意', '确认', '查进度']
let turns = 0
const talk = async (name, n) => { let id = 0; for (let v = 0; v < n; v++) for (const text of v === 0 ? V : [V[0], V[2], V[3]]) { const out = JSON.parse(await call('POST', '/api/v1/messages', { id: `m${id++}`, conversation: name, sender: { id: name, name: '刘桂兰' }, text })); if (!out.replies?.length) throw new Error(JSON.stringify(out)); turns++ } }
await Promise.all(Array.from({ length: 16 }, (_, i) => talk(`w${i}`, 2)))
const before = await look(); turns = 0; const t0 = performance.now()
await Promise.all(Array.from({ length: 16 }, (_, i) => talk(`c${i}`, visits)))
const wall = performance.now() - t0; const after = await look()
const n = turns
let q = 0; const t1 = performance.now(); const qs = ['社区志愿者要占居民多少', '物业跑路了楼没人管怎么办', '社区服务站面积多大', '零就业家庭有什么帮助']
for (; q < 40; q++) await call('POST', '/api/v1/messages', { id: `q${q}`, conversation: 'q', sender: { id: 'q' }, text: `${qs[q % 4]}？我住${q}号楼` })
const afterQ = await look()
const c0 = process.cpuUsage(); const perSecond = measureFloor(path.join(dir, 'floor.db'), 3); const c1 = process.cpuUsage(c0)
const floorTurns = perSecond * 3
console.log(`${path.basename(tree)}: ${n} turns; service CPU ${((after.cpu - before.cpu) / n * 1000).toFixed(2)} ms/turn; wall ${(n / wall * 1000).toFixed(0)}/s; question CPU ${((afterQ.cpu - after.cpu) / 40 * 1000).toFixed(1)} ms, wall ${((performance.now() - t1) / 40).toFixed(0)}; floor CPU ${((c1.user + c1.system) / 1000 / floorTurns).toFixed(3)} ms/turn, ${perSecond.toFixed(0)}/s; share by CPU ${(((c1.user + c1.system) / 1000 / floorTurns) / ((after.cpu - before.cpu) / n * 1000) * 100).toFixed(1)} %; rss ${after.rss.toFixed(0)}; lag ${after.lag.toFixed(0)}`)
const done = new Promise((r) => child.once('exit', r)); child.kill('SIGTERM'); agent.destroy(); await done
fs.rmSync(dir, { recursive: true, force: true })
