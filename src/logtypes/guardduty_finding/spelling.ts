import { isObject, type JsonValue } from '../../json/values.ts'

/**
 * A finding in GuardDuty's own spelling: the SDKs and the command line write `AccountId` for `accountId`. Keys that are
 * no words of the API, as in `{"AWS::S3::Bucket":…}`, stay.
 */
export function inCamelCase(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(inCamelCase)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [camel(key), inCamelCase(inner)]))
}

function camel(key: string): string {
  return /^[A-Z][a-z0-9][A-Za-z0-9]*$/.test(key) ? key.charAt(0).toLowerCase() + key.slice(1) : key
}
