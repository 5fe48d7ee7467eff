import type { Context, Delivery, Wrapper } from '../envelopes/contract.ts'
import { deliveryOf } from '../envelopes/delivery.ts'
import { elements, members, OPEN_ARRAY, OPEN_OBJECT, skipSpace } from '../json/bytes.ts'
import { isObject, type JsonObject, type JsonValue } from '../json/values.ts'
import { matcher } from '../lib/patterns.ts'
import type { Definition, Path } from './definition.ts'

/** Recognizes the records of a log type. */
export interface Recogniser {
  recognise(delivery: Delivery): boolean
  /** Whether the names of the object and its log group alone show that records are of this type. */
  isNamed(context: Context): boolean
  wrapper?: Wrapper
}

export function recogniser({ name, recognise, envelope, records }: Definition): Recogniser {
  const { fields, values, key, logGroups } = recognise
  const byKey = key.length === 0 ? undefined : matcher(key)
  const byGroup = logGroups.length === 0 ? undefined : matcher(logGroups)

  function comes({ uri, cloudwatch }: Context): boolean {
    if (envelope === 'file' && cloudwatch) return false
    if (envelope === 'cloudwatch-logs' && !cloudwatch) return false
    if (byKey && !byKey(uri)) return false
    return !byGroup || (cloudwatch?.logGroup !== undefined && byGroup(cloudwatch.logGroup))
  }
  function looks(record: JsonObject): boolean {
    return (
      fields.every((path) => (valueAt(record, path) ?? null) !== null) &&
      values.every(({ path, any }) => any.includes(valueAt(record, path) as string))
    )
  }
  return {
    recognise: ({ record, context }) => record !== undefined && comes(context) && looks(record),
    isNamed: ({ uri }) => byKey?.(uri) === true,
    ...(records ? { wrapper: wrapperOf(name, records, comes, looks) } : {}),
  }
}

/** The wrapper for documents that hold the type's records in an array. */
function wrapperOf(
  name: string,
  path: Path,
  comes: (context: Context) => boolean,
  looks: (record: JsonObject) => boolean,
): Wrapper {
  return {
    name: path.join('.'),
    doc: `A document with records of ${name} in its field \`${path.join('.')}\`.`,
    open({ bytes, record, context }) {
      const array = record && valueAt(record, path)
      if (!Array.isArray(array) || !comes(context)) return undefined
      if (array.length === 0) return { kind: 'skipped', reason: 'no records in it' }
      if (!array.some((one) => isObject(one) && looks(one))) return undefined
      // Cut from the document's bytes: parsing and writing a record again could change a number.
      const { spans } = elements(bytes, placeOf(bytes, path))
      return {
        kind: 'records',
        inner: spans.map(({ start, end }) => deliveryOf(bytes.subarray(start, end), context)),
      }
    },
  }
}

function placeOf(bytes: Uint8Array, path: Path): number {
  let at = skipSpace(bytes, 0)
  for (const field of path) {
    const found =
      bytes[at] === OPEN_OBJECT ? members(bytes, at)?.findLast(({ key }) => key === field) : undefined
    if (!found) throw new Error('a field that was parsed is not there')
    at = found.start
  }
  if (bytes[at] !== OPEN_ARRAY) throw new Error('an array that was parsed is not there')
  return at
}

function valueAt(record: JsonObject, path: Path): JsonValue | undefined {
  let value: JsonValue | undefined = record
  for (const field of path) {
    if (!isObject(value) || !Object.hasOwn(value, field)) return undefined
    value = value[field]
  }
  return value
}
