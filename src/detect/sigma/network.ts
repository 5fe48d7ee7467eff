import { isIPv4, isIPv6 } from 'node:net'

/** A network of addresses, as the range of its members in a text form that sorts as the addresses do. */
export interface Network {
  version: 4 | 6
  /** IPv4: twelve decimal digits; IPv6: 32 hexadecimal ones. */
  first: string
  last: string
}

/** Parses a text like `10.0.0.0/8`; a single address is a network of one. Undefined for any other text. */
export function networkOf(text: string): Network | undefined {
  const [address = '', bits, more] = text.trim().split('/')
  if (more !== undefined || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined
  const version = isIPv4(address) ? 4 : isIPv6(address) && !address.includes('%') ? 6 : undefined
  if (!version) return undefined
  const width = version === 4 ? 32 : 128
  const length = bits === undefined ? width : Number(bits)
  if (length > width) return undefined
  const value = version === 4 ? ipv4(address) : ipv6(address)
  const size = 1n << BigInt(width - length)
  const first = (value / size) * size
  // Host bits that are set are a mistake: Python's ipaddress refuses them, and so does pySigma.
  if (first !== value) return undefined
  const show = version === 4 ? decimal : hexadecimal
  return { version, first: show(first), last: show(first + size - 1n) }
}

function ipv4(address: string): bigint {
  return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

function ipv6(address: string): bigint {
  const dotted = /:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  const plain = dotted ? address.slice(0, -dotted.length) + hexPair(ipv4(dotted)) : address
  const [head = '', tail] = plain.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const zeros = Array(8 - before.length - after.length).fill('0')
  return [...before, ...(tail === undefined ? [] : zeros), ...after].reduce(
    (sum, group) => sum * 65536n + BigInt(`0x${group}`),
    0n,
  )
}

function hexPair(value: bigint): string {
  return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`
}

function decimal(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n).padStart(3, '0')).join('')
}

function hexadecimal(value: bigint): string {
  return value.toString(16).padStart(32, '0')
}
