import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Problem } from '../api/client.ts'
import { Button } from './button.tsx'
import { copy } from './toast.tsx'

/** What a page says when there is nothing to show: what is missing, why, and the one thing to do. */
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

/** The real layout without its words; it appears after 150 ms, so that what is quick does not flicker. */
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

const ROLES: Record<number, string> = {
  401: 'You are not signed in.',
  403: 'Your role does not allow this.',
}

export function Failed({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const problem = error instanceof Problem ? error : undefined
  if (problem?.status === 401)
    return (
      <Empty
        title="You are not signed in"
        action={
          <a className="btn" href={`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`}>
            Sign in
          </a>
        }
      >
        Sign in to go on where you were.
      </Empty>
    )
  if (problem?.status === 403)
    return (
      <Empty title="Your role does not show this">
        {problem.detail || ROLES[403]} {problem.remedy ?? 'Those who run this server give roles.'}
      </Empty>
    )
  if (problem?.status === 404)
    return (
      <Empty title="There is no such thing here">
        {problem.detail || 'It is not in the lake, or not among what your role shows.'}
      </Empty>
    )
  const title = problem ? problem.title : 'The server cannot be reached'
  return (
    <div className="state" role="alert">
      <h3>{title}</h3>
      <p>
        {problem
          ? [problem.detail, problem.remedy].filter(Boolean).join(' ')
          : String((error as Error)?.message ?? error)}
      </p>
      <div style={{ display: 'flex', gap: 8 }}>
        {retry && <Button onClick={retry}>Try again</Button>}
        {problem?.requestId && (
          <Button onClick={() => copy(problem.requestId as string, 'request id')}>Copy request id</Button>
        )}
      </div>
    </div>
  )
}

/** A part of a page: loading, failed in its own place, or what was asked for, dimmed while the next answer is awaited. */
export function Part<Output>({
  of,
  rows,
  children,
}: {
  of: UseQueryResult<Output>
  rows?: number
  children: (data: Output) => ReactNode
}) {
  if (of.error && of.data === undefined) return <Failed error={of.error} retry={() => of.refetch()} />
  if (of.data === undefined) return <Skeleton {...(rows ? { rows } : {})} />
  return (
    <>
      {of.error && (
        <div className="notice red" role="alert">
          This is the answer before: {of.error.message}.
          <Button look="quiet" onClick={() => of.refetch()}>
            Try again
          </Button>
        </div>
      )}
      {of.isPlaceholderData ? <div className="stale dimmed">{children(of.data)}</div> : children(of.data)}
    </>
  )
}
