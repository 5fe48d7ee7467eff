import { describe, expect, it } from 'vitest'
import { recognise } from './recognise.ts'

const kinds = (text: string) => recognise(text).map(({ is }) => is)

describe('what a text can be', () => {
  it.each([
    ['3c0ecab9-2f6c-4c8f-8d1c-3a8a9d9d6c11', 'uuid'],
    ['ASIAIOSFODNN7EXAMPLE', 'accesskey'],
    ['AROAEXAMPLEID12345:alice@example.com', 'principal'],
    ['arn:aws:iam::111122223333:role/Admin', 'arn'],
    ['198.51.100.23', 'address'],
    ['2001:db8::1', 'address'],
    ['ssm.amazonaws.com', 'address'],
    ['i-0a1b2c3d4e5f60718', 'instance'],
    ['mi-0a1b2c3d4e5f60718', 'instance'],
    ['toolu_01A09q90qw90lq917835lq9', 'tooluse'],
    ['alice@example.com', 'email'],
    ['s3://logs/AWSLogs/x.json.gz', 'object'],
    ['alice', 'name'],
    ['payroll-exports', 'name'],
  ])('%s is first of all a %s', (text, kind) => {
    expect(kinds(text)[0]).toBe(kind)
  })

  it('is taken without blanks and quotes around it', () => {
    expect(recognise(' "198.51.100.23"\n')).toEqual(recognise('198.51.100.23'))
    expect(recognise('  ')).toEqual([])
    expect(recognise('""')).toEqual([])
  })

  it('of an IPv6 address is looked for in the form that AWS writes, too', () => {
    const long = '2001:0DB8:0000:0000:0000:0000:0000:0001'
    expect(recognise(long)).toEqual([
      { is: 'address', value: long },
      { is: 'address', value: '2001:db8::1' },
    ])
    expect(recognise('2001:db8::1')).toHaveLength(1)
    expect(recognise('fe80::1%eth0')).toEqual([{ is: 'address', value: 'fe80::1%eth0' }])
  })

  it.each([
    ['198.51.100.23:443', '198.51.100.23'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['::ffff:198.51.100.23', '198.51.100.23'],
    ['<alice@example.com>', 'alice@example.com'],
    ['mailto:alice@example.com', 'alice@example.com'],
  ])('%s is taken for %s', (text, value) => {
    expect(recognise(text).map((one) => one.value)).toContain(value)
    expect(kinds(text)[0]).toBe(value.includes('@') ? 'email' : 'address')
  })

  it('of no address stays what it is', () => {
    expect(kinds('198.51.100:443')[0]).toBe('name')
    expect(kinds('<b>')[0]).toBe('name')
  })

  it('of a bucket has the ARN that resources have', () => {
    for (const text of ['payroll-exports', 's3://payroll-exports', 's3://payroll-exports/'])
      expect(recognise(text)).toEqual(
        expect.arrayContaining([
          { is: 'bucket', value: 'payroll-exports' },
          { is: 'arn', value: 'arn:aws:s3:::payroll-exports' },
        ]),
      )
    expect(recognise('arn:aws:s3:::payroll-exports')).toContainEqual({
      is: 'bucket',
      value: 'payroll-exports',
    })
  })

  it('of a large uuid is looked for in small letters, too', () => {
    const values = recognise('3C0ECAB9-2F6C-4C8F-8D1C-3A8A9D9D6C11').map(({ value }) => value)
    expect(values).toContain('3c0ecab9-2f6c-4c8f-8d1c-3a8a9d9d6c11')
  })

  it('of a uuid is found in a URN, in braces, or in both', () => {
    const plain = recognise('3c0ecab9-2f6c-4c8f-8d1c-3a8a9d9d6c11')
    for (const text of [
      'urn:uuid:3c0ecab9-2f6c-4c8f-8d1c-3a8a9d9d6c11',
      'URN:UUID:3c0ecab9-2f6c-4c8f-8d1c-3a8a9d9d6c11',
      '{3c0ecab9-2f6c-4c8f-8d1c-3a8a9d9d6c11}',
      ' "{3c0ecab9-2f6c-4c8f-8d1c-3a8a9d9d6c11}" ',
      'urn:uuid:{3c0ecab9-2f6c-4c8f-8d1c-3a8a9d9d6c11}',
    ])
      expect(recognise(text)).toEqual(plain)
    expect(kinds('{not-a-uuid}')[0]).toBe('name')
    expect(kinds('urn:uuid:nothing')[0]).toBe('name')
  })
})
