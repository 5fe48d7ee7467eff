import type { Account } from '../../ingest/totals.ts'
import { byteSize, grouped, visible } from '../../lib/terminal.ts'
import { align, counted } from './layout.ts'
import type { Paint } from './output.ts'

/** What a run did, in plain words. */
export function accountText(account: Account, place: string, { bold, dim, yellow }: Paint): string[] {
  const { objects, records, reasons, version } = account
  if (objects.listed === 0)
    return [`There are no objects there. ${bold('Nothing changed.')}`, ...toldLines(account)]
  const done = objects.stored + objects.skipped + objects.rejected
  if (done === 0) {
    const found =
      objects.already === objects.listed
        ? alreadyText(objects.listed)
        : `${counted(objects.listed, 'object')}: ${parts([objects.already, 'in the lake already'], [objects.leftOut, 'left out'], [objects.failed, 'not readable'], [objects.givenBack, 'left for later'])}.`
    return [
      `${found} ${bold('Nothing changed')}: the lake is at version ${version}.`,
      ...failureLines(account, dim),
      ...toldLines(account),
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
        [objects.leftOut, 'left out'],
        [objects.failed, 'not readable'],
        [objects.givenBack, 'left for later'],
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
    ...failureLines(account, dim),
    ...toldLines(account),
    '',
    `${byteSize(account.bytes.delivered)} of logs (${byteSize(account.bytes.expanded)} unzipped) in ${seconds(account.seconds)}. ${place} is at version ${version}.`,
  ]
}

/** A record that contradicts another is worth a look: it was forged, or its id is none. */
function conflictLines(conflicts: number, yellow: Paint['yellow']): string[] {
  if (conflicts === 0) return []
  const what = conflicts === 1 ? 'rejected record has' : 'of the rejected records have'
  return [
    yellow(
      `${grouped(conflicts)} ${what} the id and time of another and other content: see \`loglake rejects --code conflict\`.`,
    ),
  ]
}

function reasonLines(reasons: Account['reasons'], rejects: boolean, dim: Paint['dim']): string[] {
  const known = Object.entries(reasons).sort(([, a], [, b]) => b - a)
  if (known.length === 0) return []
  const shown = known.map(([reason, times]) => ['', { right: `${grouped(times)} ×` }, visible(reason)])
  const hint = rejects ? dim(' (`loglake rejects` shows each)') : ''
  return ['', `Not stored, and why${hint}:`, ...align(shown, '  ')]
}

/** The objects that could not be read: the first few by name. */
function failureLines({ objects, failures }: Account, dim: Paint['dim']): string[] {
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

/** What else a place holds, which is no object. */
function toldLines({ told }: Account): string[] {
  const known = Object.entries(told)
  if (known.length === 0) return []
  const lines = known.map(([what, times]) => ['', { right: `${grouped(times)} ×` }, visible(what)])
  return ['', 'Also there, and no objects:', ...align(lines, '  ')]
}

/** `227 stored, 1 skipped`: what is none is not said. */
function parts(...counts: readonly [count: number, what: string][]): string {
  const some = counts.filter(([count]) => count > 0)
  return some.length === 0 ? 'none' : some.map(([count, what]) => `${grouped(count)} ${what}`).join(', ')
}

function seconds(time: number): string {
  if (time < 60) return `${time.toFixed(1)} s`
  return `${Math.floor(time / 60)} min ${Math.round(time % 60)} s`
}
