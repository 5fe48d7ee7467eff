// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of a configuration
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { UserError } from '../lib/errors.ts'
import { forgetSecrets, withoutSecrets } from '../lib/secrets.ts'
import { parseConfig } from './config.ts'

const folder = mkdtempSync(join(tmpdir(), 'loglake-variables-'))
afterAll(() => rmSync(folder, { recursive: true }))

const env = { REGION: 'eu-central-1', HEC_TOKEN: 'hunter2', SOME: '7', QUEUE: 'https://sqs.example.com/1/q' }
const parse = (text: string) => parseConfig(text, join(folder, 'loglake.yaml'), env)
const fault = (text: string) => {
  try {
    parse(text)
  } catch (thrown) {
    return (thrown as Error).message.replaceAll(`${folder}/`, '')
  }
  throw new Error('it was taken')
}

describe('a variable', () => {
  it('stands for what the environment says, else the block', () => {
    const { values } = parse(`
variables: {REGION: us-east-1, BUCKET: example-logs, WHOLE: "s3://\${BUCKET}/\${REGION}"}
lake: \${WHOLE}/lake
`)
    expect(values.lake).toBe('s3://example-logs/eu-central-1/lake')
    expect(values.variables.REGION).toBe('us-east-1')
  })

  it('may be in any text: in a list, in a source, beside others', () => {
    const { values } = parse(
      'sources:\n  trail:\n    type: s3-queue\n    queue: ${QUEUE}\n    filter: {regions: ["${REGION}", us-east-1]}\n',
    )
    expect(values.sources.trail).toMatchObject({
      queue: env.QUEUE,
      filter: { regions: ['eu-central-1', 'us-east-1'] },
    })
  })

  it('is a number where a number is wanted, and a text where a text is', () => {
    const { values } = parse('lake: ${SOME}\ningest: {threads: "${SOME}", batch: {bytes: "${SOME}MiB"}}')
    expect(values.lake).toBe('7')
    expect(values.ingest).toMatchObject({ threads: 7, batch: { bytes: 7 << 20 } })
  })

  it('is not one behind a second dollar', () => {
    expect(parse('lake: $${REGION}').values.lake).toBe('${REGION}')
  })

  it('that is not set is an error with its place, all of them at once', () => {
    expect(fault('variables: {REGIN: x}\nlake: ${REGIO}\nviews: ${NOWHERE}')).toBe(
      'loglake.yaml:2: lake: there is no variable REGIO: set it in the environment or under "variables": did you mean "REGIN"?\n' +
        'loglake.yaml:3: views: there is no variable NOWHERE: set it in the environment or under "variables"',
    )
  })

  it('cannot stand for itself', () => {
    expect(fault('variables: {A: "${B}", B: "${A}"}')).toMatch(/there is no variable A: /)
  })

  it('has a name', () => {
    expect(fault('lake: ${a b}')).toMatch(/:1: lake: a variable is written as \$\{NAME\} or \$\{file:path\}/)
  })

  it('says what is wrong with its value where that stands', () => {
    expect(fault('query:\n  threads: ${REGION}')).toBe(
      'loglake.yaml:2: query.threads: a whole number of at least 1 is wanted, not "eu-central-1"',
    )
  })
})

describe('a secret', () => {
  const file = join(folder, 'token')
  writeFileSync(file, 'swordfish\n')
  writeFileSync(join(folder, 'other'), 'other-swordfish\n')

  it('comes from the environment or a file, and is known for one', () => {
    const config = parse(
      'variables: {TOKEN: "${file:token}"}\nlake: ${TOKEN}\nviews: x-${HEC_TOKEN}\nprices: a.csv',
    )
    expect(config.values).toMatchObject({ lake: 'swordfish', views: 'x-hunter2' })
    for (const key of ['variables.TOKEN', 'lake', 'views', 'variables'])
      expect(config.secret(key), key).toBe(true)
    expect(config.secret('prices')).toBe(false)
  })

  it('is hidden in all that is shown from then on, wherever it comes from', () => {
    forgetSecrets()
    parse('lake: ${file:other}\nviews: ${HEC_TOKEN}')
    expect(withoutSecrets('answered 403 to other-swordfish and hunter2')).toBe('answered 403 to *** and ***')
  })

  it('is not written into the configuration', () => {
    expect(fault('variables:\n  HEC_TOKEN: hunter2')).toMatch(
      /^loglake\.yaml:2: variables\.HEC_TOKEN: a secret is not written here: .*\$\{file:\/run\/secrets\/hec_token\}$/,
    )
  })

  it('is in no error', () => {
    for (const text of ['query: {threads: "${HEC_TOKEN}"}', 'query: {format: "${file:token}"}']) {
      expect(() => parse(text)).toThrow(UserError)
      expect(fault(text)).toMatch(/, not what the secret says$/)
    }
    expect(fault('lake: ${file:nowhere}')).toMatch(/:1: lake: the file nowhere cannot be read: ENOENT/)
  })
})
