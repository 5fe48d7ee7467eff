import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { configKeys } from '../../src/config/keys.ts'
import { sources } from '../../src/sources/index.ts'

const docs = new URL('../../docs/', import.meta.url)

interface Block {
  place: string
  yaml: string
}

/** Every YAML block of the documentation, by file and line; those of rules.md are rules. */
const blocks: Block[] = readdirSync(docs)
  .filter((name) => name.endsWith('.md') && name !== 'rules.md')
  .flatMap((name) => {
    const text = readFileSync(new URL(name, docs), 'utf8')
    return [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((found) => ({
      place: `${name}:${text.slice(0, found.index).split('\n').length}`,
      yaml: found[1] ?? '',
    }))
  })

const LONG = ['LOGLAKE_COOKIE_KEY', 'LOGLAKE_OIDC_SECRET', 'LOGLAKE_PROXY_SECRET']
const SECRETS = ['SPLUNK', 'SLACK', 'TEAMS', 'PAGERDUTY', 'MASK'].map((name) => `${name}_TOKEN`)
const env = Object.fromEntries(
  ['EXTERNAL_ID', 'SEARCH_PASSWORD', 'MAIL_PASSWORD', 'WEBHOOK_SECRET', ...LONG, ...SECRETS].map((name) => [
    name,
    'example',
  ]),
)

describe('an example of a configuration', () => {
  it.each(blocks.map(({ place, yaml }) => [place, yaml]))('in %s is one', (place, yaml) => {
    expect(() => parseConfig(yaml, place, env)).not.toThrow()
  })

  it('is there of each type of source', () => {
    const shown = blocks
      .filter(({ place }) => place.startsWith('sources.md'))
      .flatMap(({ place, yaml }) => Object.values(parseConfig(yaml, place, env).values.sources))
      .map(({ type }) => type)
    for (const { name } of sources) expect(shown).toContain(name)
  })

  it('in configuration.md names every key', () => {
    const { yaml = '' } = blocks.find(({ place }) => place.startsWith('configuration.md')) ?? {}
    const { line } = parseConfig(yaml, 'configuration.md', env)
    expect(configKeys().filter((key) => line(key) === undefined)).toEqual([])
  })
})
