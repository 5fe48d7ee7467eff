import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { failureText, Problem } from '../api/client.ts'
import { Unreachable } from '../api/reach.ts'
import { Button } from './button.tsx'
import { capital, plain } from './plain.ts'
import { copy } from './toast.tsx'

/** Nothing to show: what is missing, why, and one action. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="state">
      <h3>{title}</h3>
      {children && <p>{children}</p>}
      {action}
    </div>
  )
}

/**
 * Bars in place of text while a part loads; they appear after 150 ms, so that quick answers do not flicker.
 */
export function Skeleton({ rows = 8 }: { rows?: number }) {
  const widths = ['62%', '88%', '74%', '81%', '45%', '69%', '92%', '58%']
  return (
    <div className="skeleton" aria-busy="true" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no other name
        <i key={index} style={{ width: widths[index % widths.length] }} />
      ))}
    </div>
  )
}

/** `a condition holds …` as a sentence of a page. */
function sentence(text: string): string {
  const shown = plain(text)
  return `${capital(shown)}${/[.?!)]$/.test(shown) ? '' : '.'}`
}

/** Where one signs in to come back here. */
function signInHere(): string {
  return `/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`
}

/**
 * Why something was not done, next to the form that stays as it is. Whose session has ended signs in beside
 * this page, which keeps what they wrote.
 */
export function Refusal({ error }: { error: Error }) {
  const signedOut = error instanceof Problem && error.status === 401
  return (
    <p className="notice red" role="alert">
      {signedOut
        ? 'Your session has ended. Sign in, then try again: what you wrote stays here.'
        : failureText(error)}
      {signedOut && <SignInBeside />}
    </p>
  )
}

/** Signs in in another tab. */
export function SignInBeside() {
  return (
    <a className="btn" href="/sign-in?beside=1" target="_blank" rel="noopener">
      Sign in in a new tab
    </a>
  )
}

export function Failed({
  error,
  retry,
  list,
}: {
  error: unknown
  retry?: (() => void) | undefined
  /** The page that lists what is missing here. */
  list?: string
}) {
  const problem = error instanceof Problem ? error : undefined
  if (problem?.status === 401)
    return (
      <Empty
        title="You are not signed in"
        action={
          <a className="btn" href={signInHere()}>
            Sign in
          </a>
        }
      >
        Sign in to continue on this page.
      </Empty>
    )
  if (problem?.status === 403)
    return (
      <Empty title="Your role does not show this">
        {problem.detail} {problem.remedy ?? 'The operators of this server assign roles.'}
      </Empty>
    )
  if (problem?.status === 404)
    return (
      <Empty
        title="Not found"
        action={
          list && (
            <Link className="btn" to={list as never}>
              Show the list
            </Link>
          )
        }
      >
        The lake has nothing with this id, or your role does not show it. Check the link for missing
        characters.
      </Empty>
    )
  if (error instanceof Unreachable)
    return (
      <div className="state" role="alert">
        <h3>The server does not answer</h3>
        <p>
          It may be starting again, or your network is down. This page goes on by itself once the server is
          back. If that takes long, tell the operators of this server.
        </p>
        {retry && <Button onClick={retry}>Try again</Button>}
      </div>
    )
  if (!problem)
    return (
      <div className="state" role="alert">
        <h3>This part of the page failed</h3>
        <p>Load it again. If it fails again, tell the operators of this server what stands here:</p>
        <small>{plain(String((error as Error)?.message ?? error))}</small>
        {retry && <Button onClick={retry}>Try again</Button>}
      </div>
    )
  // The same question gets the same answer.
  const isWrong = problem.status === 400 || problem.status === 422
  const again = isWrong ? undefined : retry
  const title = isWrong ? 'This cannot be asked' : problem.title
  return (
    <div className="state" role="alert">
      <h3>{title}</h3>
      <p>{sentence([problem.detail, problem.remedy].filter(Boolean).join(' '))}</p>
      <div className="actions">
        {again && <Button onClick={again}>Try again</Button>}
        {problem.requestId && (
          <Button onClick={() => copy(problem.requestId as string, 'request id')}>Copy request id</Button>
        )}
      </div>
    </div>
  )
}

/**
 * One part of a page: loading, failed, or drawn from its answer, which is dimmed while the next one loads.
 */
export function Part<Output>({
  of,
  rows,
  children,
}: {
  of: Pick<UseQueryResult<Output>, 'data' | 'error' | 'isPlaceholderData'> & { refetch(): unknown }
  rows?: number
  children: (data: Output) => ReactNode
}) {
  if (of.error && of.data === undefined) return <Failed error={of.error} retry={() => of.refetch()} />
  if (of.data === undefined) return <Skeleton {...(rows ? { rows } : {})} />
  return (
    <>
      {of.error && (
        <div className="notice red" role="alert">
          This is the previous answer: {of.error.message}.
          <Button look="quiet" onClick={() => of.refetch()}>
            Try again
          </Button>
        </div>
      )}
      {of.isPlaceholderData ? <div className="stale dimmed">{children(of.data)}</div> : children(of.data)}
    </>
  )
}
