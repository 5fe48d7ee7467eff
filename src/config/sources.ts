import { z } from 'zod'
import { type SourceSettings, sources } from '../sources/index.ts'

const NAME = /^[A-Za-z0-9][\w-]{0,63}$/

/** The section `sources`: by name, each of one of the existing types. */
export function sourcesSection() {
  const types = sources.map(({ name, doc, settings }) =>
    z
      .strictObject(
        { type: z.literal(name).describe('The kind of source.'), ...settings.shape },
        'keys and values are wanted',
      )
      .describe(doc),
  )
  const wanted = `one of ${sources.map(({ name }) => name).join(', ')} is wanted`
  const [first, ...rest] = types
  return z
    .record(
      z.string().regex(NAME, 'a name of letters, digits, _ and - is wanted'),
      z.discriminatedUnion('type', [first as (typeof types)[number], ...rest], {
        error: ({ code }) => (code === 'invalid_union' ? wanted : 'keys and values are wanted'),
      }) as unknown as z.ZodType<SourceSettings>,
      'names with their settings are wanted',
    )
    .describe('The sources of logs, by names of your own, which `loglake run` reads.')
    .default({})
}
