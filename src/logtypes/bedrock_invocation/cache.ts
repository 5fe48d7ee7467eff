import type { JsonObject, JsonValue } from '../../json/values.ts'
import { numberOf, objectOf, objectsOf } from './json.ts'

/**
 * Tokens written for an hour, from Converse's `cacheDetails: [{inputTokens, ttl}]`; undefined where it has
 * none.
 */
export function hourOfDetails(details: JsonValue | undefined): number | undefined {
  if (!Array.isArray(details)) return undefined
  return objectsOf(details)
    .filter(({ ttl }) => ttl === '1h')
    .reduce((sum, { inputTokens }) => sum + (numberOf(inputTokens) ?? 0), 0)
}

/** Whether a request asks the cache to last an hour; used where the answer does not count these tokens. */
export function asksForHour(body: JsonValue | undefined): boolean {
  const request = objectOf(body)
  if (!request) return false
  const { system, messages, tools, toolConfig } = request
  const blocks = [request, ...blocksOf(system), ...blocksOf(tools), ...blocksOf(objectOf(toolConfig)?.tools)]
  for (const message of blocksOf(messages)) blocks.push(message, ...blocksOf(message.content))
  return blocks.some(
    ({ cachePoint, cache_control }) =>
      objectOf(cachePoint)?.ttl === '1h' || objectOf(cache_control)?.ttl === '1h',
  )
}

function blocksOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? objectsOf(value) : []
}
