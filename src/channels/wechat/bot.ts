import { join } from 'node:path'
import type { Wechaty } from 'wechaty'
import type { WechatOptions } from './channel.ts'
import { createServicePuppet, type Puppet } from './service-puppet.ts'

/** A bot that is not started yet; wechaty is loaded only here. */
export async function buildBot(options: WechatOptions): Promise<Wechaty> {
  const { WechatyBuilder, log } = await import('wechaty')
  // Its own log would put texts and names on the terminal.
  log.level('silent')
  return WechatyBuilder.build({ puppet: await resolvePuppet(options), name: join(options.stateDir, 'wechat') })
}

/**
 * The puppet that the settings name.
 * @throws when it is not installed
 */
export async function resolvePuppet(options: Pick<WechatOptions, 'puppet' | 'puppetName' | 'serviceToken' | 'endpoint' | 'noTls'>): Promise<Puppet> {
  if (options.puppet !== undefined) return typeof options.puppet === 'function' ? options.puppet() : options.puppet
  const puppetOptions = {
    ...(options.serviceToken === undefined ? {} : { token: options.serviceToken }),
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.noTls === undefined ? {} : { tls: { disable: options.noTls } }),
  }
  const name = (options.puppetName ?? 'service').replace(/^wechaty-puppet-/, '')
  if (name === 'service') return createServicePuppet(puppetOptions)
  const { helpers } = await import('wechaty-puppet')
  return helpers.resolvePuppet({ puppet: `wechaty-puppet-${name}`, puppetOptions })
}
