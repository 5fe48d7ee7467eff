import { describe, expect, it } from 'vitest'
import { encodedIn } from './base64.ts'
import { jsonReadings, unescapedReadings } from './escapes.ts'

const last = (text: string) => unescapedReadings(text).at(-1)

describe('a text with escapes', () => {
  it.each([
    ['ada%40example.org', 'ada@example.org'],
    ['ada\\u0040example.org', 'ada@example.org'],
    ['ada\\x40example.org', 'ada@example.org'],
    ['ada&#64;example.org', 'ada@example.org'],
    ['ada&#x40;example.org', 'ada@example.org'],
    ['ada&commat;example.org', 'ada@example.org'],
    ['ada%2540example.org', 'ada@example.org'],
    ['m%C3%BCller%F0%9F%98%80', 'müller😀'],
    ['m%FCller', 'müller'],
    ['{\\"password\\": \\"a\\\\nb\\"}', '{"password": "a\nb"}'],
    ['card=4111+1111+1111+1111', 'card=4111 1111 1111 1111'],
    ['%', undefined],
    ['100 % and & and C:\\dir', undefined],
  ])('%s reads %s', (text, wanted) => {
    expect(last(text)?.text).toBe(wanted)
  })

  it('tells of every character where it is written', () => {
    const text = 'a%40b: \\u0061%C3%A4%2540&amp;z'
    for (const reading of unescapedReadings(text)) {
      let behind = 0
      for (let index = 0; index < reading.text.length; index++) {
        const [from, to] = [reading.beginOf(index), reading.endOf(index + 1)]
        // Each character is written behind the one before it, without a gap.
        expect(from).toBe(behind)
        expect(to).toBeGreaterThan(from)
        behind = to
      }
      expect(behind).toBe(text.length)
    }
    const [first] = unescapedReadings(text)
    const at = first?.text.indexOf('ä') ?? -1
    expect(text.slice(first?.beginOf(at), first?.endOf(at + 1))).toBe('%C3%A4')
  })
})

describe('JSON within JSON', () => {
  it('is read as deep as it goes, and each character is told where it is written', () => {
    const inner = '{"a":"x \\"y\\"\\n50% &amp;"}'
    const text = JSON.stringify({ body: inner })
    const readings = jsonReadings(text)
    expect(readings.map((reading) => reading.text)).toEqual([
      `{"body":"${inner}"}`,
      '{"body":"{"a":"x "y"\n50% &amp;"}"}',
    ])
    const deepest = readings[1]
    const at = deepest?.text.indexOf('"y"') ?? -1
    expect(text.slice(deepest?.beginOf(at), deepest?.endOf(at + 3))).toBe('\\\\\\"y\\\\\\"')
  })

  it.each(['plain', '{"a":"b"}', 'C:\\dir'])('is not in %s', (text) => expect(jsonReadings(text)).toEqual([]))
})

describe('base64 in a text', () => {
  const encoded = Buffer.from('ada@example.org').toString('base64')

  it.each([
    ['alone', encoded],
    ['in a sentence', `write to ${encoded}, please`],
    ['in a data URL', `data:text/plain;base64,${encoded}`],
    ['in a path', `https://example.org/unsubscribe/${encoded}/now`],
    ['of a request', `Authorization: Basic ${Buffer.from('ada:hunter2').toString('base64')}`],
    ['in letters for URLs', Buffer.from('>>> ada@example.org ???').toString('base64url')],
    ['in lines', Buffer.from('ada@example.org '.repeat(20)).toString('base64').replace(/.{64}/g, '$&\r\n')],
  ])('is found %s', (_, text) => {
    const [found, ...others] = encodedIn(text)
    expect(found?.text).toMatch(/ada[@:]/)
    expect(others).toEqual([])
  })

  it('is none where words, ids and hashes only look like it', () => {
    const text =
      'internationalisation arn:aws:iam::111122223333:role/AdministratorAccessRole 4f1c09ab27d3e8654f1c09ab27d3e865 AKIAIOSFODNN7EXAMPLE eea3dfc0-42ad-496f-9999-39811cd6781d'
    expect(encodedIn(text)).toEqual([])
  })
})
