import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { parseConfig } from '../../src/config/config.ts'
import { destinations } from '../../src/deliver/destinations/index.ts'
import { exampleNames, exampleOf } from '../../src/deliver/examples.ts'
import { isForbidden } from '../../src/deliver/http.ts'
import { routesOf } from '../../src/deliver/routes.ts'
import { shapes } from '../../src/deliver/shapes/index.ts'
import { deliverTables } from '../../src/deliver/tables.ts'
import { forgetSecrets, withoutSecrets } from '../../src/lib/secrets.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { logTables } from '../../src/tables/index.ts'

const folder = new URL('../../src/deliver/destinations/', import.meta.url)
const docs = readFileSync(new URL('../../docs/deliver.md', import.meta.url), 'utf8')

/** What the examples take from the environment. */
const SECRETS = {
  SPLUNK_TOKEN: 'secret-of-splunk-1',
  SEARCH_PASSWORD: 'secret-of-search-2',
  WEBHOOK_SECRET: 'secret-of-webhook-3',
  SLACK_TOKEN: 'secret-of-slack-4',
  TEAMS_TOKEN: 'secret-of-teams-5',
  PAGERDUTY_TOKEN: 'secret-of-pagerduty-6',
  MAIL_PASSWORD: 'secret-of-mail-7',
  MASK_TOKEN: 'secret-of-the-masks-8',
}
afterEach(forgetSecrets)

interface Described {
  description?: string
  properties?: Record<string, Described>
}

function keys(schema: Described, path = ''): [key: string, described: Described][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [
    [`${path}${key}`, inner] as [string, Described],
    ...keys(inner, `${path}${key}.`),
  ])
}

