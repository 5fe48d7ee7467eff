import { describe, expect, test } from 'vitest'
import { skipSeparators } from '../json/separators.ts'
import { pieces } from './pieces.ts'

/** The pieces of the bytes: records as they are, bad pieces after their flaw. */
function cut(text: string): string[] {
  const bytes = Buffer.from(text)
  return [...pieces(bytes)]
    .filter(({ kind }) => kind !== 'frame')
    .map(({ start, end, why }) => (why ? `${why}: ` : '') + bytes.subarray(start, end).toString())
}

/** Fails when a byte other than a separator is in no piece, or in two. */
function expectCovered(bytes: Uint8Array): void {
  let at = 0
  for (const { start, end } of pieces(bytes)) {
    expect(skipSeparators(bytes, at)).toBe(start)
    expect(end).toBeGreaterThanOrEqual(start)
    at = end
  }
  expect(skipSeparators(bytes, at)).toBe(bytes.length)
}

describe('after a bad piece reading finds its footing', () => {
  test.each<[string, string, string[]]>([
    [
      'a line that is cut inside a text',
      '{"a":1}\n{"a":2,"b":{"c":"tr\n{"a":3}\n{"a":4}\n',
      ['{"a":1}', 'malformed: {"a":2,"b":{"c":"tr', '{"a":3}', '{"a":4}'],
    ],
    ['before a value', '{"a":\n{"b":1}\n{"b":2}', ['malformed: {"a":', '{"b":1}', '{"b":2}']],
    ['two lines that are cut', '{"a\n{"b\n{"c":1}', ['malformed: {"a', 'malformed: {"b', '{"c":1}']],
    [
      'lines of text',
      '{"a":1}\r\nSTART x: y\r\n{"a":3}\r\nEND x',
      ['{"a":1}', 'text: START x: y', '{"a":3}', 'text: END x'],
    ],
    ['text with a trace', 'oops\n  at x\n  at y\n{"a":1}', ['text: oops\n  at x\n  at y', '{"a":1}']],
    [
      'text that begins like JSON',
      'true story\n[INFO] x\n{"a":1}',
      ['text: true story', 'text: [INFO] x', '{"a":1}'],
    ],
    ['text before a record', 'INFO {"a":1}\n{"a":2}', ['text: INFO', '{"a":1}', '{"a":2}']],
    [
      'zeros',
      '{"a":1}\n\0\0\0\n{"a":2}\n\0\0{"a":3}',
      ['{"a":1}', 'zeros: \0\0\0', '{"a":2}', 'zeros: \0\0', '{"a":3}'],
    ],
    ['marks', '\ufeff{"a":1}\r\n\ufeff{"a":2}\ufeff{"a":3}', ['{"a":1}', '{"a":2}', '{"a":3}']],
    [
      'a JSON text sequence with a record that is cut',
      '\x1e{"a":1}\n\x1e{"a":2,"b":"tr\x1e{"a":3}\n',
      ['{"a":1}', 'malformed: {"a":2,"b":"tr', '{"a":3}'],
    ],
    [
      'braces too many',
      '{"a":1}}\n{"a":2}]]} {"a":3}',
      ['{"a":1}', 'stray: }', '{"a":2}', 'stray: ]]}', '{"a":3}'],
    ],
    ['commas too many', '{"a":1},\n{"a":2}', ['{"a":1}', 'stray: ,', '{"a":2}']],
    ['no bracket before', '{"a":1},{"a":2}]', ['{"a":1}', 'stray: ,', '{"a":2}', 'stray: ]']],
    ['documents without a separator', '{"a":1}{"a":2}[{"a":3}]', ['{"a":1}', '{"a":2}', '{"a":3}']],
    [
      'of which one is cut inside a text',
      '{"a":1,"b":"tr{"a":2,"b":"x"}{"a":3}',
      ['malformed: {"a":1,"b":"tr', '{"a":2,"b":"x"}', '{"a":3}'],
    ],
    [
      'of which one is cut elsewhere',
      '{"a":tru{"c":3}{"d":4}',
      ['malformed: {"a":tru', '{"c":3}', '{"d":4}'],
    ],
    [
      'a record with quotes that are not escaped',
      '{"msg":"{"x":1}","y":2}\n{"msg":"3"}',
      ['malformed: {"msg":"{"x":1}","y":2}', '{"msg":"3"}'],
    ],
    [
      'a record with a comma missing',
      '{"a":[{"x":1}{"x":2}]}\n{"a":2}',
      ['malformed: {"a":[{"x":1}{"x":2}]}', '{"a":2}'],
    ],
    ['the end of all', '{"a":1}\n{"a":"tr', ['{"a":1}', 'broken-off: {"a":"tr']],
    ['numbers and texts', '42\n"x"\n{"a":1}', ['42', '"x"', '{"a":1}']],
    ['a record with a line break in a text', '{"a":"x\ny"}\n{"a":2}', ['malformed: {"a":"x\ny"}', '{"a":2}']],
    [
      'a line that is cut before a line of text',
      '{"a":"x\nEND y\n{"a":2}',
      ['malformed: {"a":"x', 'text: END y', '{"a":2}'],
    ],
  ])('%s', (_, text, found) => {
    expect(cut(text)).toEqual(found)
    expectCovered(Buffer.from(text))
  })
})

