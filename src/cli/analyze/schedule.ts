import { setTimeout as wait } from 'node:timers/promises'
import { digestOf } from '../../analyze/digest/digest.ts'
import { readOf } from '../../analyze/read.ts'
import { digestPage } from '../../analyze/report/digest-page.ts'
import { begin, prepare } from '../../analyze/run/begin.ts'
import { allSteps } from '../../analyze/run/book.ts'
import { goOn } from '../../analyze/run/go-on.ts'
import { sendEach } from '../../analyze/run/send-each.ts'
import { digestFaultPoint } from '../../analyze/run/steps.ts'
import { isoOf, runOf, slotAfter, slotBefore, windowOf } from '../../analyze/schedule.ts'
import type { Selection } from '../../analyze/selection.ts'
import type { Schedule } from '../../analyze/settings.ts'
import type { Lake } from '../../lake/lake.ts'
import { sentence } from '../../lib/errors.ts'
import { JOB_CHANGED, nextHeard } from '../../lib/heard.ts'
import type { Journal } from '../../run/journal.ts'
import type { Opened } from '../../workspace/open.ts'
import { digestOutgoing } from './digest-outgoing.ts'
import { openAnalysis } from './open.ts'
import { pageText, sendTo } from './send.ts'

/** Delay before a failed run is tried again, within its slot. */
const AGAIN_MS = 300_000
const LEAST_WAIT_MS = 1000

/**
 * Makes digests and analyses on schedule until `signal` is aborted. A failure affects neither sources nor
 * followers.
 */
export async function keepSchedules(
  opened: Opened,
  journal: Journal,
  signal: AbortSignal,
  againMs = AGAIN_MS,
): Promise<void> {
  const all = Object.entries(opened.config.values.analyze.schedule)
  await Promise.all(
    all.map(([name, schedule]) => keepOne({ opened, name, schedule, journal, signal }, againMs)),
  )
}

interface Kept {
  opened: Opened
  name: string
  schedule: Schedule
  journal: Journal
  signal: AbortSignal
}

async function keepOne(kept: Kept, againMs: number): Promise<void> {
  const { opened, name, schedule, journal, signal } = kept
  const { lake } = opened
  while (!signal.aborted) {
    const slot = slotBefore(schedule, Date.now())
    let next = slotAfter(schedule, Date.now())
    try {
      const done = await cursorOf(lake, cursorName(name))
      // A new schedule starts at its next time.
      if (done === undefined) {
        await moveCursors(lake, { [cursorName(name)]: isoOf(slot) })
        journal.note('schedule begins', { schedule: name, next: isoOf(next) })
      } else if (Date.parse(done) < slot) {
        await make(kept, slot)
        await moveCursors(lake, { [cursorName(name)]: isoOf(slot) })
        journal.note('schedule done', { schedule: name, slot: isoOf(slot) })
      }
    } catch (thrown) {
      if (signal.aborted) return
      next = Math.min(next, Date.now() + againMs)
      const facts = { schedule: name, slot: isoOf(slot), why: sentence(thrown), again: isoOf(next) }
      journal.note('schedule failed', facts)
    }
    await wait(Math.max(LEAST_WAIT_MS, next - Date.now()), undefined, { signal }).catch(() => undefined)
  }
}

async function make(kept: Kept, slot: number): Promise<void> {
  const { opened, name, schedule } = kept
  if (!(await opened.lake.exists())) return
  const readUntil = (await opened.lake.newest()).catalog.cursors[readCursor(name)]
  const { accounts, regions, services, principals } = schedule
  const selection: Selection = {
    ...windowOf(schedule, slot, schedule.does === 'analyze' ? readUntil : undefined),
    accounts,
    regions,
    services,
    principals,
  }
  if (schedule.does === 'digest') await makeDigest(kept, slot, selection)
  else await makeAnalysis(kept, slot, selection)
}

/**
 * The lake knows who has got the digest of a slot: it is not sent to them again because another refuses it,
 * or a process died.
 */
async function makeDigest(
  { opened, name, schedule, signal }: Kept,
  slot: number,
  selection: Selection,
): Promise<void> {
  const { values } = opened.config
  const { cursors } = (await opened.lake.newest()).catalog
  const left = schedule.to.filter((to) => cursors[sentCursor(name, to)] !== isoOf(slot))
  if (left.length === 0) return
  const options = { to: [], format: schedule.format, maxUsd: undefined, signal, say: () => undefined }
  const deps = await openAnalysis(opened, options)
  try {
    const read = readOf(deps.queryEngine, await opened.lake.newest(), signal)
    const made = await digestOf(read, selection, { own: deps.own, days: values.analyze.days })
    const text = pageText(digestPage(made), made, schedule.format)
    const outgoing = digestOutgoing(made, text)
    await sendEach(left, async (to) => {
      await sendTo(values, to, outgoing, signal)
      digestFaultPoint('digest-sent')
      await moveCursors(opened.lake, { [sentCursor(name, to)]: isoOf(slot) })
      digestFaultPoint('digest-sent-kept')
    })
  } finally {
    deps.batch?.close()
    deps.close()
  }
}

/** The first process to reach a slot starts the analysis; any process with the schedule can continue it. */
async function makeAnalysis(
  { opened, name, schedule, journal, signal }: Kept,
  slot: number,
  selection: Selection,
) {
  const run = runOf(name, slot)
  const deps = await openAnalysis(opened, {
    to: schedule.to,
    format: schedule.format,
    maxUsd: undefined,
    signal,
    say: (said) => journal.note(said, { schedule: name, analysis: run }),
    jobChanged: (either) => nextHeard(JOB_CHANGED, either),
  })
  try {
    const steps = await allSteps(readOf(deps.queryEngine, await opened.lake.newest()))
    if (!steps.some((step) => step.run === run)) {
      const prepared = await prepare(deps, selection, run)
      const { how } = prepared.plan
      if (how.kind === 'wait' || how.kind === 'nothing') {
        journal.note('nothing is asked', { schedule: name, why: how.why })
        return
      }
      await begin(deps, prepared, schedule.to)
      await moveCursors(opened.lake, { [readCursor(name)]: selection.until })
    }
    const { outcome, why } = await goOn(deps, run)
    if (outcome === 'stopped')
      journal.note('analysis stopped', { schedule: name, analysis: run, why: why ?? '' })
  } finally {
    deps.batch?.close()
    deps.close()
  }
}

const cursorName = (name: string) => `schedule/${name}`
const readCursor = (name: string) => `schedule/${name}/read`
const sentCursor = (name: string, to: string) => `schedule/${name}/sent/${to}`

async function cursorOf(lake: Lake, cursor: string): Promise<string | undefined> {
  if (!(await lake.exists())) return undefined
  return (await lake.newest()).catalog.cursors[cursor]
}

async function moveCursors(lake: Lake, cursors: Record<string, string>): Promise<void> {
  await lake.commit('analyze', async () => ({ tables: {}, cursors }))
}
