import { expect, test } from 'vitest'
import type { Store } from './definition.ts'
import { redactor } from './redact.ts'

const redact = (record: string, ...sensitive: [path: string, store: Store][]) =>
  redactor(
    sensitive.map(([path, store]) => ({ path: path.split('.'), store })),
    'a key of the tests',
  )(record)

test('leaves nothing of a field, at any depth, in any array', () => {
  const record = '{"a":{"pin":[1,2]},"list":[{"pin":"x","b":1},{"pin":null},7],"pin":"stays"}'
  expect(redact(record, ['a.pin', 'nothing'], ['list.*.pin', 'nothing'])).toBe(
    '{"a":{"pin":null},"list":[{"pin":null,"b":1},{"pin":null},7],"pin":"stays"}',
  )
})

test('masks what is there, not what is null', () => {
  expect(redact('{"a":{"b":12},"c":null}', ['a.*', 'mask'], ['c', 'mask'])).toBe('{"a":{"b":"***"},"c":null}')
})

test('takes out a field that is there twice, or spelled with escapes', () => {
  expect(redact('{"pin":"one","p\\u0069n":"two", "pin" : "three"}', ['pin', 'nothing'])).toBe(
    '{"pin":null,"p\\u0069n":null, "pin" : null}',
  )
})

test('is not misled by what stands in texts', () => {
  const record = '{"note":"\\"pin\\":\\"1\\",}{[","deep":{"x":"]}\\\\"},"pin":"1"}'
  expect(redact(record, ['pin', 'nothing'])).toBe(record.replace('"pin":"1"}', '"pin":null}'))
  expect(redact(' {"pin":1}', ['pin', 'nothing'])).toBe(' {"pin":null}')
})

test('hashes the same for the same text, however it is spelled, with a key', () => {
  const [one, other] = ['{"who":"é"}', '{"who":"\\u00e9"}'].map((record) => redact(record, ['who', 'hash']))
  expect(one).toMatch(/^\{"who":"[0-9a-f]{64}"\}$/)
  expect(other).toBe(one)
  expect(redactor([{ path: ['who'], store: 'hash' }], 'another key')('{"who":"é"}')).not.toBe(one)
})

test('gives back what has nothing sensitive', () => {
  for (const record of ['{}', '{"a":[]}', '{"a":{"b":"pin"}}', ''])
    expect(redact(record, ['pin', 'nothing'])).toBe(record)
})

test('goes through lists, whether a path names their elements or not', () => {
  const person: [string, Store] = ['user.phone', 'nothing']
  expect(redact('{"user":[{"phone":"1"},[{"phone":"2","x":3}],"4"]}', person)).toBe(
    '{"user":[{"phone":null},[{"phone":null,"x":3}],"4"]}',
  )
  const card: [string, Store] = ['messages.*.card', 'mask']
  expect(redact('{"messages":[[{"card":"1"}],{"card":{"no":2}}]}', card)).toBe(
    '{"messages":[[{"card":"***"}],{"card":"***"}]}',
  )
  expect(redact('{"messages":{"card":"1","first":{"card":"2"}}}', card)).toBe(
    '{"messages":{"card":"***","first":{"card":"***"}}}',
  )
  expect(redact('[{"user":{"phone":"1"}}]', person)).toBe('[{"user":{"phone":null}}]')
})

test('takes a name in any case of its letters', () => {
  expect(redact('{"User":{"PHONE":"1","phones":2}}', ['user.Phone', 'nothing'])).toBe(
    '{"User":{"PHONE":null,"phones":2}}',
  )
})

test('goes through texts that are JSON, and leaves others as they are', () => {
  const inner = JSON.stringify({ phone: '1', more: [JSON.stringify({ phone: '2' })], note: 'é' })
  const found = redact(
    JSON.stringify({ user: inner }),
    ['user.phone', 'nothing'],
    ['user.more.phone', 'mask'],
  )
  const { user } = JSON.parse(found) as { user: string }
  const { more, ...rest } = JSON.parse(user) as { more: string[] }
  expect([rest, JSON.parse(more[0] as string)]).toEqual([{ phone: null, note: 'é' }, { phone: '***' }])
  for (const text of ['{"phone": ', 'phone: 1', '[1, 2]']) {
    const record = JSON.stringify({ user: text })
    expect(redact(record, ['user.phone', 'nothing'])).toBe(record)
  }
})

test('takes out as a whole what is nested too deep to look through', () => {
  const deep = `{"user":${'['.repeat(100_000)}{"phone":"1"}${']'.repeat(100_000)},"x":1}`
  const found = redact(deep, ['user.phone', 'nothing'])
  expect(found).not.toContain('phone')
  expect(found).toMatch(/\[null\]+,"x":1\}$/)
})
