import { describe, expect, test } from 'vitest'
import type { Context } from './contract.ts'
import { isSessionId, transcript } from './transcript.ts'

const HEAD = 'Script started on 2026-01-07 22:10:00+00:00\n'

function opened(text: string | Uint8Array, uri: string) {
  const context: Context = { uri, writtenMs: 0 }
  const found = transcript.open(typeof text === 'string' ? Buffer.from(text) : text, context)
  return found?.kind === 'texts' ? found.texts : undefined
}

describe('a transcript', () => {
  test.each([
    ['alice-0b7c1cc185ccf51a9', true],
    ['theuser-thefederation-0b7c1cc185ccf51a9', true],
    ['alice.smith+ops=a,b@example.com-0b7c1cc185ccf51a9', true],
    ['carol-7yq3w5k2m4n6p8r0t1v3x5z7b9', true],
    ['Botocore-Session-1767823003-I-08EA0123456789ABC', true],
    ['i-0abc123def4567890', false],
    ['mi-0abc123def4567890', false],
    ['AllTraffic-i-0abc123def4567890', false],
    ['i-0123456789abcdef0-0b7c1cc185ccf51a9', true],
    ['AllTraffic/i-0abc123def4567890', false],
    ['app-7d9f8b6c5-abcde', false],
    ['0b7c1cc185ccf51a9', false],
    ['', false],
    [`${'a'.repeat(200)}-0b7c1cc185ccf51a9`, false],
  ])('is of a session, by its name: %s, %s', (name, is) => {
    expect(isSessionId(name)).toBe(is)
    expect(opened('$ ls', `s3://logs/ssm/${name}.log`) !== undefined).toBe(is)
  })

  test('may be packed, or renamed by whoever downloaded it', () => {
    const session = { sessionId: 'alice-0b7c1cc185ccf51a9', piece: 1 }
    for (const name of ['alice-0b7c1cc185ccf51a9.dms', 'alice-0b7c1cc185ccf51a9.log.gz']) {
      expect(opened('$ ls', `/logs/${name}`)?.[0]?.context.transcript).toEqual(session)
    }
    expect(opened(HEAD, '/logs/copy of a session.txt')?.[0]?.context.transcript).toEqual({
      time: '2026-01-07T22:10:00Z',
      piece: 1,
    })
    expect(opened('$ ls', '/logs/alice-0b7c1cc185ccf51a9.json')).toBeUndefined()
    expect(opened('{"sessionId":"a","sessionData":[]}', '/logs/alice-0b7c1cc185ccf51a9.log')).toBeUndefined()
  })

  test.each<[string, string | undefined]>([
    ['Script started on 2026-01-07 21:56:40+0000\n', '2026-01-07T21:56:40Z'],
    ['Script started on 2026-01-07 22:56:40+01:00 [TERM="xterm" COLUMNS="80"]\n', '2026-01-07T21:56:40Z'],
    ['Script started on Wed 07 Jan 2026 09:56:40 PM UTC\r\n', '2026-01-07T21:56:40Z'],
    ['Script started on Wed 07 Jan 2026 09:56:40 PM CET\r\n', undefined],
    ['Script started on Wed Jan  7 21:56:40 2026\n', undefined],
    [
      `${'*'.repeat(22)}\r\nWindows PowerShell transcript start\r\nStart time: 20260107215640\r\n`,
      '2026-01-07T21:56:40Z',
    ],
    [`${'*'.repeat(22)}\nPowerShell transcript start\nStart time: 20260107215640\n`, '2026-01-07T21:56:40Z'],
    [`${'*'.repeat(22)}\r\nWindows PowerShell transcript start\r\nStart time: 20269907215640\r\n`, undefined],
  ])('%j was made at %s', (head, time) => {
    expect(opened(head, '/logs/a')?.[0]?.context.transcript?.time).toBe(time)
  })

  test('that is long is cut at line ends, and every byte is in one piece', () => {
    const bytes = Buffer.concat([
      Buffer.from(HEAD),
      Buffer.alloc(5 << 20, 'a line\n'),
      Buffer.alloc(14 << 20, 'é'),
    ])
    const texts = opened(bytes, '/logs/a') ?? []
    expect(texts.map(({ context }) => context.transcript?.piece)).toEqual([1, 2, 3, 4, 5])
    expect(Buffer.concat(texts.map((text) => text.bytes)).equals(bytes)).toBe(true)
    expect(Buffer.from(texts[0]?.bytes ?? []).at(-1)).toBe(0x0a)
    const utf8 = new TextDecoder('utf-8', { fatal: true })
    for (const { bytes: piece } of texts) expect(() => utf8.decode(piece)).not.toThrow()
  })
})
