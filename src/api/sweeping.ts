import type { LakeVersion } from '../lake/version.ts'
import { DAY_MS } from '../lib/day.ts'
import { sql } from '../lib/sql.ts'
import { type SweptSubject, sweep } from '../review/sweep.ts'
import type { Services } from './context.ts'

/** Assigns, escalates and reminds of reviews while the program runs, and reports a failure. */
export function keepSweeping(
  services: Services,
  everyMs: number,
  onFailure: (thrown: unknown) => void,
): { stop(): Promise<void> } {
  let working: Promise<unknown> = sweepOnce(services).catch(onFailure)
  const timer = setInterval(() => {
    working = working.then(() => sweepOnce(services)).catch(onFailure)
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await working
    },
  }
}

/** Age up to which sessions are looked after. */
const BACK_MS = 400 * DAY_MS

/** The services that this needs. */
export type Sweeping = Pick<Services, 'lake' | 'readAll' | 'now' | 'reviews'>

export async function sweepOnce(services: Sweeping) {
  const { lake, readAll, reviews, now } = services
  return await sweep(lake, readAll, (version) => subjectsIn(services, version), {
    rules: reviews.rules,
    people: reviews.people(),
    now: now(),
  })
}

/** All sessions, runs and questions of a version that can be reviewed. */
export async function subjectsIn({ readAll, now }: Sweeping, version: LakeVersion): Promise<SweptSubject[]> {
  const { session_summary, agent_run } = version.catalog.tables
  if (!session_summary && !agent_run) return []
  return await readAll<SweptSubject>(version, sql(new URL('./sql/sessions.sql', import.meta.url)), {
    since: new Date(now().getTime() - BACK_MS).toISOString(),
    until: new Date(now().getTime() + DAY_MS).toISOString(),
    kind: 'all',
    who: null,
  })
}
