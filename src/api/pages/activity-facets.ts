import { identifier, literal, sql } from '../../lib/sql.ts'
import { conditionsOf, whereOf } from '../conditions.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { columnsOfTable, countingOf, SUMMARY_FIELDS } from './activity-fields.ts'
import { behindOf, ofSpan } from './summaries.ts'

interface Input {
  from: string
  to: string
  where: string[]
  values: number
}

const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)

interface Row {
  field: string
  value: string | null
  events: number
  distinct_values: number
}

/**
 * Values with their counts. A filtered field is counted without its own conditions, so that its other values
 * can be chosen too.
 */
export async function activityFacetsOf(input: Input, context: Context): Promise<Answer> {
  const { version } = context
  const conditions = conditionsOf(input.where, columnsOfTable(context, 'cloudtrail'))
  const fromMs = Math.floor(Date.parse(input.from) / 600_000) * 600_000
  const counting = await countingOf(context, conditions, Date.parse(input.to) - Date.parse(input.from))
  const head = {
    version: version.number,
    behind: await behindOf(context),
    counted: counting.counted,
    why: counting.why,
  }
  if (counting.counted === 'no') return { kind: 'json', value: { ...head, facets: [] } }
  const since = counting.counted === 'summary' ? new Date(fromMs).toISOString() : input.from
  const chosen = new Set(conditions.filter(({ not }) => !not).map(({ column }) => column))
  const others = SUMMARY_FIELDS.filter((field) => !chosen.has(field))
  const parts = [
    ...(others.length > 0 ? [{ fields: others, where: whereOf(conditions) }] : []),
    ...SUMMARY_FIELDS.filter((field) => chosen.has(field)).map((field, at) => {
      const of = conditions.filter(({ column, not }) => column !== field || not)
      return { fields: [field], where: whereOf(of, `f${at}_`) }
    }),
  ]
  const counted = parts.map(({ fields, where }) => countedSql(fields, counting.rows, where.sql))
  const rows = await context.objects<Row>(
    sql(url('activity-facets'), { counted: counted.join('\nunion all\n') }),
    {
      ...Object.assign({}, ...parts.map(({ where }) => where.values)),
      since,
      until: input.to,
      max: input.values,
    },
    counting.counted === 'summary' ? ofSpan(since, input.to) : {},
  )
  return {
    kind: 'json',
    value: {
      ...head,
      facets: SUMMARY_FIELDS.map((field) => {
        const values = rows.filter((row) => row.field === field)
        return {
          field,
          distinct: values[0]?.distinct_values ?? 0,
          values: values.map(({ value, events }) => ({ value, events })),
        }
      }),
    },
  }
}

function countedSql(fields: readonly string[], rows: string, where: string): string {
  const each = (text: (name: string, field: string) => string, between: string) =>
    fields.map((field) => text(identifier(field), field)).join(between)
  const whens = (then: (name: string, field: string) => string) =>
    `case ${each((name, field) => `when grouping(${name}) = 0 then ${then(name, field)}`, ' ')} end`
  return sql(url('activity-facets-counted'), {
    field: whens((_, field) => literal(field)),
    value: whens((name) => `${name}::varchar`),
    columns: each((name) => name, ', '),
    sets: each((name) => `(${name})`, ', '),
    rows,
    where,
  })
}
