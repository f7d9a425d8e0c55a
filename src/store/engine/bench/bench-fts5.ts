import Database from 'better-sqlite3'

/** How SQLite's FTS5 is to read: `trigram` reads Chinese by itself, `unicode61` needs it cut into terms with blanks between them. */
export type Fts5Tokenizer = 'unicode61' | 'trigram'

/** A peer for `bench`: SQLite's full-text index, in memory, ranked by its own BM25. */
export class Fts5Index {
  readonly #database: Database.Database
  readonly #search: Database.Statement<[string, number], { rowid: number }>

  constructor(rows: readonly (readonly string[])[], tokenizer: Fts5Tokenizer) {
    const columns = Array.from({ length: rows[0]?.length ?? 1 }, (_, place) => `column${place}`)
    this.#database = new Database(':memory:')
    this.#database.exec(`CREATE VIRTUAL TABLE passages USING fts5(${columns.join(', ')}, tokenize = '${tokenizer}')`)
    const insert = this.#database.prepare(`INSERT INTO passages (rowid, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`)
    this.#database.transaction(() => {
      for (const [position, row] of rows.entries()) insert.run(position + 1, ...row)
    })()
    this.#search = this.#database.prepare('SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?')
  }

  /** Positions of the rows that have any of the terms, best first. */
  rank(terms: readonly string[], limit: number): number[] {
    if (terms.length === 0) return []
    const query = [...new Set(terms)].map((term) => `"${term.replaceAll('"', '""')}"`).join(' OR ')
    return this.#search.all(query, limit).map(({ rowid }) => rowid - 1)
  }

  close(): void {
    this.#database.close()
  }
}
