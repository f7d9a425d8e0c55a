import type { Config } from '../../config.ts'
import type { Finding } from './doctor-local.ts'

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')
const isEverybody = (range: string): boolean => range.endsWith('/0')

/** Whose word is taken for where visitors come from: limits are counted by it. */
export function checkProxies({ host, publicUrl, trustedProxies }: Pick<Config, 'host' | 'publicUrl' | 'trustedProxies'>): Finding {
  const name = '反向代理'
  const list = trustedProxies.join('、')
  if (trustedProxies.some(isEverybody)) return { name, state: 'advice', detail: `TRUSTED_PROXIES 是 ${list}，谁说的来访地址都信。`, remedy: '只写反向代理自己的地址或网段；不然一个人就能装成很多地址，限制不起作用。' }
  if (trustedProxies.length === 0) return { name, state: 'ok', detail: '不信任何反向代理转告的地址（TRUSTED_PROXIES=none）。', remedy: '' }
  const isElsewhere = !isLoopback(host) && trustedProxies.every((range) => isLoopback(range))
  const detail = `${list} 转告的来访地址算数。`
  if (isElsewhere && publicUrl?.startsWith('https:') === true) return { name, state: 'advice', detail, remedy: '反向代理要是在别的机器或容器里，用 TRUSTED_PROXIES 写上它的地址；不然所有居民算成一个地址，容易一起被限制。' }
  return { name, state: 'ok', detail, remedy: '' }
}

/** Who may read how much is going on. */
export function checkFigures({ host, publicUrl, metricsToken }: Pick<Config, 'host' | 'publicUrl' | 'metricsToken'>): Finding {
  const name = '运行数据'
  if (metricsToken !== undefined) return { name, state: 'ok', detail: '/metrics 要带 METRICS_TOKEN 才能看。', remedy: '' }
  if (isLoopback(host) && publicUrl === undefined) return { name, state: 'ok', detail: '/metrics 不用令牌，只有本机能看。', remedy: '' }
  return { name, state: 'advice', detail: '/metrics 不用令牌，外面也能看到。里面没有居民的资料，但看得出有多少人在用。', remedy: '设 METRICS_TOKEN（至少 16 个字符），或者让反向代理不转 /metrics。' }
}
