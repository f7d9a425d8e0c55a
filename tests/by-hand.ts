import pg from 'pg'
import { startService } from '/work/wt/several/src/commands/bench/service-process.ts'
import { startProxy } from '/work/wt/several/tests/support/proxy.ts'
const base = process.argv[2]!
const name = `t${Date.now()}`
const c = new pg.Client({ connectionString: `${base}/postgres` }); await c.connect(); await c.query(`create database ${name}`); await c.end()
const url = `${base}/${name}`
const t0 = Date.now(); const lap = (s: string) => console.log(((Date.now() - t0) / 1000).toFixed(1), s)
const start = () => startService({ dataDirectory: `/tmp/sev/${name}`, environment: { DATABASE_URL: url, LOG_LEVEL: 'warn', EMBEDDING_MODEL_DIR: '/tmp/sev/none', KNOWLEDGE_DIR: '/tmp/sev/knowledge', XDG_CACHE_HOME: '/tmp/sev/none', HF_ENDPOINT: 'http://127.0.0.1:9' } })
const services = await Promise.all([start(), start(), start()]); lap('started')
const proxy = await startProxy(); proxy.backends = services.map((s) => s.url)
let n = 0
const say = async (resident: string, id: string, text: string) => {
  for (;;) {
    const at = Date.now()
    const a = await fetch(`${proxy.url}/api/v1/messages`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: 'Bearer token-of-a-service-started-by-hand' }, body: JSON.stringify({ id, conversation: resident, sender: { id: resident }, text }) }).catch((e) => { lap(String(e)); return undefined })
    n++
    if (Date.now() - at > 3000) lap(`${id} took ${Date.now() - at}`)
    if (a?.status === 200) return (await a.json()) as { replies: { text: string }[] }
    lap(`${id} ${a?.status} ${await a?.text()}`)
    await new Promise((r) => setTimeout(r, 200))
  }
}
const watch = setInterval(() => lap(`calls ${n}`), 5000)
const w = async (r: string) => { for (let v = 0; v < 2; v++) for (const [i, t] of [`${v + 1}号楼楼道灯坏了，我叫刘桂兰，电话13800138001`, '同意', '确认'].entries()) await say(r, `${r}-${v}-${i}`, t) }
const h = async (r: string) => { for (let v = 0; v < 2; v++) await Promise.all(['志愿者怎么报名', '你好', '楼道灯坏了', '取消'].map((t, i) => say(r, `${r}-${v}-${i}`, t))) }
await Promise.all([w('a'), w('b'), h('c'), h('d')]); lap('done')
clearInterval(watch)
for (const s of services) { console.log(s.output().slice(0, 1500)); await s.stop() }
lap('stopped'); await proxy.close(); process.exit(0)
