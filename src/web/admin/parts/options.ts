import type { Context } from 'hono'
import type { Logger } from 'pino'
import type { Channel, ChannelStatus } from '../../../domain/messages/channel.ts'
import type { BackupState } from '../../../outbox/sweeps/nightly-backup.ts'
import type { Answer, KnowledgeDocument } from '../../../domain/answers.ts'
import type { Deadlines } from '../../../domain/requests/deadlines.ts'
import type { Area } from '../../../domain/services.ts'
import type { CatalogueServices } from '../../../desk/services.ts'
import type { AnsweringServices } from '../../../desk/knowledge/answer-questions.ts'
import type { Library } from '../../../desk/knowledge/library-change.ts'
import type { OfficeServices } from '../../../desk/office/save-office.ts'
import type { TalkLearning } from '../../../knowledge/learn/retrain/reader-service.ts'
import type { QuestionLearning } from '../../../knowledge/learn/question-learning.ts'
import type { StaffSessionRecord } from '../../../store/staff/sessions.ts'
import type { Photos } from '../../../store/pictures/photos.ts'
import type { Pictures } from '../../../store/pictures/pictures.ts'
import type { Store } from '../../../store/engine/store.ts'
import type { Assets } from '../../assets.ts'
import type { Script } from './htmx.ts'

/** One account as the pages show it. */
export interface ChannelView {
  id: string
  account: string
  status: ChannelStatus
  capabilities: Channel['capabilities']
}

export interface AdminOptions {
  store: Store
  /** What is wrong with what the service stands on, for every page; [] when nothing is. */
  banners: () => readonly string[]
  /** What the operations of the desk stand on. */
  desk: CatalogueServices
  areas: readonly Area[]
  deadlines: Deadlines
  /** The documents of the knowledge folder, for the list of clauses. */
  documents: () => readonly KnowledgeDocument[]
  /** One sentence on how questions are answered now (by the model or by words alone), for staff. */
  answererState: () => { isComplete: boolean; detail: string }
  /** What a resident would be answered; nothing is kept of it. */
  ask: (question: string) => Promise<Answer>
  /** What is learnt from questions that were not answered well. */
  learning: QuestionLearning
  /** Makes typical questions and gaps that were just added or taken back count. Resolves when they do. */
  reloadKnowledge: () => Promise<void>
  /** What is learnt from messages that were not understood; null where nothing reads by what was learnt. */
  talk: TalkLearning | null
  pictures: Pictures
  photos: Pick<Photos, 'read' | 'clear'>
  /** What the office says of itself, and how that is changed. */
  office: OfficeServices
  /** How typed answers reach those who asked. */
  answering: AnsweringServices
  /** The documents, and what is done to them. */
  library: Library
  /** What is known of the backups. */
  backups: () => Promise<BackupState>
  channels: () => ChannelView[]
  wakeOutbox: () => void
  log: Logger
  now: () => Date
}

/** What the pages work with. */
export interface AdminServices extends AdminOptions {
  assets: Assets
  htmx: Script
}

/** What the guard finds out before a page runs. */
export interface AdminVariables {
  session: StaffSessionRecord
  /** Sentence about what was just done; '' = nothing. */
  flash: string
  form: URLSearchParams
  /** A file that came with the form; null = none was chosen. */
  upload: File | null
}

export interface AdminEnv {
  Variables: AdminVariables
}

export type AdminContext = Context<AdminEnv>
