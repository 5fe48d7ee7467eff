import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { readSearch, type Search, writeSearch } from './search.ts'
import { Shell } from './shell/shell.tsx'
import { Empty, Failed } from './ui/states.tsx'

const root = createRootRoute({
  validateSearch: (search: Record<string, unknown>): Search => search as Search,
  notFoundComponent: () => <Empty title="There is no such page">Look for it with ⌘K or Ctrl K.</Empty>,
})
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })

/** Each page is a file of its own, loaded when it is opened. */
const page = <Path extends string>(path: Path, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({
    getParentRoute: () => shell,
    path,
    component: lazyRouteComponent(load as never, name as never),
    errorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
  })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignIn'),
})

const pages = [
  page('/', () => import('./pages/overview.tsx'), 'Overview'),
  page('/ask', () => import('./pages/ask.tsx'), 'Ask'),
  page('/reviews', () => import('./pages/reviews.tsx'), 'Reviews'),
  page('/sessions', () => import('./pages/sessions.tsx'), 'Sessions'),
  page('/sessions/$id', () => import('./pages/session/session.tsx'), 'Session'),
  page('/conversations', () => import('./pages/conversations.tsx'), 'Conversations'),
  page('/conversations/$id', () => import('./pages/conversation.tsx'), 'Conversation'),
  page('/asked/$id', () => import('./pages/ask.tsx'), 'AgentRun'),
  page('/activity', () => import('./pages/activity.tsx'), 'Activity'),
  page('/digest', () => import('./pages/findings.tsx'), 'Digest'),
  page('/findings', () => import('./pages/findings.tsx'), 'Findings'),
  page('/find', () => import('./pages/find.tsx'), 'Find'),
  page('/usage', () => import('./pages/usage.tsx'), 'Usage'),
  page('/query', () => import('./pages/query.tsx'), 'Query'),
  page('/sources', () => import('./pages/sources.tsx'), 'Sources'),
  page('/doctor', () => import('./pages/doctor.tsx'), 'Doctor'),
  page('/period', () => import('./pages/period.tsx'), 'Period'),
  page('/access', () => import('./pages/access.tsx'), 'Access'),
  page('/settings', () => import('./pages/settings.tsx'), 'Settings'),
]

export const router = createRouter({
  routeTree: root.addChildren([signIn, shell.addChildren(pages)]),
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  defaultPreloadDelay: 80,
})
