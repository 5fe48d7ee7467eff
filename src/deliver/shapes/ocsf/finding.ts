import type { Row } from '../../redact.ts'
import { cloud, event, given, type Made, rest, text } from './event.ts'

const CLASS = {
  class: { uid: 2004, name: 'Detection Finding' },
  category: { uid: 2, name: 'Findings' },
  activity: { id: 1, name: 'Create' },
}

/** GuardDuty's severity, from 1.0 to 8.9: low to 3.9, medium to 6.9, high to 8.9, critical beyond. */
export function guarddutyFinding(row: Row, made: Made): object {
  const severity = Number(row.severity)
  const id = !(severity > 0) ? 0 : severity < 4 ? 2 : severity < 7 ? 3 : severity < 9 ? 4 : 5
  return {
    ...event(row, made, { ...CLASS, severity: id }, { uid: 'id', time: 'updatedat' }),
    cloud: cloud(row.accountid, row.region),
    finding_info: {
      uid: String(row.id ?? row.arn ?? 'unknown'),
      title: String(row.title ?? row.type ?? 'GuardDuty finding'),
      ...given({
        desc: text(row.description),
        types: row.type === undefined ? undefined : [String(row.type)],
      }),
      product: { name: 'GuardDuty', vendor_name: 'AWS' },
    },
    ...rest(row, ['resource', 'service', 'unmapped']),
  }
}

const LEVELS: Readonly<Record<string, number>> = {
  informational: 1,
  low: 2,
  medium: 3,
  high: 4,
  critical: 5,
}

/** A finding of loglake's own: its rule, and in `unmapped` the ids of the rows that are its evidence. */
export function detectionFinding(row: Row, made: Made): object {
  const rule = String(row.rule ?? 'unknown')
  const severity = LEVELS[String(row.severity)] ?? 0
  return {
    ...event(row, made, { ...CLASS, severity }, { uid: 'id', time: 'time' }),
    cloud: cloud(row.account, row.region),
    finding_info: {
      uid: String(row.id ?? 'unknown'),
      title: String(row.title ?? rule),
      analytic: {
        type_id: 1,
        type: 'Rule',
        name: rule,
        uid: rule,
        ...given({ version: text(row.rule_version) }),
      },
      ...given({ desc: text(row.explanation) }),
    },
    ...rest(row, UNMAPPED),
  }
}

const UNMAPPED = [
  'actor',
  'resource',
  'evidence_table',
  'evidence',
  'evidence_rows',
  'attack',
  'atlas',
  'owasp',
  'author',
  'detector',
  'group_id',
]
