import type { People, PersonLine } from './people.ts'

/** The team of a name during a span of UTC days; `until` is exclusive, an empty end is open. */
export interface TeamSpan {
  name: string
  from: string
  until: string
  team: string
}

/**
 * The teams of the people file as spans that do not overlap for one name, so that a join with them repeats no
 * row. Where lines overlap, the last one counts, as it does for managers.
 */
export function teamSpansOf({ lines }: People): TeamSpan[] {
  const byName = new Map<string, PersonLine[]>()
  for (const line of lines) {
    const own = byName.get(line.person)
    if (own) own.push(line)
    else byName.set(line.person, [line])
  }
  return [...byName].flatMap(([name, own]) => spansOfName(name, own))
}

function spansOfName(name: string, lines: readonly PersonLine[]): TeamSpan[] {
  const days = new Set(lines.flatMap(({ from, until }) => [from, until]).filter((day) => day !== ''))
  const edges = ['', ...[...days].sort(), '']
  const spans: TeamSpan[] = []
  for (const [at, from] of edges.slice(0, -1).entries()) {
    const until = edges[at + 1] as string
    // No line begins or ends within the span, so its first day, or the day before its end, decides.
    const team = lines.findLast((line) => covers(line, from, until))?.team ?? ''
    const before = spans.at(-1)
    if (team === '') continue
    if (before && before.team === team && before.until === from) before.until = until
    else spans.push({ name, from, until, team })
  }
  return spans
}

/** Whether the line holds for the whole of a span that lies between two neighbouring edges. */
function covers(line: PersonLine, from: string, until: string): boolean {
  const begins = line.from === '' || (from !== '' && line.from <= from)
  const ends = line.until === '' || (until !== '' && until <= line.until)
  return begins && ends
}
