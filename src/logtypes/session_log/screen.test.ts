import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { seen } from './screen.ts'

const PROMPT = '[ssm-user@ip-10-0-0-12 ~]$ '
const ALTERNATE = (text: string) => `[alternate screen]\n${text}\n[end of alternate screen]`

describe('what programs wrote on real terminals, the size of which is not told', () => {
  const folder = new URL('./screen/recorded/', import.meta.url)
  test.each(readdirSync(folder).filter((name) => name.endsWith('.out')))('%s', async (name) => {
    const text = seen(readFileSync(new URL(name, folder), 'utf8'))
    await expect(text).toMatchFileSnapshot(new URL(name.replace('.out', '.txt'), folder).pathname)
  })
})

describe('a line', () => {
  test.each<[string, string, string]>([
    [
      'colours leave no trace',
      '\x1b[01;34mdir\x1b[0m \x1b[38;5;196mred\x1b[m \x1b[38:2::1:2:3mx',
      'dir red x',
    ],
    ['a carriage return writes over', 'abc\rX', 'Xbc'],
    ['a progress bar is what it came to', ' 10%\r 50%\r100%\r\ndone\r\n', '100%\ndone\n'],
    ['backspace and space take back', 'lss\b \b -l', 'ls -l'],
    ['backspace goes no further than the line', '\b\b\bls', 'ls'],
    ['erase to the end, the beginning, all', 'abc\b\x1b[Kx\nabc\b\x1b[1Kx\nabc\x1b[2K\rx', 'abx\n  x\nx'],
    ['characters put in and taken out', 'ac\b\x1b[@b\nabbc\x1b[3D\x1b[P\nabcd\r\x1b[2Xxy', 'abc\nabc\nxycd'],
    ['insert mode', 'ac\b\x1b[4hb\x1b[4l', 'abc'],
    ['to a column', 'abc\x1b[2Gx\x1b[5Gy\x1b[1`z', 'zxc y'],
    ['repeated characters', 'a\x1b[3bb\x1b[mc\x1b[2b', 'aaaabccc'],
    ['a tab stays a tab', 'a\tb\r\n\tc', 'a\tb\n\tc'],
    ['a tab that is written over is blanks', 'a\tb\x1b[4Gx', 'a  x    b'],
    ['DEL, bells, NUL: nothing', 'a\x7f\x07\0b\x05', 'ab'],
    ['a wide character takes two cells', '漢字\b\bx\n漢字\r x', '漢x\n x字'],
    ['marks sit on what is before them', '\x1b[me\u0301a\bx', 'e\u0301x'],
    ['line drawing', '\x1b(0lqk\x1b(B lqk \x0eq\x1b)0q\x0fq', '┌─┐ lqk q─q'],
    ['half a character, none, a replaced one', '\x1b[ma\ud800b\ufffd', 'a\ufffdb\ufffd'],
    [
      'direction of writing and zero width',
      'sudo \u202ecilbup\u202c r\u200bm \u{e0041}\u2066x\u2069',
      'sudo cilbup rm x',
    ],
    ['emoji stay joined', 'a\x1b[m 👩\u200d💻 ❤\ufe0f', 'a 👩\u200d💻 ❤\ufe0f'],
    ['blanks that were printed stay', `\x1b[m${PROMPT}`, PROMPT],
    ['bracketed paste', `\x1b[?2004h${PROMPT}ls\r\n\x1b[?2004l\rfile\r\n`, `${PROMPT}ls\nfile\n`],
  ])('%s', (_, output, text) => expect(seen(output)).toBe(text))
})