describe.each(destinations.map((one) => [one.name, one] as const))(
  'the destination %s',
  (name, destination) => {
    it('lies in the file of its name, and says what it is', () => {
      expect(readFileSync(new URL(`${name}.ts`, folder), 'utf8')).toContain(`export const name = '${name}'`)
      expect(destination.doc).toMatch(/^[A-Z].*\.$/)
      expect(docs).toContain(`\`${name}\``)
    })

    it('describes every setting, and takes no other', () => {
      const schema = z.toJSONSchema(destination.settings, {
        io: 'input',
        target: 'draft-7',
        unrepresentable: 'any',
      })
      for (const [key, { description }] of keys(schema as Described))
        expect(description, key).toMatch(/^[A-Z`].*\.$/)
      const example = (parse(destination.example) ?? {}) as object
      expect(destination.settings.safeParse({ ...example, nonsense: 1 }).success).toBe(false)
    })

    it('has an example that is one, in its words and in the documentation', async () => {
      const { values } = parseConfig(exampleOf(name), 'example', SECRETS)
      const [route] = await routesOf(
        { ...values, place: () => undefined },
        { tables: [...logTables, ...deliverTables], types: logTypes },
      )
      expect(route?.destination.name).toBe(name)
      for (const line of destination.example.split('\n')) expect(docs).toContain(line.trim())
    })

    it('opens nothing before something is sent, and takes batches of some size', async () => {
      const { values } = parseConfig(exampleOf(name), 'example', SECRETS)
      const { type: _, ...settings } = values.destinations[name] as { type: string }
      const receiver = destination.open(destination.settings.parse(settings), { route: 'of-mine' })
      expect(receiver.max.deliveries).toBeGreaterThan(0)
      expect(receiver.max.bytes).toBeGreaterThan(10_000)
      await receiver.close?.()
    })

    it('names the actions of AWS that sending needs, where the receiver is AWS', () => {
      const settings = destination.settings.parse(parse(destination.example) ?? {})
      const needs = destination.needs?.(settings) ?? []
      expect(needs.length > 0).toBe('identity' in destination.settings.shape)
      for (const { action, resource } of needs) {
        expect(action).toMatch(/^[a-z0-9]+:[A-Z]\w+$/)
        expect(resource).toMatch(/^(arn:aws:|https:\/\/|[a-z0-9]+:)\S+$/)
      }
    })

    it('shows no secret in an error', async () => {
      const { values } = parseConfig(exampleOf(name), 'example', SECRETS)
      const settings = { ...(values.destinations[name] as Record<string, unknown>) }
      delete settings.type
      // Nobody listens there.
      for (const key of ['url', 'host', 'path', 'queue'])
        if (key in settings) settings[key] = key === 'url' ? 'http://127.0.0.1:9' : '/dev/null/x'
      if (name === 'syslog' || name === 'smtp') Object.assign(settings, { host: '127.0.0.1', port: 9 })
      if ('url' in settings || 'host' in settings || 'path' in settings) {
        const receiver = destination.open(destination.settings.parse(settings), { route: 'of-mine' })
        const delivery = { id: 'a/1', table: 'cloudtrail', time: 1, text: '{}' }
        const thrown = await receiver.send([delivery], new AbortController().signal).then(
          () => undefined,
          (error: Error) => error,
        )
        expect(thrown).toBeInstanceOf(Error)
        for (const secret of Object.values(SECRETS))
          expect(withoutSecrets(String(thrown))).not.toContain(secret)
        await receiver.close?.()
      }
    })
  },
)

it('all files are in the list once', () => {
  const shared = ['aws-batch', 'bodies', 'headers', 'index', 'json', 'message', 'objects', 'post']
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => name.replace(/\.ts$/, ''))
    .filter((name) => !shared.includes(name))
  expect(destinations.map(({ name }) => name).toSorted()).toEqual(files.toSorted())
})

describe.each(shapes.map((one) => [one.name, one] as const))('the shape %s', (name, shape) => {
  it('lies in the file of its name, and says what it is', () => {
    const file = new URL(`../../src/deliver/shapes/${name}.ts`, import.meta.url)
    expect(readFileSync(file, 'utf8')).toContain(`name: '${name}'`)
    expect(shape.doc).toMatch(/^[A-Z].*\.$/)
    expect(docs).toContain(`\`${name}\``)
  })
})

it('every example is a configuration that runs', async () => {
  for (const name of exampleNames()) {
    const { values } = parseConfig(exampleOf(name), `${name}.yaml`, SECRETS)
    const known = { tables: logTables, types: logTypes }
    await expect(routesOf({ ...values, place: () => undefined }, known)).resolves.not.toEqual([])
  }
})

it('the pack has the index and source types of the pack, all from variables', async () => {
  const { values } = parseConfig(exampleOf('cribl-pack'), 'cribl-pack.yaml', {
    ...SECRETS,
    splunk_index: 'mine',
  })
  const known = { tables: logTables, types: logTypes }
  const found = await routesOf({ ...values, place: () => undefined }, known)
  expect(found.map(({ table, settings }) => ({ table: table.name, ...(settings as object) }))).toMatchObject([
    { table: 'sagemaker_invocation', index: 'mine', sourcetype: 'aws:sagemaker:invocation' },
    { table: 'cloudtrail', index: 'mine', sourcetype: 'aws:sagemaker:cloudtrail' },
  ])
})

it.each([
  'http://169.254.169.254/latest/meta-data/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://[fe80::1]/',
  'http://[::ffff:169.254.169.254]/',
  'http://[fd00:ec2::254]/',
  'http://[64:ff9b::169.254.169.254]/',
  'http://192.0.0.192/',
  'http://168.63.129.16/machine',
  'http://169.254.170.2/v2/credentials',
  'http://metadata.google.internal/',
  'http://user:password@example.com/',
  'file:///etc/passwd',
])('%s is no receiver', (url) => {
  const { success } = (
    destinations.find(({ name }) => name === 'webhook') as (typeof destinations)[number]
  ).settings.safeParse({ url })
  expect(success).toBe(false)
})

it('private addresses that are configured are receivers: collectors mostly have one', () => {
  for (const host of ['10.0.0.1', '127.0.0.1', '192.168.1.1', 'fd12::1'])
    expect(isForbidden(host)).toBe(false)
})