describe('in a list of records a bad element is rejected alone', () => {
  test.each<[string, string, string[]]>([
    ['malformed', '{"Records":[{"a":1},{"a":tru},{"a":2}]}', ['{"a":1}', 'malformed: {"a":tru}', '{"a":2}']],
    ['cut', '{"Records":[{"a":1},{"a":"tr,{"a":2}]}', ['{"a":1}', 'malformed: {"a":"tr,', '{"a":2}']],
    [
      'on a line of its own',
      '{"Records":[\n{"a":1},\n{"a":tru\n{"a":2}\n]}\n{"a":3}',
      ['{"a":1}', 'malformed: {"a":tru', '{"a":2}', '{"a":3}'],
    ],
    ['a word', '[{"a":1},nul,{"a":2}]', ['{"a":1}', 'text: nul', '{"a":2}']],
    ['commas', '{"Records":[{"a":1},,{"a":2},]}', ['{"a":1}', 'stray: ,', '{"a":2}', 'stray: ,']],
    ['a comma missing', '[{"a":1}{"a":2}\n{"a":3}]', ['{"a":1}', '{"a":2}', '{"a":3}']],
    ['a brace', '[{"a":1}},{"a":2}]', ['{"a":1}', 'stray: }', '{"a":2}']],
    ['no bracket before', '{"Records":{"a":1},{"a":2}]}', ['malformed: {"Records":', '{"a":1}', '{"a":2}']],
    ['no bracket behind', '{"Records":[{"a":1}}\n{"Records":[{"a":2}]}', ['{"a":1}', 'stray: }', '{"a":2}']],
    ['no end', '{"x":0,"Records":[{"a":1},{"a":2}', ['{"a":1}', '{"a":2}', 'broken-off: ']],
    ['no brace', '{"Records":[{"a":1}]', ['{"a":1}', 'broken-off: ']],
    ['the end inside an element', '[{"a":1},{"a":2', ['{"a":1}', 'broken-off: {"a":2']],
    [
      'another document behind it',
      '{"Records":[{"a":1},{"a":2\n{"Records":[{"a":3}]}',
      ['{"a":1}', 'malformed: {"a":2', '{"a":3}'],
    ],
    [
      'on the same line',
      '{"Records":[{"a":1},{"a":"2{"Records":[{"a":3}]}{"Records":[{"a":4}]}',
      ['{"a":1}', 'malformed: {"a":"2', '{"a":3}', '{"a":4}'],
    ],
    [
      'in an array of documents',
      '[{"Records":[{"a":nul},{"a":2}]},{"Records":[{"a":3}]}]',
      ['malformed: {"a":nul}', '{"a":2}', '{"a":3}'],
    ],
    [
      'two lists',
      '{"Records":[{"a":nul}],"x":1,"Records":[{"a":2}],"y":{}}',
      ['malformed: {"a":nul}', '{"a":2}'],
    ],
    [
      'pretty',
      '{\n "Records":[\n  {\n   "a":1\n  },\n  {\n   "a":tru,\n   "r":[\n    {\n     "x":1\n    }\n   ]\n  },\n  {"a":2}\n ]\n}\n',
      [
        '{\n   "a":1\n  }',
        'malformed: {\n   "a":tru,\n   "r":[\n    {\n     "x":1\n    }\n   ]\n  }',
        '{"a":2}',
      ],
    ],
    [
      'with a line break in a text',
      '[{"a":"x\ny","b":1},{"a":2}]',
      ['malformed: {"a":"x\ny","b":1}', '{"a":2}'],
    ],
  ])('%s', (_, text, found) => {
    expect(cut(text)).toEqual(found)
    expectCovered(Buffer.from(text))
  })
})

