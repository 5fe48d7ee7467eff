import { plainTime } from '../../json/time.ts'

/**
 * Facts that only a capture's key contains:
 * `{prefix}/{endpoint}/{variant}/{yyyy}/{mm}/{dd}/{HH}/{MM}-{SS}-{mmm}-{uuid}.jsonl`.
 */
export interface Place {
  endpoint?: string
  variant?: string
  /** The beginning of the key's hour, in the form of `plainTime`. */
  hour?: string
}

const KEY = /(?:^|\/)([^/]+)\/([^/]+)\/(\d{4})\/(\d{2})\/(\d{2})\/(\d{2})\/[^/]+$/

/** SageMaker's rule for the names of endpoints and variants. */
const NAME = /^[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}$/

/** Parsed from the right end: the prefix may contain anything, even slashes and dates. */
export function placeOf(uri: string): Place {
  const [, endpoint = '', variant = '', year, month, day, hour] = KEY.exec(uri) ?? []
  const begins = year && plainTime(`${year}-${month}-${day}T${hour}:00:00Z`)
  if (!begins) return {}
  return NAME.test(endpoint) && NAME.test(variant) ? { endpoint, variant, hour: begins } : { hour: begins }
}
