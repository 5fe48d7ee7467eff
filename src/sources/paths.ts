import type { Identity } from '../aws/identity.ts'
import { parseS3Uri } from '../aws/s3-uri.ts'
import { UserError } from '../lib/errors.ts'
import type { Source } from './contract.ts'
import { folder } from './folder.ts'
import type { S3Source } from './s3.ts'

/** Limits on the time of delivery, written as in `loglake.yaml`: a time, or `7d`. */
export interface Span {
  since?: string | undefined
  until?: string | undefined
  redelivery_days?: number
}

/** The source for some paths: files and folders, or buckets. */
export async function sourceOf(
  paths: readonly string[],
  identity: Identity,
  span: Span = {},
): Promise<Source> {
  if (!paths.some((path) => /^\w+:\/\//.test(path))) return folder(paths)
  return await bucketsOf(paths, identity, span)
}

/** Several buckets or prefixes as one source, one after the other. */
export async function bucketsOf(paths: readonly string[], identity: Identity, span: Span): Promise<S3Source> {
  const s3 = await import('./s3.ts')
  const sources = paths.map((path) => {
    const place = parseS3Uri(path)
    if (!place) throw new UserError(`${path} is no s3://bucket/prefix: give either those or files`)
    const { bucket, key } = place
    const parsed = s3.settings.safeParse({
      bucket,
      watch: false,
      identity: withoutUndefined(identity),
      ...withoutUndefined(span),
      ...(key === '' ? {} : { prefix: key }),
    })
    if (!parsed.success) throw new UserError(parsed.error.issues.map(({ message }) => message).join('\n'))
    return s3.open(parsed.data, { name: s3.name })
  })
  return {
    name: s3.name,
    async *objects(signal) {
      for (const source of sources) yield* source.objects(signal)
    },
    counts() {
      const all: Record<string, number> = {}
      for (const source of sources)
        for (const [what, times] of Object.entries(source.counts?.() ?? {}))
          all[what] = (all[what] ?? 0) + times
      return all
    },
    requests: () => sources.reduce((sum, source) => sum + source.requests(), 0),
    async close() {
      await Promise.all(sources.map((source) => source.close?.()))
    },
  }
}

function withoutUndefined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
