import type { Totals } from '../../ingest/totals.ts'
import { byteSize, grouped, visible } from '../../lib/terminal.ts'
import { align, counted } from './layout.ts'
import type { Paint } from './output.ts'

/** What a run did, in plain words. */
export function totalsText(totals: Totals, place: string, { bold, dim, yellow }: Paint): string[] {
  const { objects, records, reasons, version } = totals
  if (objects.listed === 0)
    return [`There are no objects there. ${bold('Nothing changed.')}`, ...sourceCountLines(totals)]
  const done = objects.stored + objects.skipped + objects.rejected
  if (done === 0) {
    const found =
      objects.already === objects.listed
        ? alreadyText(objects.listed)
        : objects.filtered === objects.listed
          ? filteredText(objects.listed)
          : `${counted(objects.listed, 'object')}: ${parts([objects.already, 'in the lake already'], [objects.filtered, 'left out'], [objects.failed, 'not readable'], [objects.released, 'left for later'])}.`
    return [
      `${found} ${bold('Nothing changed')}: ${version === 0 ? 'there is no lake yet' : `the lake is at version ${version}`}.`,
      ...failureLines(totals, dim),
      ...sourceCountLines(totals),
    ]
  }
  const lines = align([
    [
      'objects',
      { right: bold(grouped(objects.listed)) },
      `found: ${parts(
        [objects.stored, 'stored'],
        [objects.skipped, 'skipped'],
        [objects.rejected, 'rejected'],
        [objects.already, 'in the lake already'],
        [objects.filtered, 'left out'],
        [objects.failed, 'not readable'],
        [objects.released, 'left for later'],
      )}`,
    ],
    [
      'records',
      { right: bold(grouped(records.read)) },
      `read: ${parts(
        [records.stored, 'stored'],
        [records.repeated, 'repeated'],
        [records.skipped, 'skipped'],
        [records.rejected, 'rejected'],
      )}`,
    ],
  ])
  return [
    ...lines,
    ...conflictLines(records.conflicts, yellow),
    ...reasonLines(reasons, records.rejected > 0, dim),
    ...failureLines(totals, dim),
    ...sourceCountLines(totals),
    '',
    `${byteSize(totals.bytes.delivered)} of logs (${byteSize(totals.bytes.expanded)} unzipped) in ${seconds(totals.seconds)}. ${place} is at version ${version}.`,
  ]
}

/** A record that contradicts an earlier one needs a look: it is forged, or its id is not unique. */
function conflictLines(conflicts: number, yellow: Paint['yellow']): string[] {
  if (conflicts === 0) return []
  const what = conflicts === 1 ? 'rejected record has' : 'of the rejected records have'
  return [
    yellow(
      `${grouped(conflicts)} ${what} the id and time of another and other content: see \`loglake rejects --code conflict\`.`,
    ),
  ]
}

function reasonLines(reasons: Totals['reasons'], rejects: boolean, dim: Paint['dim']): string[] {
  const known = Object.entries(reasons).sort(([, a], [, b]) => b - a)
  if (known.length === 0) return []
  const shown = known.map(([reason, times]) => ['', { right: `${grouped(times)} ×` }, visible(reason)])
  const hint = rejects ? dim(' (`loglake rejects` shows each)') : ''
  return ['', `Not stored, and why${hint}:`, ...align(shown, '  ')]
}

/** The objects that could not be read: the first few by name. */
function failureLines({ objects, failures }: Totals, dim: Paint['dim']): string[] {
  if (objects.failed === 0) return []
  const named = failures.first.map(({ uri, outcome, reason }) => [
    `  ${outcome}  ${visible(uri)}`,
    dim(`    ${visible(reason)}`),
  ])
  const more = objects.failed - failures.first.length
  return [
    '',
    'Not readable (the same command tries them again):',
    ...named.flat(),
    ...(more > 0 ? [`  and ${grouped(more)} more`] : []),
  ]
}

function alreadyText(count: number): string {
  return count === 1
    ? 'The object is in the lake already.'
    : `All ${counted(count, 'object')} are in the lake already.`
}

function filteredText(count: number): string {
  const what = count === 1 ? 'The object is' : `All ${counted(count, 'object')} are`
  return `${what} left out by name: \`--include\` and \`--exclude\`, or \`ingest\` in loglake.yaml, say which are wanted.`
}

/** What else a place holds, which is no object. */
function sourceCountLines({ sourceCounts }: Totals): string[] {
  const known = Object.entries(sourceCounts)
  if (known.length === 0) return []
  const lines = known.map(([what, times]) => ['', { right: `${grouped(times)} ×` }, visible(what)])
  return ['', 'Also there, and no objects:', ...align(lines, '  ')]
}

/** `227 stored, 1 skipped`: zero counts are left out. */
function parts(...counts: readonly [count: number, what: string][]): string {
  const some = counts.filter(([count]) => count > 0)
  return some.length === 0 ? 'none' : some.map(([count, what]) => `${grouped(count)} ${what}`).join(', ')
}

function seconds(time: number): string {
  if (time < 60) return `${time.toFixed(1)} s`
  return `${Math.floor(time / 60)} min ${Math.round(time % 60)} s`
}
