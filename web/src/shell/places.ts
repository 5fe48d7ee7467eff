import type { Name } from '../api/client.ts'

/** The pages, in the order of the navigation: a line here, a line in `router.tsx`, a file in `pages/`. */
export interface Place {
  readonly path: string
  readonly title: string
  /** The key after `g`. */
  readonly key: string
  /** It is shown to those who may call this. */
  readonly needs: Name
  readonly group?: 'audit'
}

export const places: readonly Place[] = [
  { path: '/', title: 'Overview', key: 'o', needs: 'overview' },
  { path: '/ask', title: 'Ask', key: 'k', needs: 'ask' },
  { path: '/find', title: 'Find', key: 'i', needs: 'find' },
  { path: '/reviews', title: 'Reviews', key: 'r', needs: 'review' },
  { path: '/sessions', title: 'Sessions', key: 's', needs: 'sessions' },
  { path: '/conversations', title: 'Conversations', key: 'c', needs: 'conversations' },
  { path: '/activity', title: 'Activity', key: 'a', needs: 'activity' },
  { path: '/digest', title: 'Digest', key: 'e', needs: 'digest' },
  { path: '/findings', title: 'Findings', key: 'f', needs: 'findings' },
  { path: '/usage', title: 'Usage', key: 'u', needs: 'usage' },
  { path: '/query', title: 'Query', key: 'q', needs: 'query' },
  { path: '/sources', title: 'Sources', key: 'd', needs: 'sources' },
  { path: '/doctor', title: 'Doctor', key: 'h', needs: 'doctor' },
  { path: '/period', title: 'Period report', key: 'p', needs: 'period-report', group: 'audit' },
  { path: '/access', title: 'Access log', key: 'l', needs: 'access-log', group: 'audit' },
]
