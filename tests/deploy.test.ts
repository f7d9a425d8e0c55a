import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../src/config.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const DEPLOY = path.join(ROOT, '.deploy')
const read = (name: string): string => fs.readFileSync(path.join(DEPLOY, name), 'utf8')
const { scripts } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } }

interface ComposeService {
  user?: string
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  volumes?: string[]
  tmpfs?: string[]
  image: string
  build?: { context: string; dockerfile: string }
  healthcheck?: { test: string[] }
  depends_on?: Record<string, { condition: string }>
  deploy?: { replicas: number }
  environment?: Record<string, string>
}
const compose = (name: string) => parse(read(name), { merge: true }) as { services: Record<string, ComposeService>; volumes: Record<string, unknown> }

/** Instructions of the last stage, which is what runs. */
const lastStage = (): string[] => {
  const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))
}

describe('the image', () => {
  it('runs the program as `npm start` does, as an ordinary user, and says how it is', () => {
    const stage = lastStage()
    const command = JSON.parse(stage.find((line) => line.startsWith('CMD '))?.slice(4) ?? '[]') as string[]
    expect(command.join(' ')).toBe(scripts.start)
    expect(stage.filter((line) => line.startsWith('USER '))).toEqual(['USER node'])
    expect(stage.some((line) => line.startsWith('HEALTHCHECK ') && line.includes('/readyz'))).toBe(true)
  })

  it('holds what the program reads, and nothing that was not named', () => {
    const ignore = read('Dockerfile.dockerignore').split('\n')
    expect(ignore[0]).toBe('*')
    const named = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
    for (const name of named) expect(fs.existsSync(path.join(ROOT, name)), name).toBe(true)
    const copied = read('Dockerfile').split('\n').filter((line) => /^COPY (?!--from)/.test(line)).flatMap((line) => line.split(' ').slice(1, -1))
    expect(copied.sort()).toEqual(named.sort())
  })
})

describe.each(['compose.yaml', 'compose.several.yaml'])('%s', (name) => {
  const { services, volumes } = compose(name)

  it('believes the proxy in the network of its containers whom it forwards', () => {
    const [, networks = ''] = /^\$\{TRUSTED_PROXIES:-(.+)\}$/.exec(services['linli']?.environment?.['TRUSTED_PROXIES'] ?? '') ?? []
    expect(loadConfig({ TRUSTED_PROXIES: networks }).trustedProxies).toEqual(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'])
  })

  it('gives no service root, a root file system to write, or a capability that it does not need', () => {
    for (const [service, one] of Object.entries(services)) {
      expect(one.user, service).toMatch(/^(node|postgres|1000:1000)$/)
      expect(one, service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
    }
  })

  it('keeps what is written in volumes that it declares', () => {
    expect(services['linli']?.volumes).toEqual(['data:/data', 'knowledge:/app/knowledge'])
    const named = Object.values(services).flatMap((one) => one.volumes ?? []).map((volume) => volume.split(':')[0] ?? '').filter((volume) => !volume.startsWith('.'))
    expect([...new Set(named)].sort()).toEqual(Object.keys(volumes).sort())
    expect(services['linli']?.tmpfs).toEqual(['/tmp:mode=1777'])
  })

  it('builds from the Dockerfile beside it', () => {
    const { build } = services['linli'] ?? {}
    expect(path.resolve(DEPLOY, build?.context ?? '', build?.dockerfile ?? '')).toBe(path.join(DEPLOY, 'Dockerfile'))
  })
})

describe('compose.several.yaml', () => {
  it('starts three processes when the database is there, and the proxy when they are', () => {
    const { services } = compose('compose.several.yaml')
    expect(services['linli']).toMatchObject({ deploy: { replicas: 3 }, depends_on: { database: { condition: 'service_healthy' } } })
    expect(services['linli']?.environment?.['DATABASE_URL']).toMatch(/^postgresql:\/\/linli:\$\{POSTGRES_PASSWORD:\?.+\}@database:5432\/linli$/)
    expect(services['proxy']?.depends_on).toEqual({ linli: { condition: 'service_healthy' } })
    expect(services['database']?.healthcheck).toBeDefined()
    expect(read('Caddyfile')).toContain('dynamic a linli 8080')
  })
})

describe('the systemd units', () => {
  it('run the program as `npm start` does, as a user of its own with a system that it can only read', () => {
    const unit = read('linli@.service')
    expect(unit).toContain(`ExecStart=/usr/bin/${scripts.start}\n`)
    for (const line of ['User=linli', 'ProtectSystem=strict', 'NoNewPrivileges=yes', 'CapabilityBoundingSet=', 'StateDirectory=linli', 'Restart=always']) expect(unit.split('\n')).toContain(line)
    expect(read('linli-health@.service')).toContain('/healthz')
  })

  const hasAnalyzer = spawnSync('systemd-analyze', ['--version']).status === 0 && fs.existsSync('/usr/bin/node')
  it.runIf(hasAnalyzer).each(['linli@8080.service', 'linli-health@8080.service', 'linli-health@8080.timer'])('%s is in order for systemd itself', (unit) => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', path.join(DEPLOY, unit)], { encoding: 'utf8', env: { ...process.env, SYSTEMD_UNIT_PATH: `${DEPLOY}:` } })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})