describe('strings', () => {
  test.each<[string, string, string]>([
    ['a title, closed by BEL', `\x1b]0;ssm-user@host:~\x07${PROMPT}ls`, `${PROMPT}ls`],
    ['a title, closed by ST', '\x1b]2;title\x1b\\a\x9d0;t\x9cb', 'ab'],
    ['one never closed hides its line only', 'a\x1b]0;title\nrm -rf /srv', 'a\nrm -rf /srv'],
    ['one ended by the next sequence', '\x1b]0;title\x1b[1mls', 'ls'],
    ['DCS, SOS, PM, APC', '\x1bP1$r0m\x1b\\a\x1bXsos\x1b\\b\x1b^pm\x1b\\c\x1b_apc\x07still\x1b\\d', 'abcd'],
    ['BEL closes no DCS, the end of the line does', '\x1bPq#0\x07~~\nb', '\nb'],
    ['C1 controls', 'a\x9b1mb\x85c', 'ab\nc'],
    ['a sequence given up', 'a\x1b[12\x18b\x1b[1é\x1b \x1ac', 'abéc'],
    ['controls inside a sequence', 'ab\x1b[1\rGx', 'xb'],
    ['the end inside a sequence', 'a\x1b[1;3', 'a'],
    ['unknown sequences', '\x1b[>4;2m\x1b[22;0;0t\x1b[?1006;1000h\x1b=\x1b>\x1b#8\x1b[0%m\x1b[3 qa', 'a'],
  ])('%s', (_, output, text) => expect(seen(output)).toBe(text))
})

