/** Metrics in microseconds, whatever their unit says: an alarm's configuration has no unit. */
const MICROSECONDS = new Set([
  'ModelLatency',
  'OverheadLatency',
  'ModelSetupTime',
  'FirstChunkLatency',
  'FirstChunkModelLatency',
  'FirstChunkOverheadLatency',
  'ModelLoadingWaitTime',
  'ModelUnloadingTime',
  'ModelDownloadingTime',
  'ModelLoadingTime',
])

const MILLISECONDS = new Set(['InvocationLatency', 'TimeToFirstToken', 'ClientLatency'])

/**
 * The factor from a metric's values to milliseconds; undefined for metrics that are not times. It follows the
 * unit, or AWS's documentation of the metric where there is no unit.
 */
export function millisecondsPerUnit(
  namespace: string | undefined,
  metric: string | undefined,
  unit: string | undefined,
): number | undefined {
  if (unit === 'Microseconds') return 0.001
  if (unit === 'Milliseconds') return 1
  if (unit === 'Seconds') return 1000
  if (unit !== undefined && unit !== 'None') return undefined
  if (metric === undefined || !/^(?:AWS|\/aws)\/(?:SageMaker|Bedrock)/i.test(namespace ?? ''))
    return undefined
  if (MICROSECONDS.has(metric)) return 0.001
  return MILLISECONDS.has(metric) ? 1 : undefined
}
