import type { Name } from '../api/client.ts'

/**
 * The pages in the order of the navigation. A page also needs a line in `router.tsx` and a file in `pages/`.
 */
export interface Place {
  readonly path: string
  readonly title: string
  /** The shortcut is `g` and this key. */
  readonly key: string
  /** People who may not call this operation do not see the page. */
  readonly needs: Name
  readonly group?: 'audit'
  /** In the navigation only of those for whom something waits there. */
  readonly waiting?: true
}

export const places: readonly Place[] = [
  { path: '/', title: 'Overview', key: 'o', needs: 'overview' },
  // An answer is made of rows of logs: to those who see none, it would say that nothing happened.
  { path: '/ask', title: 'Ask', key: 'k', needs: 'activity' },
  { path: '/find', title: 'Find', key: 'i', needs: 'find' },
  { path: '/questions', title: 'Questions', key: 'w', needs: 'questions', waiting: true },
  { path: '/reviews', title: 'Reviews', key: 'r', needs: 'sessions' },
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

/** Pages of one thing, below those of the list. */
const DETAILS: readonly (readonly [below: string, title: string, needs: Name])[] = [
  ['/sessions/', 'Session', 'session'],
  ['/conversations/', 'Conversation', 'conversation'],
  ['/asked/', 'Question to loglake', 'agent-run'],
]

/** A page's name, and the operation without which it shows nothing; undefined if everybody sees it. */
export function needsOf(path: string): { title: string; needs: Name } | undefined {
  const place = places.find((one) => one.path === path)
  if (place) return place
  const [, title, needs] = DETAILS.find(([below]) => path.startsWith(below)) ?? []
  return title && needs ? { title, needs } : undefined
}
