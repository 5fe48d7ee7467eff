import { isUtf8 } from 'node:buffer'
import { expect, it } from 'vitest'
import { encodedIn } from './base64.ts'

const coded = (text: string) => Buffer.from(text).toString('base64')
const mime = coded('a letter of several lines, each of which is long enough to be broken off. '.repeat(4))
  .match(/.{1,76}/g)
  ?.join('\r\n') as string

/** The plainest way to tell what is a run. */
const RUN = /(?:[A-Za-z0-9+/_-]{60,}\r?\n)*[A-Za-z0-9+/_-]{12,}={0,2}/g
const isText = (bytes: Buffer) =>
  isUtf8(bytes) && bytes.every((byte) => (byte >= 0x20 && byte !== 0x7f) || [9, 10, 13].includes(byte))

it.each([
  ['nothing', ''],
  ['words', 'the quick brown fox jumps over the extraordinarily incomprehensible lazy dog'],
  ['one', coded('ada@example.com')],
  [
    'one in words',
    `see ${coded('ada@example.com')}, and ${coded('bob@example.com')}==${coded('eve@example.com')}`,
  ],
  ['one right behind another', `${coded('ada@example.co')}${coded('bob@example.com')}`],
  ['11 and 12 characters', `${'a'.repeat(11)} ${coded('a@b.co c.')} ${'Y'.repeat(11)}=`],
  ['in a path', `/objects/${coded('ada@example.com')}/of/${coded('bob@example.com')}`],
  ['lines', `before\n${mime}\nafter`],
  ['a last line that is short', `${'YWRhQGV4YW1wbGUuY29t'.repeat(4)}\nYWRh\n${coded('ada@example.com')}`],
  [
    'bytes that are no text',
    `${Buffer.from([0x61, 0xff, 0xfe, ...Buffer.alloc(20, 0x61)]).toString('base64')}`,
  ],
  ['half a character at the end', Buffer.from('ada@example.com ä').subarray(0, -1).toString('base64')],
  ['a mark of the order of bytes', coded('\ufeffada@example.com')],
])('what is base64 in a text is found, as a plain search finds it: %s', (_, text) => {
  const found = encodedIn(text)
  for (const { from, to, text: said } of found)
    expect(new TextDecoder().decode(Buffer.from(text.slice(from, to), 'base64'))).toBe(said)
  const runs = Array.from(text.matchAll(RUN), ({ 0: run, index }) => ({ run, index }))
  const whole = runs.filter(({ run }) => isText(Buffer.from(run, 'base64')))
  for (const { run, index } of whole)
    expect(found).toContainEqual(expect.objectContaining({ from: index, to: index + run.length }))
  for (const { from, to } of found)
    expect(runs.some(({ run, index }) => from >= index && to <= index + run.length)).toBe(true)
})
