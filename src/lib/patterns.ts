import picomatch from 'picomatch'

/**
 * Whether one of some patterns matches a name. A pattern may begin at any folder: `us-east-1/**` is found in
 * `/logs/AWSLogs/…/us-east-1/2026/…`; `/` at its end means everything below.
 */
export function matcher(patterns: readonly string[]): (name: string) => boolean {
  const match = picomatch(patterns.map(fromAnyFolder), { dot: true, nonegate: true })
  return (name) => match(name.replace(/^\w+:\/\//, '/').replaceAll('\\', '/'))
}

function fromAnyFolder(pattern: string): string {
  const below = pattern.endsWith('/') ? `${pattern}**` : pattern
  const rooted = below.replace(/^\w+:\/\//, '/')
  return rooted.startsWith('/') || rooted.startsWith('**') ? rooted : `**/${rooted}`
}
