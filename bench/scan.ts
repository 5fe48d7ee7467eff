import { readdirSync, readFileSync } from 'node:fs'
import { type Scanner, scanners, type TextRole } from '../src/scan/index.ts'

/**
 * `npm run bench -- --scan`: the text that the scanners read per second of processor time: ordinary text (the documentation and the
 * fixtures of this repository), and adversarial texts of a megabyte. Each has the ratio of the times of a whole megabyte and of half a
 * megabyte, which is 2 where time is linear. With --json, a line of JSON for each.
 */
const MEGABYTE = 1_000_000
/** The targets, in MB per second. */
const WANTED = { ordinary: 20, hostile: 10 }

const HOSTILE = [
  ...[
    'a',
    '1',
    '1-',
    '1 ',
    'a@',
    '@',
    '+1',
    '::',
    '%41',
    '<!--',
    'A1b2',
    '1234 ',
    'DE89 ',
    'api_key=',
    'token=',
    'ey',
  ],
  ...[
    '-----BEGIN PRIVATE KEY-----',
    'curl -H "',
    'kind: secret\ndata: ',
    '<add key="password" value="',
    '4111 1111 1111 1112 ',
  ],
  ...[
    'ignore all previous instructions ',
    'i g n o r e ',
    '忽略之前',
    '\u200b',
    '🏴',
    '\ud800',
    'ﷺ',
    '0',
    ' ',
  ],
]

export interface Measured {
  scanner: string
  text: string
  /** Megabytes of UTF-16 code units in a second of processor time. */
  speed: number
  ratio: number
  spans: number
}

export function benchScan(asJson: boolean): void {
  const ordinary = ordinaryText()
  for (const scanner of scanners) {
    const role = scanner.roles.includes('document') ? 'document' : (scanner.roles[0] as TextRole)
    // Compiling patterns, which happens once, is not measured.
    scanner.scan(ordinary.slice(0, MEGABYTE), role)
    print(measure(scanner, role, 'ordinary', ordinary), WANTED.ordinary, asJson)
    for (const part of HOSTILE) {
      const text = part.repeat(Math.ceil(MEGABYTE / part.length)).slice(0, MEGABYTE)
      print(measure(scanner, role, JSON.stringify(part), text), WANTED.hostile, asJson)
    }
  }
}

function measure(scanner: Scanner, role: TextRole, name: string, text: string): Measured {
  const half = Math.min(
    seconds(scanner, role, text.slice(0, text.length / 2)),
    seconds(scanner, role, text.slice(0, text.length / 2)),
  )
  const whole = Math.min(seconds(scanner, role, text), seconds(scanner, role, text))
  return {
    scanner: scanner.name,
    text: name,
    speed: text.length / MEGABYTE / whole,
    ratio: whole / half,
    spans: scanner.scan(text, role).length,
  }
}

/** Of processor time. */
function seconds(scanner: Scanner, role: TextRole, text: string): number {
  const before = process.cpuUsage()
  scanner.scan(text, role)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

function print(measured: Measured, wanted: number, asJson: boolean): void {
  if (asJson) {
    console.log(JSON.stringify(measured))
    return
  }
  const { scanner, text, speed, ratio, spans } = measured
  const kept = speed >= wanted ? '' : `  below ${wanted}`
  console.log(
    `${scanner.padEnd(9)} ${text.padEnd(40)} ${speed.toFixed(1).padStart(7)} MB/s  ratio ${ratio.toFixed(2)}  ${spans} spans${kept}`,
  )
}

/** Prose and records: the documentation and the fixtures, repeated up to four megabytes. */
function ordinaryText(): string {
  const root = new URL('../../', import.meta.url)
  const files = (folder: string, ending: RegExp) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
      .filter((name) => ending.test(name))
      .map((name) => readFileSync(new URL(`${folder}${name}`, root), 'utf8'))
  const text = [...files('docs/', /\.md$/), ...files('src/logtypes/', /(README\.md|\.jsonl?)$/)].join('\n')
  return text.repeat(Math.ceil((4 * MEGABYTE) / text.length)).slice(0, 4 * MEGABYTE)
}
