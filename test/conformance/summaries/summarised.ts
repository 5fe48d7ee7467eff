import { lakeTables, localStorage, openLake } from 'loglake'
import { catchUp, type Turn } from '../../../src/follow/follow.ts'
import { followers, followerTables, followerViews } from '../../../src/followers/index.ts'
import { sql } from '../../../src/lib/sql.ts'
import { ownViews } from '../../../src/query/own-views.ts'
import { openQueryEngine } from '../../../src/query/question.ts'

/** Each summary, and the same worked out from the rows: `<name>-stored.sql`, `<name>-raw.sql`. */
export const compared = ['activity', 'sessions', 'conversations', 'usage'] as const

export const limits = { threads: 1, memory: '256MiB' }

interface Compared {
  /** Rows that only one of the two has, the first few. */
  onlyStored: string[]
  onlyRaw: string[]
  rows: number
}

/** A lake with summaries in a folder. */
export async function openSummarised(folder: string) {
  const lake = openLake(localStorage(folder), [...lakeTables, ...followerTables])
  const [follower] = followers.filter(({ name }) => name === 'summaries')
  if (!follower) throw new Error('there is a follower summaries')
  const queryEngine = await openQueryEngine(lake, { views: [...ownViews(), ...followerViews()], limits })

  async function rows(question: string): Promise<unknown[][]> {
    const answer = await queryEngine.ask(question)
    try {
      const found: unknown[][] = []
      for await (const row of answer.rows())
        found.push(row.map((value) => (typeof value === 'bigint' ? Number(value) : value)))
      return found
    } finally {
      answer.close()
    }
  }

  async function compare(name: (typeof compared)[number]): Promise<Compared> {
    const file = (side: string) => sql(new URL(`./${name}-${side}.sql`, import.meta.url))
    // One question, which works out both sides once.
    const [found = []] = await rows(`
      with stored as materialized (${file('stored')}), raw as materialized (${file('raw')}),
        only_stored as (from stored except all from raw), only_raw as (from raw except all from stored)
      select (select count(*) from raw), (select list(only_stored::varchar)[:3] from only_stored),
        (select list(only_raw::varchar)[:3] from only_raw)`)
    const [count, onlyStored, onlyRaw] = found as [number, string[] | null, string[] | null]
    return { onlyStored: onlyStored ?? [], onlyRaw: onlyRaw ?? [], rows: Number(count) }
  }

  const follow = (): Promise<Turn[]> => catchUp(lake, follower, { limits, turnBytes: 200_000 })
  return { lake, follower, rows, compare, follow, close: () => queryEngine.close() }
}
