/** Elastic Common Schema 8.17 (elastic.co/guide/en/ecs): nested objects, and `labels` of texts for what it has no field for. */
import type { Row } from '../redact.ts'
import { each, type Shape } from './contract.ts'
import { given, text } from './ocsf/event.ts'

const ECS_VERSION = '8.17.0'

export const ecs: Shape = {
  name: 'ecs',
  doc: 'A document of the Elastic Common Schema; what it has no field for is in `labels`, as texts.',
  whyNot: () => undefined,
  async open({ table }) {
    const [id = 'id'] = table.key ?? []
    const time = table.time ?? 'lake_ingested_at'
    return each((row) => documentOf(row, { table: table.name, id, time }))
  },
}

interface Place {
  table: string
  id: string
  time: string
}

function documentOf(row: Row, { table, id, time }: Place): object {
  const taken = new Set<string>([id, time, 'lake_day', 'lake_ingested_at'])
  const take = (...columns: string[]) => {
    for (const column of columns) taken.add(column)
    return columns.map((column) => text(row[column])).find((value) => value !== undefined)
  }
  const failed = take('errorcode')
  const address = take('sourceipaddress')
  const document = {
    '@timestamp': row[time] ?? row.lake_ingested_at,
    ecs: { version: ECS_VERSION },
    event: given({
      id: text(row[id]),
      ...KINDS[table],
      kind: KINDS[table]?.kind ?? 'event',
      dataset: `loglake.${table}`,
      action: take('eventname', 'operation', 'type'),
      provider: take('eventsource'),
      outcome: failed === undefined ? 'success' : 'failure',
      ingested: text(row.lake_ingested_at),
    }),
    cloud: given({
      provider: 'aws',
      region: take('awsregion', 'region'),
      account: object({ id: take('recipientaccountid', 'accountid') }),
    }),
    user: object({
      name: take('useridentity_username', 'identity_session', 'actor'),
      id: take('useridentity_principalid', 'identity_arn'),
    }),
    source: address === undefined ? undefined : isAddress(address) ? { address, ip: address } : { address },
    user_agent: object({ original: take('useragent') }),
    error: failed === undefined ? undefined : given({ code: failed, message: take('errormessage') }),
    log: object({ file: object({ path: take('lake_object') }) }),
    message: take('title'),
  }
  const labels = Object.entries(row)
    .filter(([name]) => !taken.has(name))
    .map(([name, value]) => [name, String(value)])
  return given({ ...document, labels: labels.length === 0 ? undefined : Object.fromEntries(labels) })
}

interface Kind {
  kind: string
  category?: readonly string[]
  type?: readonly string[]
}

const KINDS: Readonly<Record<string, Kind>> = {
  cloudtrail: { kind: 'event', category: ['api'], type: ['info'] },
  guardduty_finding: { kind: 'alert', category: ['threat'], type: ['indicator'] },
  finding: { kind: 'alert', category: ['intrusion_detection'], type: ['info'] },
  cloudwatch_metric: { kind: 'metric' },
  session_log: { kind: 'event', category: ['session'], type: ['info'] },
}

function object(fields: Record<string, unknown>): object | undefined {
  const kept = given(fields)
  return Object.keys(kept).length === 0 ? undefined : kept
}

function isAddress(text: string): boolean {
  return /^(\d{1,3}\.){3}\d{1,3}$/.test(text) || /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text)
}
