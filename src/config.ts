import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { SetupError } from './domain/errors.ts'
import { RETENTION_BOUNDS, USUAL_RETENTION, type Retention } from './domain/retention.ts'
import { tidySettings } from './settings.ts'

const PROJECT_ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

const blankIsAbsent = (value: unknown) => (value === '' ? undefined : value)
const text = z.preprocess(blankIsAbsent, z.string().optional())
const url = z.preprocess(blankIsAbsent, z.url({ protocol: /^https?$/ }).optional())
const limit = z.preprocess(blankIsAbsent, z.coerce.number('must be a whole number').int().min(1).max(100_000).optional())
const period = (name: keyof Retention) => {
  const { least, most } = RETENTION_BOUNDS[name]
  const bounds = `must be a whole number from ${least} to ${most}`
  return z.preprocess(blankIsAbsent, z.coerce.number(bounds).int(bounds).min(least, bounds).max(most, bounds).default(USUAL_RETENTION[name]))
}
/** A link with a name and a password in it would be shown to residents. */
const shownUrl = z.preprocess(blankIsAbsent, z.url({ protocol: /^https?$/ }).refine((value) => new URL(value).username === '' && new URL(value).password === '', 'must hold no name or password: residents see it').optional())
const secret = z.preprocess(blankIsAbsent, z.string().min(16, 'must have at least 16 characters').optional())
const AddressRange = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'must be addresses or networks with commas, e.g. 10.0.0.5,172.16.0.0/12, or none')
const proxies = z.preprocess(
  (value) => (typeof value !== 'string' || value === '' ? undefined : value === 'none' ? [] : value.split(/[\s,;]+/).filter((part) => part !== '')),
  z.array(AddressRange).default(['127.0.0.0/8', '::1']),
)
const flag = z.preprocess(blankIsAbsent, z.enum(['true', 'false']).optional())

