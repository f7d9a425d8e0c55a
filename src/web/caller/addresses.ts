import net from 'node:net'

/** A proxy on this machine: nobody else can be at the other end of such a connection. */
export const LOOPBACK = ['127.0.0.0/8', '::1'] as const

/** `192.0.2.7` of `192.0.2.7:4711`, `::ffff:192.0.2.7` or `[::ffff:192.0.2.7]:4711`; null when it is no address. */
export function readAddress(text: string): string | null {
  const [, bracketed, port4] = /^\[([^\]]+)\](?::\d+)?$|^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text.trim()) ?? []
  const bare = (bracketed ?? port4 ?? text.trim()).replace(/%.*$/, '').toLowerCase()
  const address = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1] ?? bare
  return net.isIP(address) === 0 ? null : address
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (net.isIPv4(address) ? 'ipv4' : 'ipv6')

/** Tells whether an address is one of `ranges`, or lies in one: `10.0.0.5`, `10.0.0.0/8`, `fd00::/8`. */
export function createAddressCheck(ranges: readonly string[]): (address: string) => boolean {
  const list = new net.BlockList()
  for (const range of ranges) {
    const [address = '', length] = range.split('/')
    if (length === undefined) list.addAddress(address, familyOf(address))
    else list.addSubnet(address, Number(length), familyOf(address))
  }
  return (address) => net.isIP(address) !== 0 && list.check(address, familyOf(address))
}

const GROUPS = 8
const GROUPS_OF_A_HOME = 4

/** Whom an address is counted as: itself, or of IPv6 the /64 that one connection is given whole. */
export function countedAs(address: string): string {
  if (!net.isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const [first, last] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== '')) as [string[], string[]]
  const zeros = tail === undefined ? 0 : Math.max(0, GROUPS - first.length - last.length)
  const groups = [...first, ...Array.from({ length: zeros }, () => '0'), ...last].map((group) => Number.parseInt(group, 16).toString(16))
  return `${groups.slice(0, GROUPS_OF_A_HOME).join(':')}::/64`
}
