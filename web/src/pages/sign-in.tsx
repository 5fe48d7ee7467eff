import { useEffect } from 'react'
import { useAddress } from '../search.ts'
import { useMe } from '../shell/me.ts'
import '../shell/shell.css'
import './settings.css'

/** Sign-in is the server's: it sends the browser to the identity provider, and no token ever comes here. */
export function SignIn() {
  const { one } = useAddress()
  const me = useMe()
  const to = safe(one('to'))
  const failed = one('error')
  useEffect(() => {
    document.title = 'Sign in · loglake'
  }, [])
  return (
    <main className="sign-in">
      <div>
        <span className="brand">
          <i aria-hidden="true" />
          loglake
        </span>
        {failed && (
          <p className="notice red" role="alert">
            Signing in did not work. Try again, or ask those who run this server; its log says why.
          </p>
        )}
        {me ? (
          <>
            <p>
              You are {me.name}, {me.role}.
            </p>
            <a className="btn primary" href={to}>
              Go on
            </a>
          </>
        ) : (
          <a className="btn primary" href={`/auth/sign-in?to=${encodeURIComponent(to)}`}>
            Continue with your organisation
          </a>
        )}
        <p className="faint">You see what your role allows. What you open is recorded.</p>
      </div>
    </main>
  )
}

/** A path of ours, and nothing that a browser could take for another host. */
function safe(to: string | undefined): string {
  return to && /^\/(?![/\\])/.test(to) ? to : '/'
}
