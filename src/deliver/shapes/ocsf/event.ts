import type { Row } from '../../redact.ts'
import { secondsOf } from '../../rows.ts'

const OCSF_VERSION = '1.8.0'

/** The producer of an event. */
export interface Made {
  version: string
  table: string
}

export interface EventClass {
  class: { uid: number; name: string }
  category: { uid: number; name: string }
  activity: { id: number; name: string }
  /** 1 is informational, 5 critical. */
  severity: number
  profiles?: readonly string[]
}

const SEVERITY = ['Unknown', 'Informational', 'Low', 'Medium', 'High', 'Critical', 'Fatal']

/** The fields of every class. `uid` is the row's id, `time` its time. */
export function event(
  row: Row,
  made: Made,
  { class: kind, category, activity, severity, profiles = [] }: EventClass,
  { uid, time }: { uid: string; time: string },
): Record<string, unknown> {
  return {
    class_uid: kind.uid,
    class_name: kind.name,
    category_uid: category.uid,
    category_name: category.name,
    activity_id: activity.id,
    activity_name: activity.name,
    type_uid: kind.uid * 100 + activity.id,
    type_name: `${kind.name}: ${activity.name}`,
    severity_id: severity,
    severity: SEVERITY[severity],
    ...times(row[time]),
    metadata: {
      version: OCSF_VERSION,
      profiles: ['cloud', 'datetime', ...profiles],
      product: { name: 'loglake', vendor_name: 'loglake', version: made.version },
      log_name: made.table,
      log_provider: 'AWS',
      ...given({ uid: row[uid], original_time: row[time], log_source: row.lake_object }),
    },
  }
}

function times(value: Row[string] | undefined): object {
  const seconds = secondsOf(value)
  const ms = Math.floor((seconds ?? 0) * 1000)
  return seconds === undefined ? { time: 0 } : { time: ms, time_dt: new Date(ms).toISOString() }
}

export function cloud(account: unknown, region: unknown): object {
  return {
    provider: 'AWS',
    ...(text(account) === undefined
      ? {}
      : { account: { uid: text(account), type: 'AWS Account', type_id: 10 } }),
    ...given({ region: text(region) }),
  }
}

/** A status, depending on whether there is an error; `detail` is the error's message. */
export function status(code: unknown, detail: unknown): object {
  if (code === undefined) return { status_id: 1, status: 'Success' }
  return {
    status_id: 2,
    status: 'Failure',
    status_code: String(code),
    ...given({ status_detail: text(detail) }),
  }
}

/** The fields that have a value. */
export function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

export function text(value: unknown): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : String(value)
}

/** The value if it is an integer. */
export function whole(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined
}

/**
 * Columns without a field in the class, as one text: nothing is lost, and receivers do not create fields from
 * it.
 */
export function rest(row: Row, columns: readonly string[]): object {
  const found = columns.filter((name) => row[name] !== undefined).map((name) => [name, String(row[name])])
  return found.length === 0 ? {} : { unmapped: Object.fromEntries(found) }
}

const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/
const IPV6 = /^[0-9a-f:.]*:[0-9a-f:.]*$/i

/** An address, or what replaces one: a service's name, or a mask. */
export function endpoint(address: unknown, otherwise: string): object {
  const value = text(address)
  if (value === undefined) return { svc_name: otherwise }
  return IPV4.test(value) || IPV6.test(value) ? { ip: value } : { svc_name: value }
}
