/**
 * Followers in a process of their own, as the run sees them: it starts that process, hears how they do, and
 * starts it again when it ends before it should, whatever it ended of.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { UserError } from '../lib/errors.ts'
import type { Carried, Carrier } from './carrier.ts'
import type { FromFollowers, ToFollowers } from './followers-messages.ts'
import type { Journal } from './journal.ts'
import type { FollowerReport } from './report.ts'
import { noteFailure, openAgain } from './supervise.ts'

/**
 * @param module what that process runs: it calls `followForParent`
 * @param place which lake and configuration it opens
 */
export function inOwnProcess(module: URL, place: object): Carrier {
  let memory: number | undefined
  const heard = (bytes: number | undefined) => {
    memory = bytes
  }
  return {
    memory: () => memory,
    async follow(carried) {
      const { reports, journal, signal, finish } = carried
      if (reports.length === 0) return
      const opened = {
        work: () => oneProcess(module, place, carried, heard).finally(() => heard(undefined)),
        done: () => reports.reduce((sum, { commits }) => sum + commits, 0),
        finish,
      }
      const failed = (failure: string, retryMs: number) => {
        for (const report of reports) noteFailure(report, failure, retryMs, journal)
      }
      await openAgain(opened, failed, signal)
      for (const report of reports) report.status = 'ended'
    },
  }
}

async function oneProcess(
  module: URL,
  place: object,
  { reports, journal, signal, finish }: Carried,
  memory: (bytes: number) => void,
): Promise<void> {
  const child = fork(module, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const gone = endOf(child)
  const say = (message: ToFollowers) => {
    if (child.connected) child.send(message, () => undefined)
  }
  const onFinish = () => say({ kind: 'finish' })
  const onStop = () => say({ kind: 'stop' })
  let hasEnded = false
  let failure: string | undefined
  child.on('message', (message: FromFollowers) => {
    switch (message.kind) {
      case 'reports':
        memory(message.memory)
        for (const report of message.reports) take(report, reports)
        break
      case 'happened':
        enter(message, reports, journal)
        break
      case 'failure':
        failure = message.failure
        break
      case 'ended':
        hasEnded = true
    }
  })
  say({ kind: 'begin', place, reports })
  if (finish.aborted) onFinish()
  finish.addEventListener('abort', onFinish)
  signal.addEventListener('abort', onStop)
  try {
    const how = await gone
    if (failure !== undefined) throw new UserError(failure)
    if (!hasEnded) throw new UserError(endedBy(how))
    if (!signal.aborted && !finish.aborted)
      throw new UserError('the process of the followers was asked to end, and the run was not')
  } finally {
    finish.removeEventListener('abort', onFinish)
    signal.removeEventListener('abort', onStop)
  }
}

type HowEnded = [code: number | null, signal: NodeJS.Signals | null]

/** Resolves when it has ended, and all that it said is heard. */
async function endOf(child: ChildProcess): Promise<HowEnded> {
  const silent = new Promise<void>((heard) => child.once('disconnect', heard))
  const how = (await once(child, 'exit')) as HowEnded
  if (child.connected) await silent
  return how
}

function endedBy([code, signal]: HowEnded): string {
  const how = signal === null ? `with code ${code}` : `by ${signal}`
  return `the process of the followers ended ${how}: its last words are on stderr; where memory is short, lower follow.memory or follow.turn_bytes`
}

/** Enters into the run's journal what happened to a follower. */
function enter(
  { happening, report: theirs, retrySeconds = 0 }: Extract<FromFollowers, { kind: 'happened' }>,
  reports: readonly FollowerReport[],
  journal: Journal,
): void {
  const report = take(theirs, reports)
  if (!report) return
  const { kind, name } = report
  if (happening === 'started') journal.started({ kind, name })
  else if (happening === 'failed') journal.failed(report, retrySeconds)
  else journal[happening](report)
}

/** Makes our report of a follower like its own; undefined where we have none of it. */
function take(theirs: FollowerReport, reports: readonly FollowerReport[]): FollowerReport | undefined {
  const report = reports.find(({ name }) => name === theirs.name)
  if (!report) return undefined
  for (const key of Object.keys(report) as (keyof FollowerReport)[])
    if (!(key in theirs)) delete report[key as 'failure']
  return Object.assign(report, theirs)
}
