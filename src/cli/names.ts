import picomatch from 'picomatch'

/**
 * Whether an object's name is wanted: one of `include` matches it (or there are none), and none of `exclude` does.
 * A pattern may begin at any folder: `us-east-1/**` is found in `/logs/AWSLogs/…/us-east-1/2026/…`.
 */
export function wantedNames(
  include: readonly string[],
  exclude: readonly string[],
): (name: string) => boolean {
  const included = include.length === 0 ? () => true : matcher(include)
  const excluded = exclude.length === 0 ? () => false : matcher(exclude)
  return (name) => included(name) && !excluded(name)
}

function matcher(patterns: readonly string[]): (name: string) => boolean {
  const match = picomatch(patterns.map(fromAnyFolder), { dot: true, nonegate: true })
  return (name) => match(name.replace(/^\w+:\/\//, '/').replaceAll('\\', '/'))
}

function fromAnyFolder(pattern: string): string {
  const below = pattern.endsWith('/') ? `${pattern}**` : pattern
  const rooted = below.replace(/^\w+:\/\//, '/')
  return rooted.startsWith('/') || rooted.startsWith('**') ? rooted : `**/${rooted}`
}
