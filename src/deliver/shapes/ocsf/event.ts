import type { Row } from '../../redact.ts'
import { secondsOf } from '../../rows.ts'

const OCSF_VERSION = '1.8.0'

/** What made an event. */
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

/** The fields that every class has. `uid` is that of the row, `time` its time. */
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

/** A status by whether there is an error; `detail` is the error's message. */
export function status(code: unknown, detail: unknown): object {
  if (code === undefined) return { status_id: 1, status: 'Success' }
  return {
    status_id: 2,
    status: 'Failure',
    status_code: String(code),
    ...given({ status_detail: text(detail) }),
  }
}

/** Of fields those that have a value. */
export function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

export function text(value: unknown): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : String(value)
}

/** A number that may be a whole one only. */
export function whole(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined
}

/** What no field of the class has, as a text: nothing is lost, and no receiver makes fields of it. */
export function rest(row: Row, columns: readonly string[]): object {
  const found = columns.filter((name) => row[name] !== undefined).map((name) => [name, String(row[name])])
  return found.length === 0 ? {} : { unmapped: Object.fromEntries(found) }
}

const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/
const IPV6 = /^[0-9a-f:.]*:[0-9a-f:.]*$/i

/** An address, or what stands where one does: the name of a service, or a mask. */
export function endpoint(address: unknown, otherwise: string): object {
  const value = text(address)
  if (value === undefined) return { svc_name: otherwise }
  return IPV4.test(value) || IPV6.test(value) ? { ip: value } : { svc_name: value }
}
