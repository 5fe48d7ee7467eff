import type { JsonObject } from '../../json/values.ts'

/** An object that a notice announces. */
export interface Announced {
  bucket: string
  key: string
  /** The key, if its sender encodes keys the other way; only where the notice leaves that open. */
  otherKey?: string
  /** Size according to the notice. */
  bytes?: number
  /** Without quotes. CloudTrail's own notices have none. */
  etag?: string
  /** For a bucket with versioning. */
  versionId?: string
  /** The Region that the notice comes from, which is the bucket's. */
  region?: string
}

/**
 * The content of a message in a queue. All three lists may be filled, since a message may have several
 * records.
 */
export interface Notice {
  objects: Announced[]
  /** Names of other events: `s3:TestEvent`, `ObjectRemoved:Delete`. They need no action. */
  others: string[]
  /** Why a part of it is not a known notice, in words that quote none of its text. */
  unknown: string[]
}

/**
 * Reads a parsed message, or returns undefined for a message of another kind.
 *
 * @param inside reads a message that is wrapped in this one
 */
export type NoticeReader = (message: JsonObject, inside: (body: string) => Notice) => Notice | undefined

/** The text of a field; undefined when it is missing or empty. */
export function textAt(fields: JsonObject, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A size as a number: some proxies send it as text. */
export function sizeAt(fields: JsonObject, name: string): number | undefined {
  const value = Number(fields[name] ?? Number.NaN)
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

export function announcing(...objects: Announced[]): Notice {
  return { objects, others: [], unknown: [] }
}

/** Event names are untrusted text: only one that looks like a name is counted under it. */
export function telling(event: string): Notice {
  return { objects: [], others: [/^[\w:* -]{1,80}$/.test(event) ? event : 'another event'], unknown: [] }
}

export function notKnown(reason: string): Notice {
  return { objects: [], others: [], unknown: [reason] }
}

export function together(notices: readonly Notice[]): Notice {
  return {
    objects: notices.flatMap(({ objects }) => objects),
    others: notices.flatMap(({ others }) => others),
    unknown: notices.flatMap(({ unknown }) => unknown),
  }
}

/** An object as its notice names it, without the missing parts. */
export function announced(
  bucket: string,
  key: { key: string; otherKey?: string },
  parts: { bytes?: number | undefined; etag?: string | undefined; versionId?: string | undefined },
  region: string | undefined,
): Announced {
  const { bytes, etag, versionId } = parts
  return {
    bucket,
    ...key,
    ...(bytes === undefined ? {} : { bytes }),
    ...(etag === undefined ? {} : { etag: etag.replaceAll('"', '') }),
    ...(versionId === undefined ? {} : { versionId }),
    ...(region === undefined ? {} : { region }),
  }
}
