/** The minimum and maximum number of records in a batch job of a model. */
export interface BatchLimits {
  least: number
  maxInJob: number
  maxInFile: number
  /** Where the limits come from: Service Quotas, a setting, or a fallback. */
  source: 'quotas' | 'setting' | 'unknown'
  /** Why they are unknown. */
  why?: string
}

/** A quota by the name that Service Quotas has for it. */
interface Quota {
  name: string
  value: number
}

/** The fallback: Bedrock checks again when it validates a job. */
export const FALLBACK_LIMITS: BatchLimits = {
  least: 100,
  maxInJob: 50_000,
  maxInFile: 50_000,
  source: 'unknown',
  why: 'Service Quotas does not name the model',
}

const LEAST = /^minimum number of records per batch inference job for (.+)$/i
const IN_JOB = /^records per batch inference job for (.+)$/i
const IN_FILE = /^records per input file per batch inference job for (.+)$/i

/**
 * The limits of a model in Service Quotas, by the names of Bedrock's quotas, which end in the model's name,
 * as in `Claude 3.5 Haiku`.
 */
export function batchLimitsIn(quotas: readonly Quota[], model: string): BatchLimits {
  const wanted = wordsOf(modelName(model))
  const find = (pattern: RegExp) =>
    quotas.find(({ name }) => {
      const about = pattern.exec(name.replace(/^\([^)]*\)\s*/, ''))?.[1]
      return about !== undefined && wordsOf(about) === wanted
    })?.value
  const least = find(LEAST)
  if (least === undefined) return FALLBACK_LIMITS
  const maxInJob = find(IN_JOB) ?? FALLBACK_LIMITS.maxInJob
  const maxInFile = find(IN_FILE) ?? FALLBACK_LIMITS.maxInFile
  return { least, maxInJob, maxInFile, source: 'quotas' }
}

/** `us.anthropic.claude-3-5-haiku-20241022-v1:0` → `claude-3-5-haiku` */
function modelName(model: string): string {
  const id = model.split('/').at(-1) ?? model
  return id
    .replace(/^(?:us|eu|apac|jp|au|global|us-gov)\./, '')
    .replace(/^[a-z0-9]+\./, '')
    .replace(/:.*$/, '')
    .replace(/-v\d+$/, '')
    .replace(/-\d{8}$/, '')
}

/** The words of a name, sorted: `Claude 3.5 Haiku` and `claude-3-5-haiku` are the same. */
function wordsOf(name: string): string {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && word !== 'v1' && word !== 'v2')
    .sort()
    .join(' ')
}