test('many lines of text in a row are one piece in the end, and JSON behind them is read', () => {
  const found = cut(`${'some text\n'.repeat(10_000)}{"a":1}`)
  expect(found.length).toBeLessThan(200)
  expect(found.at(-1)).toBe('{"a":1}')
})

test('no cut and no mutation makes it pass over a byte, or lose a record on a line of its own', () => {
  let seed = 1
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return (seed >> 8) % below
  }
  const lines = Array.from({ length: 9 }, (_, n) =>
    n % 3 === 0 ? `{"Records":[{"n":${n},"t":"]}"},{"n":"x"}]}` : `{"n":${n},"o":{"p":[1,{"q":"{"}]}}`,
  )
  const odd = ['{', '}', '[', ']', '"', ',', ':', '\\', '\0', '\n', 'x', '\x1e', '\ufeff', '1', ' ']
  for (let round = 0; round < 3000; round++) {
    const at = random(lines.length)
    const line = lines[at] as string
    const from = random(line.length)
    const middle = random(3) === 0 ? '' : odd[random(odd.length)]
    const broken = line.slice(0, from) + middle + line.slice(from + random(line.length - from))
    const text = Buffer.from([...lines.slice(0, at), broken, ...lines.slice(at + 1)].join('\n'))
    expectCovered(text)
    const found = [...pieces(text)].filter(({ kind }) => kind === 'record')
    const records = new Set(found.map(({ start, end }) => text.subarray(start, end).toString()))
    for (const [index, other] of lines.entries())
      if (index !== at && !other.includes('Records')) expect(records).toContain(other)
  }
})

test.each<[string, (size: number) => string]>([
  ['braces that open', (size) => '{'.repeat(size)],
  ['arrays on lines', (size) => '[\n'.repeat(size / 2)],
  ['objects in objects, a line each', (size) => '{"a":\n'.repeat(size / 6)],
  ['elements before arrays', (size) => '[{"a":1},\n'.repeat(size / 10)],
  ['records that are cut, on one line', (size) => '{"a":x{}'.repeat(size / 8)],
  ['records that are cut inside a text', (size) => '{"a":"b{"a":x'.repeat(size / 13)],
  ['strays', (size) => '}x'.repeat(size / 2)],
  ['commas', (size) => ',{}'.repeat(size / 3)],
  ['quotes', (size) => '"'.repeat(size)],
  ['lists in lists', (size) => '{"Records":['.repeat(size / 12)],
  ['lists that are cut, a line each', (size) => '{"Records":[{"a":1},{"a\n'.repeat(size / 24)],
  ['zeros and records', (size) => '\0{}'.repeat(size / 3)],
  ['spaces', (size) => `{"a"${' '.repeat(size)}`],
  ['texts that open', (size) => '[{"a":"\n'.repeat(size / 8)],
])('the work is linear in the bytes: %s', (_, made) => {
  const reads = (size: number) => {
    const counted = counter(Buffer.from(made(size)))
    for (const { end } of pieces(counted.bytes)) expect(end).toBeGreaterThan(0)
    return counted.reads()
  }
  const [some, more] = [reads(1200), reads(4800)]
  expect(more).toBeLessThan(some * 6)
})

/** Bytes that count how often each is read. */
function counter(buffer: Buffer): { bytes: Uint8Array; reads(): number } {
  let reads = 0
  const bytes = new Proxy(buffer, {
    get(target, name) {
      if (typeof name === 'string' && /^\d+$/.test(name)) {
        reads++
        return target[Number(name)]
      }
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { bytes, reads: () => reads }
}
