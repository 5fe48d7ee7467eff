import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { Problem, queries, useAsk } from '../api/client.ts'
import { plain } from '../ui/plain.ts'
import { Empty, Failed, SignInBeside, Skeleton } from '../ui/states.tsx'
import { Header } from './header.tsx'
import { homeOf, may } from './me.ts'
import { needsOf } from './places.ts'

/**
 * The page, once it is known who asks: who may not see it gets a sentence in its place, and the page makes no
 * call that would be refused.
 */
export function Entry() {
  const me = useAsk('me', {})
  const path = useRouterState({ select: ({ location }) => location.pathname })
  // While the next page's script loads, the page before is still drawn.
  const drawn = useRouterState({
    select: ({ location, resolvedLocation }) => (resolvedLocation ?? location).pathname,
  })
  const pages = [needsOf(path), needsOf(drawn)]
  const [page] = pages
  if (!me.data)
    return (
      <>
        <Header title={page?.title ?? 'loglake'} />
        {me.error ? <Refused error={me.error} retry={() => void me.refetch()} /> : <Skeleton />}
      </>
    )
  if (pages.every((one) => !one || may(me.data, one.needs))) return <Outlet />
  const first = homeOf(me.data)
  return (
    <>
      <Header title={page?.title ?? 'loglake'} />
      <Empty
        title="Your role does not show this page"
        action={
          first && (
            <Link className="btn" to={first.path}>
              Go to {first.title}
            </Link>
          )
        }
      >
        You are {plain(me.data.name)}, {ROLE[me.data.role]}. The operators of this server assign roles: ask
        them if you need this page.
      </Empty>
    </>
  )
}

export const ROLE = {
  operator: 'operator',
  analyst: 'analyst',
  manager: 'manager',
  auditor: 'auditor',
  asked: 'asked about a session of yours',
} as const

function Refused({ error, retry }: { error: Error; retry: () => void }) {
  if (!(error instanceof Problem) || error.status !== 403) return <Failed error={error} retry={retry} />
  return (
    <Empty
      title="You have no role here"
      action={
        error.signOut && (
          <form method="post" action={error.signOut}>
            <button type="submit" className="btn">
              Sign out
            </button>
          </form>
        )
      }
    >
      {plain(error.detail)}
    </Empty>
  )
}

/** Says above every page that the session has ended, until the person has signed in again in another tab. */
export function SignedOut() {
  const [out, setOut] = useState(false)
  useEffect(() => {
    const ended = () => setOut(true)
    document.addEventListener('loglake:signed-out', ended)
    return () => document.removeEventListener('loglake:signed-out', ended)
  }, [])
  useEffect(() => {
    if (!out) return
    const back = async () => {
      await queries.refetchQueries({ queryKey: ['me'] })
      if (queries.getQueryState(['me', {}])?.status !== 'success') return
      setOut(false)
      await queries.invalidateQueries()
    }
    window.addEventListener('focus', back)
    return () => window.removeEventListener('focus', back)
  }, [out])
  // Without an answer yet, the page itself says so.
  if (!out || queries.getQueryData(['me', {}]) === undefined) return null
  return (
    <div className="notice amber signed-out" role="alert">
      Your session has ended. What you wrote stays on this page.
      <SignInBeside />
    </div>
  )
}
