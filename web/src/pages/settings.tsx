import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { post, useAsk } from '../api/client.ts'
import { setPreferences, usePreferences } from '../preferences.ts'
import { Header } from '../shell/header.tsx'
import { lookAs } from '../shell/look-as.ts'
import { may, useMe } from '../shell/me.ts'
import { Button, Segments } from '../ui/button.tsx'
import { plain } from '../ui/plain.ts'
import { Part, Refusal } from '../ui/states.tsx'
import { copy, say } from '../ui/toast.tsx'
import { When } from '../ui/when.tsx'
import './settings.css'

const HOW: Record<string, string> = {
  none: 'without sign-in, since the server listens on this machine only',
  oidc: 'by your organisation',
  token: 'by an API token',
  header: 'by the proxy in front',
  alb: 'by the load balancer in front',
  shell: 'by the command line',
}

export function Settings() {
  const { theme, zone, keys } = usePreferences()
  const me = useMe()
  return (
    <>
      <Header title="Settings" />
      <div className="page roomy settings">
        <section className="card">
          <header>
            <h2>This browser</h2>
          </header>
          <div className="row">
            <span>
              <b>Theme</b>
              <small>System follows the setting of your machine.</small>
            </span>
            <Segments
              label="Theme"
              choices={[
                ['system', 'System'],
                ['light', 'Light'],
                ['dark', 'Dark'],
              ]}
              chosen={theme}
              onChoose={(next) => setPreferences({ theme: next })}
            />
          </div>
          <div className="row">
            <span>
              <b>Times</b>
              <small>On every page. Copied times are always UTC.</small>
            </span>
            <Segments
              label="Times"
              choices={[
                ['utc', 'UTC'],
                ['local', `Local, ${Intl.DateTimeFormat().resolvedOptions().timeZone}`],
              ]}
              chosen={zone}
              onChoose={(next) => setPreferences({ zone: next })}
            />
          </div>
          <div className="row">
            <span>
              <b>Single-key shortcuts</b>
              <small>Press ? for the map. Keys with Ctrl or ⌘ always work.</small>
            </span>
            <Segments
              label="Single-key shortcuts"
              choices={[
                ['on', 'On'],
                ['off', 'Off'],
              ]}
              chosen={keys ? 'on' : 'off'}
              onChoose={(next) => setPreferences({ keys: next === 'on' })}
            />
          </div>
        </section>
        {me && (
          <section className="card">
            <header>
              <h2>You</h2>
            </header>
            <div className="row">
              <span>
                <b>{plain(me.name)}</b>
                <small>
                  {me.role}, {me.signed_in === 'none' ? '' : 'signed in '}
                  {HOW[me.signed_in]}.{' '}
                  {me.unmask
                    ? 'You may see text without masks; each time is recorded.'
                    : 'Text is masked for you.'}
                </small>
              </span>
              {me.signed_in === 'oidc' && (
                <form method="post" action="/auth/sign-out">
                  <button type="submit" className="btn">
                    Sign out
                  </button>
                </form>
              )}
            </div>
            {me.look_as && (
              <div className="row">
                <span>
                  <b>Look as</b>
                  <small>
                    This server has no sign-in, so the page can show what another role sees. That is recorded,
                    too.
                  </small>
                </span>
                <select
                  className="input look-as"
                  aria-label="Look as"
                  value={me.look_as.find((one) => one === me.role || one === `${me.role}:${me.name}`) ?? ''}
                  onChange={(event) => lookAs(event.target.value)}
                >
                  {me.look_as.map((one) => (
                    <option key={one} value={one}>
                      {one.replace(':', ' ')}
                    </option>
                  ))}
                </select>
              </div>
            )}
            <div className="row">
              <span>
                <b>What you open is recorded</b>
                <small>Who opened what and when, and how many rows, before they are shown.</small>
              </span>
            </div>
          </section>
        )}
        {may(me, 'tokens') && <Tokens />}
        {me && <small>loglake {me.program}</small>}
      </div>
    </>
  )
}

const SCOPES = {
  read: 'pages',
  query: 'questions in SQL',
  status: 'status',
  iceberg: 'Iceberg catalog',
} as const
type Scope = keyof typeof SCOPES

function Tokens() {
  const tokens = useAsk('tokens', {})
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<Scope[]>(['read'])
  const [days, setDays] = useState(90)
  const done = () => client.invalidateQueries({ queryKey: ['tokens'] })
  const create = useMutation({
    mutationFn: () => post('token-create', { name, scopes, days }),
    onSuccess: () => {
      setName('')
      return done()
    },
  })
  const revoke = useMutation({
    mutationFn: (id: string) => post('token-revoke', { id }),
    onSuccess: () => {
      say('The token is revoked')
      return done()
    },
  })
  return (
    <section className="card">
      <header>
        <h2>API tokens</h2>
        <small>for programs; a token never reviews and never sees text without masks</small>
      </header>
      {create.data && (
        <div className="row made">
          <span>
            <b>Copy it now: it is shown only once</b>
            <code>{create.data.token}</code>
          </span>
          <Button onClick={() => copy(create.data.token, 'token')}>Copy</Button>
        </div>
      )}
      <Part of={tokens} rows={2}>
        {({ tokens: found }) => (
          <div>
            {found.map(({ id, name, scopes, expires, last_used }) => (
              <div className="row" key={id}>
                <span>
                  <b>{plain(name)}</b>
                  <small>
                    {scopes.map((scope) => SCOPES[scope as Scope] ?? scope).join(', ')} · expires{' '}
                    <When at={expires} form="relative" /> ·{' '}
                    {last_used ? (
                      <>
                        used <When at={last_used} form="relative" />
                      </>
                    ) : (
                      'never used'
                    )}
                  </small>
                </span>
                <Button onClick={() => revoke.mutate(id)}>Revoke</Button>
              </div>
            ))}
          </div>
        )}
      </Part>
      <form
        className="row new"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() && scopes.length) create.mutate()
        }}
      >
        <input
          className="input"
          aria-label="Name of the token"
          placeholder="What it is for"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {(Object.keys(SCOPES) as Scope[]).map((scope) => (
          <label key={scope}>
            <input
              type="checkbox"
              checked={scopes.includes(scope)}
              onChange={() =>
                setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope])
              }
            />{' '}
            {SCOPES[scope]}
          </label>
        ))}
        <select
          className="input"
          aria-label="Days until it expires"
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
        >
          {[7, 30, 90, 365].map((count) => (
            <option key={count} value={count}>
              {count} days
            </option>
          ))}
        </select>
        <Button
          type="submit"
          off={
            name.trim() === '' ? 'Name it first' : scopes.length === 0 ? 'Choose what it is for' : undefined
          }
        >
          Create a token
        </Button>
      </form>
      {create.error && <Refusal error={create.error} />}
    </section>
  )
}