const Environment = z.object({
  DATABASE_URL: z.preprocess(blankIsAbsent, z.string().regex(/^(file:.+|postgres(ql)?:\/\/\S+\/\S+)$/, 'must be file:… or postgresql://user:password@host:5432/database').optional()),
  DATA_DIR: z.preprocess(blankIsAbsent, z.string().default('./data')),
  PORT: z.preprocess(blankIsAbsent, z.coerce.number('must be a number from 0 to 65535, e.g. 8080').int().min(0).max(65535).default(8080)),
  PUBLIC_URL: shownUrl,
  HOST: z.preprocess(blankIsAbsent, z.string().default('127.0.0.1')),
  KNOWLEDGE_DIR: text,
  TRUSTED_PROXIES: proxies,
  METRICS_TOKEN: secret,
  LINLI_API_TOKEN: secret,
  WEBHOOKS_URL: url,
  WEBHOOKS_SECRET: secret,
  ADMIN_USER: text,
  ADMIN_PASSWORD: text,
  QUIET_HOURS: z.preprocess(blankIsAbsent, z.string().regex(/^(off|([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)$/, 'must be HH:MM-HH:MM or off').default('21:30-07:30')),
  RETENTION_DRAFT_HOURS: period('draftHours'),
  RETENTION_MESSAGE_DAYS: period('messageDays'),
  RETENTION_REQUEST_YEARS: period('requestYears'),
  LOG_LEVEL: z.preprocess(blankIsAbsent, z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info')),
  TELEGRAM_BOT_TOKEN: text,
  TELEGRAM_API_ROOT: url,
  TELEGRAM_WEBHOOK_URL: url,
  TELEGRAM_WEBHOOK_SECRET: z.preprocess(blankIsAbsent, z.string().regex(/^[A-Za-z0-9_-]{1,256}$/, 'must be 1 to 256 of A-Z a-z 0-9 _ -, as Telegram wants it').optional()),
  WECHATY_PUPPET: text,
  WECHATY_PUPPET_SERVICE_TOKEN: text,
  WECHATY_PUPPET_SERVICE_ENDPOINT: text,
  WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT: flag,
  WECHAT_IGNORED_SENDERS: text,
  WECHAT_ANNOUNCEMENTS_PER_HOUR: limit,
  WECHAT_ANNOUNCEMENTS_PER_DAY: limit,
  WECOM_BOT_ID: text,
  WECOM_BOT_SECRET: text,
  WECOM_BOT_NAME: text,
  WECOM_WS_URL: z.preprocess(blankIsAbsent, z.url({ protocol: /^wss?$/ }).optional()),
  WECOM_GROUP_WEBHOOKS: text,
  OPENAI_API_KEY: text,
  OPENAI_BASE_URL: url,
  CHAT_MODEL: text,
  EMBEDDING_MODEL: text,
  EMBEDDING_MODEL_DIR: text,
  HF_ENDPOINT: url,
  XDG_CACHE_HOME: text,
  BACKUP_DIR: text,
  BACKUPS_KEPT: z.preprocess(blankIsAbsent, z.coerce.number('must be a whole number, 0 = no nightly backup').int().min(0).max(1_000).default(7)),
})

export interface Config {
  /** What was mended in the settings or looks like a slip, one sentence each; they hold no value. */
  remarks: readonly string[]
  databaseUrl: string
  dataDirectory: string
  /** Where vectors are kept between starts. */
  cacheDirectory: string
  /** Where keys are kept that must not lie in the database. */
  keysDirectory: string
  /** Where the pictures of announcements are kept. */
  picturesDirectory: string
  /** Where the photos that residents send are kept. */
  photosDirectory: string
  /** `kept` of the nightly ones; 0 = there are none. */
  backups: { directory: string; kept: number }
  /** Names of the settings that were made. */
  settingsMade: readonly string[]
  port: number
  host: string
  /** Where residents reach this service, without a slash at the end; absent = nobody knows. */
  publicUrl?: string
  /** Addresses and networks of proxies that are believed about whom they forward. */
  trustedProxies: readonly string[]
  /** What whoever reads /metrics must carry; absent = nothing. */
  metricsToken?: string
  knowledgeDirectory: string
  promptsDirectory: string
  migrationsDirectory: string
  apiToken?: string
  /** Where changes of requests are pushed; absent = nowhere. */
  webhooks?: { url: string; secret: string }
  admin?: { user: string; password: string }
  /** Local minutes after midnight, [from, to); undefined = announcements at any hour. */
  quietHours?: { fromMinutes: number; toMinutes: number }
  /** How long what residents say is kept. */
  retention: Retention
  logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  telegram?: { token: string; apiRoot?: string; webhook?: { url: string; secret: string } }
  wechat?: { puppet: string; serviceToken?: string; endpoint?: string; noTls: boolean; ignoredSenderIds?: string[]; announcementsPerHour?: number; announcementsPerDay?: number }
  wecom?: { botId: string; secret: string; botName?: string; wsUrl?: string }
  /** Groups of Work WeChat that take announcements only. */
  wecomGroups: readonly WecomGroupSetting[]
  chatModel?: { model: string; apiKey: string; baseUrl?: string }
  embedding: { directory?: string; hubEndpoint?: string; cacheHome?: string; server?: { model: string; apiKey: string; baseUrl?: string } }
}

/** What a backup of these settings is made of. */
export const backupOptions = ({ databaseUrl, migrationsDirectory, picturesDirectory, photosDirectory, keysDirectory, knowledgeDirectory, settingsMade }: Config, directory: string, now: Date) =>
  ({ directory, databaseUrl, migrationsDirectory, picturesDirectory, photosDirectory, keysDirectory, knowledgeDirectory, settings: settingsMade, now })

export interface WecomGroupSetting {
  name: string
  areaCode: string | null
  webhookUrl: string
}

/**
 * Parses the environment once.
 * @throws {SetupError} listing every variable that is wrong or missing; a channel that is half set is an error, one with no variables is off
 */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Readonly<Config> {
  const tidy = tidySettings(environment, Object.keys(Environment.shape))
  if (tidy.problems.length > 0) throw new SetupError(`Settings are wrong:\n${tidy.problems.map((one) => `  ${one}`).join('\n')}`)
  const parsed = Environment.safeParse(tidy.values)
  if (!parsed.success) {
    throw new SetupError(`Settings are wrong:\n${parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`).join('\n')}`)
  }
  const env = parsed.data
  const wecomGroups = readWecomGroups(env.WECOM_GROUP_WEBHOOKS)
  const problems = [...findHalfSet(env), ...wecomGroups.problems]
  if (problems.length > 0) throw new SetupError(`Settings are incomplete:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)

  const dataDirectory = path.resolve(env.DATA_DIR)
  const server = env.OPENAI_API_KEY || env.OPENAI_BASE_URL ? { apiKey: env.OPENAI_API_KEY ?? 'none', ...(env.OPENAI_BASE_URL && { baseUrl: env.OPENAI_BASE_URL }) } : undefined
  return Object.freeze<Config>({
    remarks: tidy.remarks,
    databaseUrl: env.DATABASE_URL ?? `file:${path.join(dataDirectory, 'linli.db')}`,
    dataDirectory,
    cacheDirectory: path.join(dataDirectory, 'cache'),
    keysDirectory: path.join(dataDirectory, 'keys'),
    picturesDirectory: path.join(dataDirectory, 'pictures'),
    photosDirectory: path.join(dataDirectory, 'photos'),
    backups: { directory: path.resolve(env.BACKUP_DIR ?? path.join(dataDirectory, 'backups')), kept: env.BACKUPS_KEPT },
    settingsMade: Object.keys(Environment.shape).filter((name) => (environment[name] ?? '') !== '').sort(),
    port: env.PORT,
    host: env.HOST,
    ...(env.PUBLIC_URL && { publicUrl: env.PUBLIC_URL.replace(/\/+$/, '') }),
    trustedProxies: env.TRUSTED_PROXIES,
    ...(env.METRICS_TOKEN && { metricsToken: env.METRICS_TOKEN }),
    knowledgeDirectory: path.resolve(env.KNOWLEDGE_DIR ?? path.join(PROJECT_ROOT, 'knowledge')),
    promptsDirectory: path.join(PROJECT_ROOT, 'prompts'),
    migrationsDirectory: path.join(PROJECT_ROOT, 'prisma', 'migrations'),
    retention: Object.freeze({ draftHours: env.RETENTION_DRAFT_HOURS, messageDays: env.RETENTION_MESSAGE_DAYS, requestYears: env.RETENTION_REQUEST_YEARS }),
    logLevel: env.LOG_LEVEL,
    ...(env.LINLI_API_TOKEN && { apiToken: env.LINLI_API_TOKEN }),
    ...(env.WEBHOOKS_URL && env.WEBHOOKS_SECRET && { webhooks: { url: env.WEBHOOKS_URL, secret: env.WEBHOOKS_SECRET } }),
    ...(env.ADMIN_USER && env.ADMIN_PASSWORD && { admin: { user: env.ADMIN_USER, password: env.ADMIN_PASSWORD } }),
    ...(env.QUIET_HOURS !== 'off' && { quietHours: parseQuietHours(env.QUIET_HOURS) }),
    ...(env.TELEGRAM_BOT_TOKEN && {
      telegram: {
        token: env.TELEGRAM_BOT_TOKEN,
        ...(env.TELEGRAM_API_ROOT && { apiRoot: env.TELEGRAM_API_ROOT }),
        ...(env.TELEGRAM_WEBHOOK_URL && env.TELEGRAM_WEBHOOK_SECRET && { webhook: { url: env.TELEGRAM_WEBHOOK_URL, secret: env.TELEGRAM_WEBHOOK_SECRET } }),
      },
    }),
    ...(env.WECHATY_PUPPET && {
      wechat: {
        puppet: env.WECHATY_PUPPET,
        noTls: env.WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT === 'true',
        ...(env.WECHATY_PUPPET_SERVICE_TOKEN && { serviceToken: env.WECHATY_PUPPET_SERVICE_TOKEN }),
        ...(env.WECHAT_IGNORED_SENDERS && { ignoredSenderIds: env.WECHAT_IGNORED_SENDERS.split(',').map((id) => id.trim()).filter((id) => id !== '') }),
        ...(env.WECHAT_ANNOUNCEMENTS_PER_HOUR !== undefined && { announcementsPerHour: env.WECHAT_ANNOUNCEMENTS_PER_HOUR }),
        ...(env.WECHAT_ANNOUNCEMENTS_PER_DAY !== undefined && { announcementsPerDay: env.WECHAT_ANNOUNCEMENTS_PER_DAY }),
        ...(env.WECHATY_PUPPET_SERVICE_ENDPOINT && { endpoint: env.WECHATY_PUPPET_SERVICE_ENDPOINT }),
      },
    }),
    ...(env.WECOM_BOT_ID && env.WECOM_BOT_SECRET && {
      wecom: { botId: env.WECOM_BOT_ID, secret: env.WECOM_BOT_SECRET, ...(env.WECOM_BOT_NAME && { botName: env.WECOM_BOT_NAME }), ...(env.WECOM_WS_URL && { wsUrl: env.WECOM_WS_URL }) },
    }),
    wecomGroups: wecomGroups.groups,
    ...(env.CHAT_MODEL && server && { chatModel: { model: env.CHAT_MODEL, ...server } }),
    embedding: {
      ...(env.EMBEDDING_MODEL_DIR && { directory: path.resolve(env.EMBEDDING_MODEL_DIR) }),
      ...(env.HF_ENDPOINT && { hubEndpoint: env.HF_ENDPOINT }),
      ...(env.XDG_CACHE_HOME && { cacheHome: env.XDG_CACHE_HOME }),
      ...(env.EMBEDDING_MODEL && server && { server: { model: env.EMBEDDING_MODEL, ...server } }),
    },
  })
}

function findHalfSet(env: z.infer<typeof Environment>): string[] {
  const problems: string[] = []
  const needs = (name: string, missing: string, why: string) => problems.push(`${missing} is missing: ${name} is set, ${why}`)
  if (env.ADMIN_USER && !env.ADMIN_PASSWORD) needs('ADMIN_USER', 'ADMIN_PASSWORD', 'set both or neither')
  if (env.ADMIN_PASSWORD && !env.ADMIN_USER) needs('ADMIN_PASSWORD', 'ADMIN_USER', 'set both or neither')
  if (env.WEBHOOKS_URL && !env.WEBHOOKS_SECRET) needs('WEBHOOKS_URL', 'WEBHOOKS_SECRET', 'whoever gets what is pushed could not tell that it is ours')
  if (env.WEBHOOKS_SECRET && !env.WEBHOOKS_URL) needs('WEBHOOKS_SECRET', 'WEBHOOKS_URL', 'say where changes of requests are pushed')
  if (env.TELEGRAM_WEBHOOK_URL && !env.TELEGRAM_WEBHOOK_SECRET) needs('TELEGRAM_WEBHOOK_URL', 'TELEGRAM_WEBHOOK_SECRET', 'a webhook without a secret takes posts from anyone')
  if (env.TELEGRAM_WEBHOOK_SECRET && !env.TELEGRAM_WEBHOOK_URL) needs('TELEGRAM_WEBHOOK_SECRET', 'TELEGRAM_WEBHOOK_URL', 'say at which public address Telegram reaches this service, or unset both for polling')
  for (const name of ['TELEGRAM_API_ROOT', 'TELEGRAM_WEBHOOK_URL', 'TELEGRAM_WEBHOOK_SECRET'] as const) {
    if (env[name] && !env.TELEGRAM_BOT_TOKEN) needs(name, 'TELEGRAM_BOT_TOKEN', 'Telegram needs the token that BotFather gave')
  }
  for (const name of ['WECHATY_PUPPET_SERVICE_TOKEN', 'WECHATY_PUPPET_SERVICE_ENDPOINT', 'WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT'] as const) {
    if (env[name] && !env.WECHATY_PUPPET) needs(name, 'WECHATY_PUPPET', 'say which puppet, e.g. wechaty-puppet-service')
  }
  if (env.WECHATY_PUPPET === 'wechaty-puppet-service' && !env.WECHATY_PUPPET_SERVICE_TOKEN) needs('WECHATY_PUPPET', 'WECHATY_PUPPET_SERVICE_TOKEN', 'the puppet service needs its token')
  if (env.WECOM_BOT_ID && !env.WECOM_BOT_SECRET) needs('WECOM_BOT_ID', 'WECOM_BOT_SECRET', 'WeCom asks for both')
  for (const name of ['WECOM_BOT_SECRET', 'WECOM_BOT_NAME', 'WECOM_WS_URL'] as const) {
    if (env[name] && !env.WECOM_BOT_ID) needs(name, 'WECOM_BOT_ID', 'say which robot')
  }
  if (env.CHAT_MODEL && !env.OPENAI_API_KEY && !env.OPENAI_BASE_URL) needs('CHAT_MODEL', 'OPENAI_API_KEY or OPENAI_BASE_URL', 'the model has to be asked somewhere')
  if (env.EMBEDDING_MODEL && !env.OPENAI_API_KEY && !env.OPENAI_BASE_URL) needs('EMBEDDING_MODEL', 'OPENAI_API_KEY or OPENAI_BASE_URL', 'the model has to be asked somewhere')
  return problems
}

function parseQuietHours(value: string): { fromMinutes: number; toMinutes: number } {
  const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
  return { fromMinutes: minutes(value.slice(0, 5)), toMinutes: minutes(value.slice(6, 11)) }
}

/** `name=address` or `name@area=address`, several divided by `;`. The address holds a key, so no message repeats it. */
function readWecomGroups(value: string | undefined): { groups: WecomGroupSetting[]; problems: string[] } {
  const groups: WecomGroupSetting[] = []
  const problems: string[] = []
  for (const entry of (value ?? '').split(';').map((part) => part.trim()).filter((part) => part !== '')) {
    const [, name = '', areaCode, webhookUrl = ''] = /^([^=@]+)(?:@([^=]+))?=(https?:\/\/\S+)$/.exec(entry) ?? []
    if (name.trim() === '' || !URL.canParse(webhookUrl)) problems.push(`WECOM_GROUP_WEBHOOKS: an entry is not "name=https://…" or "name@area=https://…"`)
    else groups.push({ name: name.trim(), areaCode: areaCode?.trim() ?? null, webhookUrl })
  }
  return { groups, problems }
}
