import type { Output } from '../../api/client.ts'
import { full, ms, plural, span } from '../../time/format.ts'
import { FactList } from '../../ui/facts.tsx'
import { shortRole } from '../../ui/identity.ts'

export function Facts({
  session,
  calls,
}: {
  session: Output<'session'>
  calls: Output<'session-calls'> | undefined
}) {
  const { session: facts, output } = session
  const started = ms(facts.started)
  const ended = ms(facts.ended)
  const gaps = output.gaps.length
  const rows = calls?.rows ?? []
  const around = calls
    ? `${plural(calls.total, 'call')}, ${plural(rows.filter((row) => row.readonly === false).length, 'change')}, ${rows.filter((row) => row.errorcode).length} refused`
    : `${plural(facts.calls, 'call')}, ${plural(facts.changes, 'change')}, ${facts.errors} refused`
  const list: readonly (readonly [string, string | null | undefined])[] = [
    ['Started', started === undefined ? 'not logged' : full(started)],
    [
      'Lasted',
      started !== undefined && ended !== undefined
        ? span(ended - started)
        : facts.outcome === 'refused'
          ? 'refused'
          : 'end not logged',
    ],
    ['Acting as', shortRole(facts.acting_as)],
    ['From', facts.address],
    [
      'Shown',
      output.delivery === 'none'
        ? 'nothing logged'
        : `${plural(output.lines, 'line')}${gaps ? `, ${plural(gaps, 'gap')}` : ''}`,
    ],
    ['Around it', around],
    ['Reason given', facts.reason],
    ['Ended by', facts.terminated_by && facts.terminated_by !== facts.who ? facts.terminated_by : undefined],
  ]
  return <FactList facts={list} />
}
