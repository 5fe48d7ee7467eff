import type { Account } from '../ingest/account.ts'
import { byteSize, grouped, visible } from '../lib/terminal.ts'
import { align, counted } from './layout.ts'
import type { Paint } from './output.ts'

/** What a run did, in plain words. */
export function accountText(account: Account, place: string, { bold, dim }: Paint): string[] {
  const { objects, records, reasons, version } = account
  if (objects.listed === 0) return [`There are no objects there. ${bold('Nothing changed.')}`]
  const done = objects.stored + objects.skipped + objects.rejected
  if (done === 0) {
    const found =
      objects.already === objects.listed
        ? `All ${counted(objects.listed, 'object')} are in the lake already.`
        : `${counted(objects.listed, 'object')}: ${parts([objects.already, 'in the lake already'], [objects.leftOut, 'left out'])}.`
    return [`${found} ${bold('Nothing changed')}: the lake is at version ${version}.`]
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
    ...reasonLines(reasons, records.rejected > 0, dim),
    '',
    `${byteSize(account.bytes.delivered)} of logs (${byteSize(account.bytes.expanded)} unzipped) in ${seconds(account.seconds)}. ${place} is at version ${version}.`,
  ]
}

function reasonLines(reasons: Account['reasons'], rejects: boolean, dim: Paint['dim']): string[] {
  const known = Object.entries(reasons).sort(([, a], [, b]) => b - a)
  if (known.length === 0) return []
  const shown = known.map(([reason, times]) => ['', { right: `${grouped(times)} ×` }, visible(reason)])
  const hint = rejects ? dim(' (`loglake rejects` shows each)') : ''
  return ['', `Not stored, and why${hint}:`, ...align(shown, '  ')]
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
