import { createRootRoute, createRoute, createRouter, Link } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { readSearch, type Search, writeSearch } from './search.ts'
import { Header } from './shell/header.tsx'
import { Shell } from './shell/shell.tsx'
import { later } from './ui/later.tsx'
import { Empty, Failed, Skeleton } from './ui/states.tsx'

const root = createRootRoute({
  validateSearch: (search: Record<string, unknown>): Search => search as Search,
})
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })

/** A page's script is loaded when the page is opened. */
const page = <Path extends string>(path: Path, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({
    getParentRoute: () => shell,
    path,
    component: later(async () => (await load())[name] as ComponentType, <Skeleton />),
  })

const noPage = createRoute({
  getParentRoute: () => shell,
  path: '$',
  component: () => (
    <>
      <Header title="Page not found" />
      <Empty
        title="There is no page of this name"
        action={
          <Link className="btn" to="/">
            Go to the first page
          </Link>
        }
      >
        The pages that you may see are in the navigation.
      </Empty>
    </>
  ),
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: later(async () => (await import('./pages/sign-in.tsx')).SignIn),
})

const pages = [
  page('/', () => import('./pages/overview/overview.tsx'), 'Overview'),
  page('/ask', () => import('./pages/ask/ask.tsx'), 'Ask'),
  page('/questions', () => import('./pages/questions.tsx'), 'Questions'),
  page('/reviews', () => import('./pages/reviews.tsx'), 'Reviews'),
  page('/sessions', () => import('./pages/sessions/sessions.tsx'), 'Sessions'),
  page('/sessions/$id', () => import('./pages/session/session.tsx'), 'Session'),
  page('/conversations', () => import('./pages/conversations.tsx'), 'Conversations'),
  page('/conversations/$id', () => import('./pages/conversation/conversation.tsx'), 'Conversation'),
  page('/asked/$id', () => import('./pages/ask/ask.tsx'), 'AgentRun'),
  page('/activity', () => import('./pages/activity/activity.tsx'), 'Activity'),
  page('/digest', () => import('./pages/findings/findings.tsx'), 'Digest'),
  page('/findings', () => import('./pages/findings/findings.tsx'), 'Findings'),
  page('/find', () => import('./pages/find.tsx'), 'Find'),
  page('/usage', () => import('./pages/usage/usage.tsx'), 'Usage'),
  page('/query', () => import('./pages/query/query.tsx'), 'Query'),
  page('/sources', () => import('./pages/sources/sources.tsx'), 'Sources'),
  page('/doctor', () => import('./pages/doctor.tsx'), 'Doctor'),
  page('/period', () => import('./pages/period.tsx'), 'Period'),
  page('/access', () => import('./pages/access.tsx'), 'Access'),
  page('/settings', () => import('./pages/settings.tsx'), 'Settings'),
]

export const router = createRouter({
  routeTree: root.addChildren([signIn, shell.addChildren([...pages, noPage])]),
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  // A page's fault leaves the navigation, and one of the navigation still says what to do.
  defaultErrorComponent: ({ error }) => <Failed error={error} retry={() => location.reload()} />,
  defaultPreload: 'intent',
  defaultPreloadDelay: 80,
})