describe('a screen', () => {
  test.each<[string, string, string]>([
    ['progress on three lines', 'a 1\r\nb 1\r\nc 1\r\n\x1b[3Aa 2\r\nb 2\r\nc 2\r\n', 'a 2\nb 2\nc 2\n'],
    ['what was seen before it was cleared stays', 'secret\r\n\x1b[H\x1b[2J\x1b[3Jafter', 'secret\nafter'],
    ['cleared by erasing from its beginning', 'one\r\n\x1b[H\x1b[Jtwo', 'one\ntwo'],
    ['cleared by a reset', 'one\r\n\x1bctwo', 'one\ntwo'],
    [
      'drawn again and again',
      `x\r\n\x1b[H\x1b[2J${'\x1b[Hcpu 1\r\nmem 2\r\n'.repeat(9)}`,
      'x\ncpu 1\nmem 2\n',
    ],
    [
      'drawn over and over, higher than 24 rows',
      `\x1b[H\x1b[2J${`\x1b[H${'row\r\n'.repeat(50)}`.repeat(9)}`,
      'row\n'.repeat(100),
    ],
    [
      'an address where the screen begins nobody knows',
      `${'old\r\n'.repeat(99)}\x1b[Hnew`,
      `${'old\n'.repeat(99)}new`,
    ],
    [
      'a bar in the last row, beside a flow',
      `\n\x1b7\x1b[0;23r\x1b8\x1b[1A${[1, 2, 3].map((n) => `step ${n}\r\n\x1b7\x1b[24;0f[${n}0%]\x1b8`).join('')}`,
      `step 1\nstep 2\nstep 3\n${'\n'.repeat(20)}[30%]`,
    ],
    [
      'a clock in the corner, a flow far below',
      `${'x\r\n'.repeat(99)}a\x1b7\x1b[1;70H12:00\x1b8b\r\nc`,
      `${'x\n'.repeat(99)}ab\nc\n${' '.repeat(69)}12:00`,
    ],
    ['rows put in and taken out', 'a\r\nb\r\nc\x1b[2;1H\x1b[Lx\x1b[3;1H\x1b[M', 'a\nx\nc'],
    [
      'rows that scroll between others',
      'top\r\n1\r\n2\r\n3\r\nend\x1b[2;4r\x1b[4;1H\n4',
      'top\n2\n3\n4\nend',
    ],
  ])('%s', (_, output, text) => expect(seen(output)).toBe(text))

  test('of a known size scrolls and wraps', () => {
    expect(seen('1\r\n2\r\n3\r\n4\x1b[HX', { columns: 10, rows: 3 })).toBe('1\nX\n3\n4')
    expect(seen('0123456789abc\r\x1b[AX', { columns: 10, rows: 3 })).toBe('X123456789abc')
  })
})

describe('a line that is longer than the screen is wide', () => {
  const typed = `${PROMPT}echo ${'word '.repeat(9)}` // 77 columns
  test('is one line where the shell wraps it, and stays editable', () => {
    const wrapped = `\x1b[?2004h${typed}one \rtwo`
    expect(seen(`${wrapped}\r\n`)).toBe(`${typed}onetwo\n`)
    expect(seen(`${wrapped}\x1b[A\r${PROMPT}ECHO\r\n\n`)).toBe(`${PROMPT}ECHO ${'word '.repeat(9)}onetwo\n`)
  })
  test('without bracketed paste too', () => {
    expect(seen(`sh-4.2$ ${'x'.repeat(71)} \ryy\r\n`)).toBe(`sh-4.2$ ${'x'.repeat(71)}yy\n`)
  })
  test('a prompt that is written over is no such line', () => {
    const searched = `\x1b[?2004h${PROMPT}\r(reverse-i-search)\`': l\x1b[K\r${PROMPT}ls\x1b[K`
    expect(seen(searched)).toBe(`${PROMPT}ls`)
    expect(seen(`\x1b[?2004h${PROMPT}\r${PROMPT}ls`)).toBe(`${PROMPT}ls`)
  })
  test('nor is progress', () => {
    expect(seen(`${'Receiving objects:  45% (450/1000), 2.1 MiB | 1 MiB/s \r'.repeat(2)}done`)).toMatch(
      /^doneiving/,
    )
  })
  test('moved up in, where nobody can tell what is above, it writes over nothing', () => {
    const before = 'chmod 777 /srv\r\n'
    const recalled = `${before}${PROMPT}${'x'.repeat(150)}\x1b[A\x1b[A${PROMPT}y`
    expect(seen(recalled)).toBe(`chmod 777 /srv\n${PROMPT}${'x'.repeat(150)}\n${PROMPT}y`)
  })
})

describe('an alternate screen', () => {
  const alternate = (inside: string) => seen(`${PROMPT}vi f\r\n\x1b[?1049h${inside}\x1b[?1049l${PROMPT}`)
  const around = (text: string) => `${PROMPT}vi f\n${ALTERNATE(text)}\n${PROMPT}`

  test('appears once, as it was in the end', () => {
    expect(
      alternate(`\x1b[2J${[1, 2, 3].map((n) => `\x1b[HCPU ${n}\x1b[K\x1b[2;1HMem ${n}`).join('')}`),
    ).toBe(around('CPU 3\nMem 3'))
  })
  test('with what scrolled off its top', () => {
    expect(alternate(`\x1b[1;3r1\r\n2\r\n3\r\n4\r\n5`)).toBe(around('1\n2\n3\n4\n5'))
  })
  test('and what was there when it was cleared', () => {
    expect(alternate('\x1b[H\x1b[2Jpage 1\x1b[H\x1b[2Jpage 2\x1b[H\x1b[2J')).toBe(around('page 1\npage 2'))
  })
  test('of clears without number the last ones', () => {
    const text = alternate(Array.from({ length: 100 }, (_, n) => `\x1b[H\x1b[2Jpage ${n}`).join(''))
    expect(text).toContain('[alternate screen, 68 earlier screens left out]\npage 68\n')
    expect(text).toContain('\npage 99\n[end of alternate screen]')
  })
  test('that is empty is not mentioned', () => {
    expect(alternate('\x1b[H\x1b[2J')).toBe(`${PROMPT}vi f\n${PROMPT}`)
  })
  test('that is still open, or was opened before the output begins', () => {
    expect(seen(`vi f\r\n\x1b[?47htext`)).toBe(`vi f\n${ALTERNATE('text')}\n`)
    expect(seen(`\x1b[2;1Htext\x1b[?1049l\r\n${PROMPT}`)).toBe(`text\n[end of alternate screen]\n\n${PROMPT}`)
  })
  test('a line feed goes straight down, where carriage returns are there', () => {
    expect(alternate('ab\ncd')).toBe(around('ab\n  cd'))
    expect(seen('vi\n\x1b[?1049hab\ncd\x1b[?1049l')).toBe(`vi\n${ALTERNATE('ab\ncd')}\n`)
  })
})

describe("what Session Manager's agent does to the output", () => {
  test('a transcript with one carriage return too many', () => {
    const header = 'Script started on 2026-01-07 21:56:40+0000\n'
    const output = `${header}$ vi\r\r\n\x1b[?1049hab\r\ncd\x1b[?1049l$ ls\r\r\nfile\r\r\n`
    expect(seen(output)).toBe(`${header}$ vi\n${ALTERNATE('ab\n  cd')}\n$ ls\nfile\n`)
  })
  test('carriage returns taken out', () => {
    expect(seen('ls\nfile\x1b[m\n10%20%30%\n')).toBe('ls\nfile\n10%20%30%\n')
  })
  test.each(['[?2004h', '[?1034h', '[0m', '[01;32m', '[K', '[?2004l[0m'])(
    'the rest of a sequence: %s',
    (rest) => {
      expect(seen(`${rest}$ ls`)).toBe('$ ls')
    },
  )
  test.each([
    '[ec2-user@ip ~]$ ls',
    '[master 1a2b] message',
    '[K] key',
    '[Kafka] up',
    '[5m ago]',
    '[info] x',
    '[3D model]',
    '[]',
  ])('no such rest: %s', (text) => expect(seen(text)).toBe(text))
})

describe('whatever comes in', () => {
  const random = numbers(42)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/

  test('no control characters come out, and not much more than came in', () => {
    const bits = [
      '\x1b',
      '\x1b[',
      '\x9b',
      '?',
      '1',
      '9',
      ';',
      '49h',
      'H',
      'J',
      'K',
      'm',
      'r',
      '\r',
      '\n',
      '\t',
      '\b',
      'x',
      '漢',
      '\u202e',
      '\ud83d',
      '\x1b]',
      '\x07',
      '\x1bP',
    ]
    for (let round = 0; round < 500; round++) {
      const bytes = Uint8Array.from({ length: 300 }, () => Math.floor(random() * 256))
      const made = Array.from({ length: 200 }, () => pick(bits)).join('')
      for (const output of [new TextDecoder().decode(bytes), made]) {
        for (const size of [{}, { columns: 7, rows: 3 }, { columns: 1, rows: 1 }]) {
          const text = seen(output, size)
          expect(CONTROL.test(text), JSON.stringify(output)).toBe(false)
          expect(text.length).toBeLessThan(100_000)
        }
      }
    }
  })

  test('plain text comes out as it is, by the short way and the long', () => {
    const parts = [
      'a',
      'Z9',
      ' ',
      '  ',
      '\t',
      '\n',
      '\n\n',
      'é',
      '漢字',
      'e\u0301',
      '🙂',
      '│',
      'x'.repeat(90),
      '[x]',
      '$ ',
    ]
    for (let round = 0; round < 300; round++) {
      const text = `.${Array.from({ length: 60 }, () => pick(parts)).join('')}`
      expect(seen(text)).toBe(text)
      expect(seen(`\x1b[m${text}`)).toBe(text)
      expect(seen(`\x1b[m${text.replaceAll('\n', '\r\n')}`)).toBe(text)
    }
  })

  test.each<[string, string]>([
    ['enormous moves', '\x1b[9999;9999Hx'],
    ['moves on every line', '\x1b[499;511Hx\n'],
    ['enormous repeats', 'x\x1b[99999999b\n'],
    ['rows put in', 'x\n\x1b[H\x1b[9999L'],
    ['scrolling', 'x\x1b[9999S\x1b[9999T'],
    ['clears', 'x\x1b[H\x1b[99;1Hy\x1b[2J\x1b[1J'],
    ['screens in screens', '\x1b[?1049h\x1b[?1049hx\x1b[?1049l'],
    ['strings never closed', '\x1b]0;a\x1bP'],
    ['parameters without end', '\x1b[1;2;3;4;5;6;7;8;9;'],
    ['one line', 'x'],
    ['one line, edited at its beginning', '\r\x1b[@y'],
    ['marks', '\u0301'],
    ['tabs', '\x1b[9999Ia\n'],
    ['places kept and gone back to', '\x1b7\x1b[1;70H12:00\x1b8x\n'],
  ])('%s: half a megabyte is soon done', (_, piece) => {
    const output = `\x1b[m${piece.repeat(Math.ceil(500_000 / piece.length))}`
    expect(seen(output).length).toBeLessThan(output.length * 6)
  })
})

/** mulberry32: the same sequence every time. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
