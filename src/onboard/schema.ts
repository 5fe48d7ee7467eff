import { z } from 'zod'
import { HOLDS, TEXT_ROLES } from '../logtypes/contract.ts'
import { COLUMN_TYPES, ENVELOPES, type Path, STORES, TIME_FORMS, WAYS } from './definition.ts'

function text(doc: string) {
  const wanted = 'a text is wanted'
  return z.string(wanted).trim().min(1, wanted).describe(doc)
}

function oneOf<const Words extends readonly string[]>(words: Words, doc: string) {
  return z.enum(words, { error: `one of ${words.join(', ')} is wanted` }).describe(doc)
}

function path(doc: string) {
  const wanted = 'a field is wanted, as in user.id or [attributes, user.id]'
  return z
    .union(
      [
        z.string(wanted).regex(/^[^.]+(\.[^.]+)*$/s, wanted),
        z.array(z.string(wanted).min(1, wanted)).min(1, wanted),
      ],
      wanted,
    )
    .transform((value): Path => (typeof value === 'string' ? value.split('.') : value))
    .describe(doc)
}

function kinds(doc: string) {
  const wanted = `one of ${HOLDS.join(', ')} is wanted, or a list of them`
  const kind = z.enum(HOLDS, { error: wanted })
  return z
    .union([kind, z.array(kind).min(1, wanted)], wanted)
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .describe(doc)
}

function patterns(doc: string) {
  const wanted = 'a pattern is wanted, as in "app/*/audit/", or a list of them'
  const pattern = z.string(wanted).min(1, wanted)
  return z
    .union([pattern, z.array(pattern).min(1, wanted)], wanted)
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .describe(doc)
}

const scalar = z.union([z.string(), z.number(), z.boolean()])

/** All keys of a `logtype.yaml`, with their meaning and their types. */
export const definitionSchema = z
  .strictObject(
    {
      name: text("The table's name: small letters, digits and `_`; the folder's name, too."),
      doc: text('One sentence: one row is what.'),
      recognise: z
        .strictObject(
          {
            fields: z
              .array(path('A field.'), 'a list of fields is wanted')
              .describe('Fields that every such record has.')
              .default([]),
            values: z
              .record(
                z.string(),
                z.union([scalar, z.array(scalar).min(1)], 'a value is wanted, or a list of values'),
                'fields with a value each are wanted',
              )
              .describe('Fields with the value that they have, or a list of values.')
              .default({}),
            key: patterns(
              'A pattern of object names, or a list: `app/*/audit/` is everything below.',
            ).default([]),
            log_group: patterns('A pattern of log groups, or a list.').default([]),
          },
          'keys and values are wanted',
        )
        .describe('How such a record is told from others; all that is given must be so.'),
      envelope: oneOf(
        ENVELOPES,
        'The only way such records come: as events of CloudWatch Logs, or as they lie in an object. Any by default.',
      ).optional(),
      records: path('The field of a document that holds an array of records.').optional(),
      time: text('The column with the time of the event.'),
      id: z
        .union(
          [
            z.string().trim().min(1),
            z.strictObject({
              hash: z.union([z.literal('record'), z.array(z.string().min(1)).min(1)]),
            }),
          ],
          'a column is wanted, or {hash: record}, or {hash: [columns]}',
        )
        .describe(
          "The column with the record's own id; or `{hash: record}` or `{hash: [columns]}`, which fills a column `id`.",
        ),
      sort: z
        .array(text('A column.'), 'a list of columns is wanted')
        .describe('Columns that rows are sorted by in a file; by default by time.')
        .optional(),
      columns: z
        .array(
          z.strictObject(
            {
              name: text('Small letters, digits and `_`.'),
              type: oneOf(COLUMN_TYPES, 'What it holds; `json` is JSON text.'),
              doc: text('One sentence, for `loglake describe`.'),
              path: path('The field it comes from.').optional(),
              from: oneOf(WAYS, 'What CloudWatch Logs tells of the record.').optional(),
              form: oneOf(TIME_FORMS, 'How a time is written; `iso` by default.').optional(),
              holds: kinds(
                'What its values are, one kind or a list; a text column that does not say is taken for text that outsiders write.',
              ).optional(),
              text: oneOf(
                TEXT_ROLES,
                'The role in which scanners read its text; none by default.',
              ).optional(),
            },
            'name, type, doc and path are wanted',
          ),
          'a list of columns is wanted',
        )
        .min(1, 'a list of columns is wanted')
        .describe('In order. Later ones are added, at the end; others stay as they are.'),
      sensitive: z
        .array(
          z.strictObject(
            {
              path: path('The field; `*` stands for any element or field.'),
              store: oneOf(
                STORES,
                'What is stored in its place: nothing, `***` (mask), or a keyed hash, the same for the same value.',
              ).default('nothing'),
            },
            'path and store are wanted',
          ),
          'a list of fields is wanted',
        )
        .describe('Fields that are never stored in the clear.')
        .default([]),
    },
    'keys and values are wanted',
  )
  .describe('A log type of your own: see docs/onboarding.md.')

export type Written = z.output<typeof definitionSchema>

/** The JSON Schema of a `logtype.yaml`, for editors. */
export function definitionJsonSchema(): object {
  const schema = z.toJSONSchema(definitionSchema, { io: 'input', target: 'draft-7' })
  return { $schema: schema.$schema, title: 'logtype.yaml', ...schema }
}
