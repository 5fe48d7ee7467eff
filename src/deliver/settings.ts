import { z } from 'zod'
import { names, oneOf, section, text, textLike, whole } from '../lib/settings.ts'
import { POLICIES } from '../scan/contract.ts'
import { destinations } from './destinations/index.ts'
import { shapes } from './shapes/index.ts'

/** A destination's settings: `type`, and the settings of that type. */
export type DestinationSettings = { type: string } & Record<string, unknown>

/** A letter first: JavaScript would reorder names that are numbers. */
const NAME = /^[a-z][a-z0-9_-]{0,48}$/
const NAME_WANTED = 'a name of small letters, digits, _ and - is wanted, a letter first'
const FROM = /^(now|start|\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z)?)$/

/** The section `destinations`: by name, each of one of the known types. */
export function destinationsSection() {
  const types = destinations.map(({ name, doc, settings }) =>
    z
      .strictObject(
        { type: z.literal(name).describe('What kind of destination it is.'), ...settings.shape },
        'keys and values are wanted',
      )
      .describe(doc),
  )
  const wanted = `one of ${destinations.map(({ name }) => name).join(', ')} is wanted`
  const [first, ...rest] = types
  return z
    .record(
      z.string().regex(NAME, NAME_WANTED),
      z.discriminatedUnion('type', [first as (typeof types)[number], ...rest], {
        error: ({ code }) => (code === 'invalid_union' ? wanted : 'keys and values are wanted'),
      }) as unknown as z.ZodType<DestinationSettings>,
      'names with their settings are wanted',
    )
    .describe('Where rows go, by names of your own.')
    .default({})
}

const routeSchema = section(
  {
    table: textLike(
      /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$/,
      'the name of a table or of a view is wanted',
      'The table whose new rows are sent: of a log type, or `finding`; or a view with one row for each of a table.',
    ),
    where: text(
      "A condition in SQL on the table's columns, as in `eventsource = 'sagemaker.amazonaws.com'`; by default all rows.",
    ).optional(),
    shape: oneOf(
      shapes.map(({ name }) => name) as [string, ...string[]],
      'What a row looks like when it leaves.',
    ).default('rows'),
    template: text(
      'Of the shape `template`: the columns of a SELECT over the masked row, as in `eventname as what, eventtime as at`.',
    ).optional(),
    policy: oneOf(
      POLICIES as unknown as ['full', 'masked', 'metadata', 'drop'],
      '`full`, `masked` (personal data and secrets have typed placeholders in their place), `metadata` (no text of people or outsiders), or `drop` (rows in which scanners find something to mask stay here, others go as `masked`).',
    ).default('masked'),
    mask: names('The kinds of findings that are masked: `personal`, `secret`, `injection`.').default([
      'personal',
      'secret',
    ]),
    to: text('The destination, by its name under `destinations`.'),
    with: z
      .record(z.string(), z.unknown(), 'keys and values are wanted')
      .describe('Settings of the destination that are others for this route, as in `sourcetype`.')
      .default({}),
    concurrency: whole(
      1,
      'Batches that are under way at once; with more than one, the order holds from group to group alone.',
    ).default(1),
    rows_per_second: whole(
      1,
      'No more rows than that are sent in a second; by default as fast as they are taken.',
    ).optional(),
    from: textLike(
      FROM,
      'now, start or a time is wanted, as in 2026-01-07',
      'Where it begins when it is new: `now`, `start` for all rows that there are, or a date that rows are of at least.',
    ).default('now'),
  },
  'One way out: which rows go where, and how.',
)

export type RouteSettings = z.output<typeof routeSchema>

/** The section `routes`, in the order of the file. */
export function routesSection() {
  return z
    .record(z.string().regex(NAME, NAME_WANTED), routeSchema, 'names with their settings are wanted')
    .describe('What leaves the lake, by names of your own, in this order.')
    .default({})
}

/** The section `deliver`: settings of all routes. */
export function deliverSection() {
  return section(
    {
      match: oneOf(
        ['all', 'first'],
        'Whether a row takes all routes that match it, or only the first of its table.',
      ).default('all'),
      mask_key: text(
        'The secret of placeholders, of at least 16 characters: with one key, one value has one token. From the environment or a file.',
      ).optional(),
      group_bytes: whole(
        1,
        'Bytes of data files whose rows are sent in the order of their time; after a process was killed, at most one group is sent again.',
      ).default(32 << 20),
    },
    'How rows are delivered.',
  )
}

export type DeliverSettings = z.output<ReturnType<typeof deliverSection>>
