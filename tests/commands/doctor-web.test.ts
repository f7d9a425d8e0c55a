import { describe, expect, it } from 'vitest'
import { checkFigures, checkProxies } from '../../src/commands/doctor/doctor-web.ts'
import { loadConfig } from '../../src/config.ts'

const look = (environment: Record<string, string>) => [checkProxies(loadConfig(environment)), checkFigures(loadConfig(environment))].map(({ state, remedy }) => [state, remedy !== ''])
const [FINE, ADVICE] = [['ok', false], ['advice', true]]

describe('doctor', () => {
  it.each([
    ['alone on this machine', {}, [FINE, FINE]],
    ['behind a proxy on this machine', { PUBLIC_URL: 'https://linli.example', METRICS_TOKEN: '0123456789abcdef' }, [FINE, FINE]],
    ['behind one elsewhere that nobody named', { HOST: '0.0.0.0', PUBLIC_URL: 'https://linli.example' }, [ADVICE, ADVICE]],
    ['behind one elsewhere that is named', { HOST: '0.0.0.0', PUBLIC_URL: 'https://linli.example', TRUSTED_PROXIES: '10.0.0.5', METRICS_TOKEN: '0123456789abcdef' }, [FINE, FINE]],
    ['where everybody may say where they come from', { TRUSTED_PROXIES: '10.0.0.5,0.0.0.0/0' }, [ADVICE, FINE]],
    ['where nobody is believed', { HOST: '0.0.0.0', TRUSTED_PROXIES: 'none', METRICS_TOKEN: '0123456789abcdef' }, [FINE, FINE]],
  ])('says what it thinks of a service %s', (_where, environment, findings) => {
    expect(look(environment as Record<string, string>)).toEqual(findings)
  })

  it('repeats no token', () => {
    expect(JSON.stringify(checkFigures(loadConfig({ METRICS_TOKEN: '0123456789abcdef' })))).not.toContain('0123456789abcdef')
  })
})
