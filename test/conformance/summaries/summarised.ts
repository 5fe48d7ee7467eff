import { lakeTables, localStorage, openLake } from 'loglake'
import { catchUp, type Turn } from '../../../src/follow/follow.ts'
import { followers, followerTables, followerViews } from '../../../src/followers/index.ts'
import { sql } from '../../../src/lib/sql.ts'
import { ownViews } from '../../../src/query/own-views.ts'
import { openDesk } from '../../../src/query/question.ts'

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
  const desk = await openDesk(lake, { views: [...ownViews(), ...followerViews()], limits })

  async function rows(question: string): Promise<unknown[][]> {
    const answer = await desk.ask(question)
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
    const [stored, raw] = [file('stored'), file('raw')]
    const first = (found: unknown[][]) => found.slice(0, 3).map(String)
    const onlyStored = first(await rows(`(${stored}) except all (${raw})`))
    const onlyRaw = first(await rows(`(${raw}) except all (${stored})`))
    const [[count] = []] = await rows(`select count(*) from (${raw})`)
    return { onlyStored, onlyRaw, rows: Number(count) }
  }

  const follow = (): Promise<Turn[]> => catchUp(lake, follower, { limits, turnBytes: 200_000 })
  return { lake, follower, rows, compare, follow, close: () => desk.close() }
}
