import type { JsonObject } from '../../json/values.ts'

/** An object that a notice announces. */
export interface Announced {
  bucket: string
  key: string
  /** How the key reads if its sender spells keys the other way; only where the notice leaves that open. */
  otherKey?: string
  /** Size as announced. */
  bytes?: number
  /** Without quotes. CloudTrail's own notices name none. */
  etag?: string
  /** Of a bucket with versioning. */
  versionId?: string
  /** The Region that the notice comes from, which is the bucket's. */
  region?: string
}

/** What a message in a queue says. All three may hold something: a message may carry several records. */
export interface Notice {
  objects: Announced[]
  /** What else happened, by name: `s3:TestEvent`, `ObjectRemoved:Delete`. Nothing is to be done about it. */
  others: string[]
  /** Why a part of it is no notice that we know, in words without any of its text. */
  unknown: string[]
}

/**
 * Reads a message that has been parsed, or says (undefined) that it is of another kind.
 *
 * @param inside reads a message that is wrapped in this one
 */
export type NoticeReader = (message: JsonObject, inside: (body: string) => Notice) => Notice | undefined

/** The text under a name; undefined where there is none, or an empty one. */
export function textAt(fields: JsonObject, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A size as a number: some proxies make a text of it. */
export function sizeAt(fields: JsonObject, name: string): number | undefined {
  const value = Number(fields[name] ?? Number.NaN)
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

export function announcing(...objects: Announced[]): Notice {
  return { objects, others: [], unknown: [] }
}

/** The name of an event is somebody else's text: only what looks like one is counted under its name. */
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

/** An object as its notice names it; a part that is missing is left out. */
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
