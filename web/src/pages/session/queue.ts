import { useAsk } from '../../api/client.ts'
import { ALWAYS } from '../../time/range.ts'

/** The place of a session in the reviewer's queue, with its neighbours. */
export function useQueue(id: string): {
  at: number
  of: number
  previous: string | undefined
  next: string | undefined
} {
  const mine = useAsk('sessions', { ...ALWAYS, state: 'mine', limit: 200 })
  const inMine = mine.data?.rows.some((row) => row.id === id) ?? false
  const all = useAsk(
    'sessions',
    { ...ALWAYS, kind: 'session', order: 'newest', limit: 500 },
    mine.data !== undefined && !inMine,
  )
  const rows = (inMine ? mine.data?.rows : all.data?.rows)?.filter(({ kind }) => kind === 'session') ?? []
  const at = rows.findIndex((row) => row.id === id)
  return {
    at,
    of: at < 0 ? 0 : rows.length,
    previous: rows[at - 1]?.id,
    next: at < 0 ? undefined : rows[at + 1]?.id,
  }
}
