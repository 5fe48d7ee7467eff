import type { Catalog } from './catalog.ts'

/** Time after meeting another writer for which we assume that it is still at work. */
const MET_MS = 60_000

/** What one process knows of the other writers of a lake. Its clock only goes forward. */
export interface OtherWriters {
  /** Notes that one was met. Returns the time of it. */
  meet(): number
  areAtWork(): boolean
  /** Whether one that is still at work made this version; before our own first commit, its age decides. */
  made(catalog: Catalog): boolean
  /** Notes our own last commit. */
  committed(catalog: Catalog): void
}

export function otherWriters(): OtherWriters {
  let own = ''
  let metMs = Number.NEGATIVE_INFINITY
  return {
    meet() {
      metMs = performance.now()
      return metMs
    },
    areAtWork: () => performance.now() - metMs <= MET_MS,
    made: ({ commit, at }) => (own === '' ? Date.now() - Date.parse(at) < MET_MS : commit !== own),
    committed({ commit }) {
      own = commit
    },
  }
}
