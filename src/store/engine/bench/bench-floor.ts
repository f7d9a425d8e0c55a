import Database from 'better-sqlite3'
import type { Store } from '../store.ts'

/**
 * The floor of the benchmark: turns per second of raw better-sqlite3 (WAL, synchronous=FULL) when each turn is what ours is to the
 * disk: one durable transaction that stores the message, a second one that marks it, keeps the draft and adds the reply.
 * @param seconds how long to run, 1..60
 */
export function measureFloor(file: string, seconds: number): number {
  const database = new Database(file)
  try {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.exec(`CREATE TABLE inbound (id TEXT PRIMARY KEY, external TEXT UNIQUE, body TEXT, at TEXT, decided TEXT, replies TEXT);
      CREATE TABLE draft (conversation TEXT PRIMARY KEY, state TEXT); CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, body TEXT, status TEXT)`)
    const store = database.prepare('INSERT INTO inbound (id, external, body, at) VALUES (?, ?, ?, ?)')
    const mark = database.prepare('UPDATE inbound SET decided = ?, replies = ? WHERE id = ?')
    const keep = database.prepare('INSERT INTO draft (conversation, state) VALUES (?, ?) ON CONFLICT (conversation) DO UPDATE SET state = excluded.state')
    const queue = database.prepare("INSERT INTO outbox (key, body, status) VALUES (?, ?, 'sent')")
    const body = '幸福小区3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001'
    const state = JSON.stringify({ form: 'service_request', values: { description: body, name: '刘桂兰' }, asked: ['name', 'phone'] })
    const decide = database.transaction((id: string, turn: number) => {
      mark.run(new Date().toISOString(), state, id)
      keep.run(`c${turn % 16}`, state)
      queue.run(`reply:${id}`, body + body)
    })
    const startedAt = performance.now()
    let turns = 0
    while (performance.now() - startedAt < seconds * 1000) {
      const id = `m${turns}`
      store.run(id, id, body, new Date().toISOString())
      decide(id, turns)
      turns += 1
    }
    return (turns / (performance.now() - startedAt)) * 1000
  } finally {
    database.close()
  }
}

const CHUNK = 1_000

/** Subscribers with one private conversation each, whose ids there are numbers. */
export async function addBenchAudience(store: Store, count: number, now: Date, { channel, account } = { channel: 'bench', account: 'bench' }): Promise<void> {
  for (let start = 0; start < count; start += CHUNK) {
    const ids = Array.from({ length: Math.min(CHUNK, count - start) }, (_, index) => `bench-${start + index}`)
    await store.write(async (transaction) => {
      await transaction.person.createMany({ data: ids.map((id) => ({ id, isSubscribed: true, createdAt: now })) })
      await transaction.conversation.createMany({ data: ids.map((id, index) => ({ id, channel, account, kind: 'private', externalId: String(1_000_000 + start + index), personId: id, createdAt: now })) })
    })
  }
}
