import { useEffect } from 'react'
import { Problem, useAsk } from '../api/client.ts'
import { useAddress } from '../search.ts'
import { ROLE } from '../shell/entry.tsx'
import { plain } from '../ui/plain.ts'
import { Failed, Skeleton } from '../ui/states.tsx'
import '../shell/shell.css'
import './settings.css'

/** What went wrong at the last try, as the server names it. */
const FAILURES: Readonly<Record<string, string>> = {
  state: 'That sign-in took too long, or began in another window. Begin again here.',
  down: 'Your organisation’s sign-in does not answer. Try again in a minute, or tell the operators.',
  refused:
    'Your organisation did not sign you in. Try again, or ask the operators: the server’s log says why.',
}

/**
 * The server signs people in: it sends the browser to the identity provider, and no token reaches this page.
 */
export function SignIn() {
  const { one } = useAddress()
  const me = useAsk('me', {})
  const to = safe(one('to'))
  const beside = one('beside') !== undefined
  const failed = one('error')
  useEffect(() => {
    document.title = 'Sign in · loglake'
  }, [])
  return (
    <main className="sign-in">
      <div>
        <h1 className="brand">
          <i aria-hidden="true" />
          loglake
        </h1>
        {failed && (
          <p className="notice red" role="alert">
            {FAILURES[failed] ?? FAILURES.refused}
          </p>
        )}
        {one('out') && !me.data && <p className="notice green">You are signed out of loglake.</p>}
        {me.data ? (
          <>
            <p>
              You are {plain(me.data.name)}, {ROLE[me.data.role]}.
            </p>
            {beside ? (
              <p className="notice green">You are signed in. Close this tab, and go on where you were.</p>
            ) : (
              <a className="btn primary" href={to}>
                Continue
              </a>
            )}
          </>
        ) : me.error ? (
          <Way error={me.error} to={beside ? '/sign-in?beside=1' : to} retry={() => void me.refetch()} />
        ) : (
          <Skeleton rows={2} />
        )}
        <p className="faint">
          You see what your role allows. What you open is recorded. Programs use API tokens, which people make
          in the settings.
        </p>
      </div>
    </main>
  )
}

/** How one gets in, from why the server lets nobody in yet. */
function Way({ error, to, retry }: { error: Error; to: string; retry: () => void }) {
  if (!(error instanceof Problem) || (error.status !== 401 && error.status !== 403))
    return <Failed error={error} retry={retry} />
  if (error.status === 403)
    return (
      <>
        <p className="notice amber">{plain(error.detail)}</p>
        {error.signOut && (
          <form method="post" action={error.signOut}>
            <button type="submit" className="btn primary">
              Sign out
            </button>
          </form>
        )}
      </>
    )
  if (error.signIn)
    return (
      <a className="btn primary" href={`${error.signIn}?to=${encodeURIComponent(to)}`}>
        Continue with your organisation
      </a>
    )
  return (
    <p className="notice amber">
      The proxy in front of this server signs people in, and it named nobody. Open loglake by the address that
      your organisation gave you.
    </p>
  )
}

/** Accepts only a path of this server, never one that a browser reads as another host. */
function safe(to: string | undefined): string {
  return to && /^\/(?![/\\])/.test(to) ? to : '/'
}
