import { Command, Option } from 'commander'
import fs from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SetupError } from '../domain/errors.ts'
import { listAnnouncements } from '../outbox/announcements.ts'
import type { Page } from '../store/requests/requests.ts'
import { loadKnowledge } from '../knowledge/documents/load.ts'
import { announcementSheet, requestSheet, volunteerSheet } from '../web/sheets.ts'
import { csvTable, toCells, toXlsx, type Sheet } from '../web/tables.ts'
import { listRequests } from '../store/requests/requests.ts'
import { listVolunteers } from '../store/volunteers/volunteers.ts'
import { endQuietlyOnClosedPipe, tell, withStore } from './output.ts'

const KINDS = ['requests', 'volunteers', 'announcements'] as const
const FORMATS = ['jsonl', 'csv', 'xlsx'] as const
const PAGE = 500

interface Options {
  format: (typeof FORMATS)[number]
  output?: string
}

/** `export requests|volunteers|announcements --format jsonl|csv|xlsx [--output FILE]`: newest first; jsonl as the HTTP API gives it, tables for staff. */
export function exportCommand(): Command {
  return new Command('export')
    .description('导出工单、志愿者或公告')
    .addOption(new Option('--format <format>', '格式').choices(FORMATS).default('jsonl'))
    .option('--output <file>', '写到文件；不写就打印出来')
    .argument('<kind>', KINDS.join(' | '))
    .action((kind: string, options: Options) => {
      endQuietlyOnClosedPipe()
      return withStore(async ({ store, config }) => {
        switch (kind) {
          case 'requests':
            return write(requestSheet, everyPage((page) => listRequests(store, {}, page)), options)
          case 'volunteers':
            return write(volunteerSheet, everyPage((page) => listVolunteers(store, {}, page)), options)
          case 'announcements': {
            const { areas } = await loadKnowledge(config.knowledgeDirectory)
            return write(announcementSheet, everyPage((page) => listAnnouncements({ store, areas }, page)), options)
          }
          default:
            throw new SetupError(`不能导出“${kind}”，能导出的是：${KINDS.join('、')}`)
        }
      })
    })
}

async function* everyPage<T>(read: (page: { limit: number; cursor?: string }) => Promise<Page<T> | null>): AsyncGenerator<T> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page<T> | null = await read({ limit: PAGE, ...(cursor !== undefined && { cursor }) })
    if (page === null) throw new SetupError('导出到一半，有记录刚好被删掉了。请再导出一次。')
    yield* page.items
    cursor = page.nextCursor
  }
}

async function write<T>(sheet: Sheet<T>, records: AsyncIterable<T>, options: Options): Promise<void> {
  // A half-written file must not stand in the place of a whole one.
  const part = options.output === undefined ? undefined : `${options.output}.part`
  const out = part === undefined ? process.stdout : fs.createWriteStream(part)
  const end = { end: part !== undefined }
  try {
    if (options.format === 'xlsx') await pipeline(Readable.from([await toXlsx(sheet, records)]), out, end)
    else if (options.format === 'csv') await pipeline(Readable.from(toCells(sheet, records)), csvTable(sheet.columns.map(([name]) => name)), out, end)
    else await pipeline(Readable.from(toLines(sheet, records)), out, end)
  } catch (error) {
    if (part === undefined) throw error
    fs.rmSync(part, { force: true })
    throw new SetupError(`写不了 ${options.output}：${error instanceof Error ? error.message : String(error)}。请换一个文件夹，或者看看磁盘满没满。`, { cause: error })
  }
  if (part === undefined || options.output === undefined) return
  fs.renameSync(part, options.output)
  tell(`已导出到 ${options.output}`)
}

async function* toLines<T>(sheet: Sheet<T>, records: AsyncIterable<T>): AsyncGenerator<string> {
  for await (const record of records) yield `${JSON.stringify(sheet.toJson(record))}\n`
}
