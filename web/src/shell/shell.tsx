import { Link, useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useAsk } from '../api/client.ts'
import { listen, showNewer } from '../api/newer.ts'
import { usePreferences } from '../preferences.ts'
import { ms, number, relative } from '../time/format.ts'
import { MOD } from '../ui/button.tsx'
import { useKeys } from '../ui/keys.ts'
import { later } from '../ui/later.tsx'
import { say, Toasts } from '../ui/toast.tsx'
import { Away } from './away.tsx'
import { Entry, SignedOut } from './entry.tsx'
import { homeOf, may, useMe } from './me.ts'
import { places } from './places.ts'
import { useWholeTexts } from './whole.ts'
import './shell.css'

/** Loaded on first use, which keeps the first page small. */
const Palette = later(async () => (await import('./palette.tsx')).Palette, null, NotNow)
const KeyMap = later(async () => (await import('./key-map.tsx')).KeyMap, null, NotNow)

/** In place of what was called by a key while the server does not answer: it closes, and can be called again. */
function NotNow({ onClose }: { onClose: () => void }) {
  useEffect(() => {
    say('Not loaded: the server does not answer. Try again once it does')
    onClose()
  }, [onClose])
  return null
}

export function Shell() {
  const me = useMe()
  const navigate = useNavigate()
  const { keys } = usePreferences()
  const [open, setOpen] = useState<'palette' | 'keys' | 'menu'>()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const close = () => setOpen(undefined)
  const nav = useRef<HTMLElement>(null)
  useWholeTexts()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu
  useEffect(() => {
    close()
    // No row of it was seen yet.
    showNewer()
  }, [path])
  const isKnown = me !== undefined
  useEffect(() => (isKnown ? listen() : undefined), [isKnown])
  useEffect(() => {
    const menu = () => {
      setOpen('menu')
      requestAnimationFrame(() => nav.current?.querySelector<HTMLElement>('a')?.focus())
    }
    document.addEventListener('loglake:menu', menu)
    return () => document.removeEventListener('loglake:menu', menu)
  }, [])
  const waiting = useAsk('reviews-waiting', {}, may(me, 'reviews-waiting')).data
  const shown = places.filter(
    (place) =>
      may(me, place.needs) && (!place.waiting || me?.role === 'asked' || (waiting?.questions ?? 0) > 0),
  )
  // Who may not see Overview, as auditors, begins at their first page.
  const home = me && path === '/' && !may(me, 'overview') ? homeOf(me)?.path : undefined
  useEffect(() => {
    if (home) void navigate({ to: home, replace: true })
  }, [home, navigate])
  useKeys({
    'Mod+k': () => setOpen('palette'),
    '?': () => setOpen('keys'),
    ...Object.fromEntries(shown.map(({ key, path: to }) => [`g ${key}`, () => navigate({ to })])),
  })
  return (
    <div className="shell">
      <a className="btn skip" href="#main">
        Skip to the page
      </a>
      <nav
        ref={nav}
        aria-label="Pages"
        className={open === 'menu' ? 'open' : undefined}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || open !== 'menu') return
          event.preventDefault()
          close()
          document.querySelector<HTMLElement>('.menu-button')?.focus()
        }}
      >
        <Link to="/" className="brand">
          <i aria-hidden="true" />
          loglake
        </Link>
        <Links places={shown.filter(({ group }) => !group)} />
        {shown.some(({ group }) => group === 'audit') && <p>For auditors</p>}
        <Links places={shown.filter(({ group }) => group === 'audit')} />
        <footer>
          <button type="button" className="to" onClick={() => setOpen('palette')}>
            Commands {keys && <kbd>{MOD} K</kbd>}
          </button>
          <Link to="/settings" className="to" activeProps={{ 'aria-current': 'page' }}>
            Settings
          </Link>
          <Standing />
        </footer>
      </nav>
      <main id="main" tabIndex={-1} onPointerDown={() => open === 'menu' && close()}>
        <Away />
        <SignedOut />
        <Entry />
      </main>
      {open === 'palette' && <Palette onClose={close} />}
      {open === 'keys' && <KeyMap onClose={close} />}
      <Toasts />
    </div>
  )
}

function Links({ places: shown }: { places: typeof places }) {
  const me = useMe()
  const reviews = useAsk('reviews-waiting', {}, may(me, 'reviews-waiting')).data
  const counts: Readonly<Record<string, number | undefined>> = {
    '/reviews': reviews?.mine,
    '/questions': reviews?.questions,
  }
  return shown.map(({ path, title }) => (
    <Link
      key={path}
      to={path}
      className="to"
      activeOptions={{ exact: path === '/', includeSearch: false }}
      activeProps={{ 'aria-current': 'page' }}
    >
      {title}
      {(counts[path] ?? 0) > 0 && (
        <em className="due">
          {number(counts[path] as number)}
          <span className="hidden"> wait for you</span>
        </em>
      )}
    </Link>
  ))
}

function Standing() {
  const me = useMe()
  if (!me) return null
  const newest = ms(me.lake.newest)
  return (
    <div>
      {me.name} · {me.role}
      <br />
      Lake version {number(me.version)}
      {newest !== undefined && (
        <>
          <br />
          committed {relative(newest)}
        </>
      )}
      {me.notice && <div className="amber">{me.notice}</div>}
    </div>
  )
}
