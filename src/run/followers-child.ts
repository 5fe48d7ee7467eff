/**
 * The process of the followers: it obeys the run that started it, sends it reports, and never outlives it.
 */
import type { Lake } from '../lake/lake.ts'
import { UserError } from '../lib/errors.ts'
import { inThisProcess } from './carrier.ts'
import type { Followed } from './follower-worker.ts'
import type { FromFollowers, Happening, ToFollowers } from './followers-messages.ts'
import { type Journal, silent } from './journal.ts'
import type { FollowerReport } from './report.ts'
import { ownWords } from './supervise.ts'

/** Time between two reports of how the followers do. */
const TELL_MS = 1_000
/** Time that a turn may still take once the parent process is gone. */
const ORPHAN_MS = 30_000
const INTERRUPTED = 130

/** @param open opens the place, and returns all followers that it may have */
export async function followForParent(
  open: (place: object) => Promise<{ lake: Lake; followed: readonly Followed[] }>,
): Promise<void> {
  const stop = new AbortController()
  const finish = new AbortController()
  // A terminal and a service manager send the signal to every process of a run. The run sends `stop` as well.
  const onSignal = () => (stop.signal.aborted ? process.exit(INTERRUPTED) : stop.abort())
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  process.on('disconnect', () => {
    stop.abort()
    setTimeout(() => process.exit(INTERRUPTED), ORPHAN_MS).unref()
  })
  const begun = new Promise<Begin>((begin) =>
    process.on('message', (message: ToFollowers) => {
      if (message.kind === 'begin') begin(message)
      else if (message.kind === 'finish') finish.abort()
      else stop.abort()
    }),
  )
  // The run may have ended before we listened.
  if (!process.connected) process.exit(INTERRUPTED)
  const { place, reports } = await begun
  const tellAll = () => tell({ kind: 'reports', reports, memory: process.memoryUsage.rss() })
  const telling = setInterval(() => void tellAll(), TELL_MS)
  try {
    const { lake, followed } = await open(place)
    const carrier = inThisProcess(lake, inOrder(reports, followed))
    await carrier.follow({ reports, journal: toldOf(reports), signal: stop.signal, finish: finish.signal })
    await tellAll()
    await tell({ kind: 'ended' })
  } catch (thrown) {
    await tell({ kind: 'failure', failure: ownWords(thrown) })
  }
  clearInterval(telling)
  process.exit()
}

type Begin = Extract<ToFollowers, { kind: 'begin' }>

/** The followers that the run has reports of, in the same order. */
function inOrder(reports: readonly FollowerReport[], followed: readonly Followed[]): Followed[] {
  return reports.map(({ name }) => {
    const found = followed.find(({ follower }) => follower.name === name)
    if (found) return found
    throw new UserError(
      `the configuration has no follower ${name} any more: start \`loglake run\` again, as after each change of it`,
    )
  })
}

/** A journal whose entries are sent to the run. */
function toldOf(reports: readonly FollowerReport[]): Journal {
  const happened =
    (happening: Happening) =>
    ({ name }: { name: string }, retrySeconds?: number) => {
      const report = reports.find((one) => one.name === name)
      if (report)
        void tell({ kind: 'happened', happening, report, ...(retrySeconds ? { retrySeconds } : {}) })
    }
  return {
    ...silent,
    started: happened('started'),
    followed: happened('followed'),
    failed: happened('failed'),
    ended: happened('ended'),
  }
}

/** Resolves once the message is sent, or at once when the parent is gone. */
async function tell(message: FromFollowers): Promise<void> {
  if (!process.connected) return
  await new Promise<void>((sent) => process.send?.(message, () => sent()))
}
