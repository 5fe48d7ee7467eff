import { describe, expect, it } from 'vitest'
import { parseConfig } from './config.ts'
import { configKeys } from './keys.ts'

const parse = (text: string) => parseConfig(text, 'loglake.yaml', {})

describe('sources', () => {
  it('have names of their own, and the defaults of their type', () => {
    const { values } = parse('sources:\n  trail: {type: s3-queue, queue: "https://sqs.example.com/1/q"}\n')
    expect(values.sources.trail).toMatchObject({
      type: 's3-queue',
      commit: { bytes: 64 << 20, seconds: 10 },
      filter: { accounts: [] },
    })
    expect(parse('lake: x').values.sources).toEqual({})
  })

  it.each([
    ['sources: [a]', 'loglake.yaml:1: sources: names with their settings are wanted, not ["a"]'],
    ['sources:\n  trail:\n    queue: x', 'loglake.yaml:2: sources.trail.type: one of folder, s3, s3-queue'],
    ['sources:\n  trail:\n    type: sqs', 'loglake.yaml:3: sources.trail.type: one of folder, s3, s3-queue'],
    ['sources:\n  trail: yes', 'loglake.yaml:2: sources.trail: keys and values are wanted, not "yes"'],
    [
      'sources:\n  a b: {type: folder, paths: [x]}',
      'loglake.yaml:2: sources.a b: a name of letters, digits, _ and - is wanted',
    ],
    [
      'sources:\n  trail:\n    type: s3-queue\n    queu: x',
      'loglake.yaml:2: sources.trail.queue: a queue\'s URL is wanted, not nothing\nloglake.yaml:4: there is no key "queu" in "sources.trail": did you mean "queue"?',
    ],
    [
      'sources:\n  trail:\n    type: s3\n    bucket: b\n    filter:\n      acounts: []',
      'loglake.yaml:6: there is no key "acounts" in "sources.trail.filter": did you mean "accounts"?',
    ],
    [
      'sources:\n  trail:\n    type: s3\n    bucket: b\n    filter: {accounts: ["12"]}',
      'loglake.yaml:5: sources.trail.filter.accounts.0: an account is wanted: 12 digits, not "12"',
    ],
  ])('%j is told with its place', (text, message) => {
    let told = ''
    try {
      parse(text)
    } catch (thrown) {
      told = (thrown as Error).message
    }
    expect(told.slice(0, message.length)).toBe(message)
  })

  it('are among the keys with their own names', () => {
    const { values } = parse('sources:\n  mine: {type: s3, bucket: b}\nvariables: {A: 1}')
    const keys = configKeys(values)
    expect(keys).toContain('sources.mine.bucket')
    expect(keys).toContain('sources.mine.filter.accounts')
    expect(keys).toContain('variables.A')
    expect(configKeys({}).filter((key) => key.startsWith('sources'))).toEqual([])
  })
})
