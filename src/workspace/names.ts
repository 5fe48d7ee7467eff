import { matcher } from '../lib/patterns.ts'

/**
 * Whether an object is included by its name: one of `include` matches it (or there are none), and none of
 * `exclude` does. A pattern may begin at any folder: `us-east-1/**` matches
 * `/logs/AWSLogs/…/us-east-1/2026/…`.
 */
export function wantedNames(
  include: readonly string[],
  exclude: readonly string[],
): (name: string) => boolean {
  const included = include.length === 0 ? () => true : matcher(include)
  const excluded = exclude.length === 0 ? () => false : matcher(exclude)
  return (name) => included(name) && !excluded(name)
}
