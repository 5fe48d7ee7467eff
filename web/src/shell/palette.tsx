import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { preferences, setPreferences } from '../preferences.ts'
import { copy } from '../ui/toast.tsx'
import { may, useMe } from './me.ts'
import { places } from './places.ts'

interface Deed {
  name: string
  hint: string
  act: () => void
}

/** Go to a page, do something, or look for what was typed. */
export function Palette({ onClose }: { onClose: () => void }) {
  const box = useRef<HTMLDialogElement>(null)
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const deeds = useDeeds(typed.trim())
  useEffect(() => {
    box.current?.showModal()
  }, [])
  const choose = (deed: Deed | undefined) => {
    if (!deed) return
    onClose()
    deed.act()
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, by the browser
    <dialog
      ref={box}
      className="dialog palette"
      aria-label="Go and do"
      onClose={onClose}
      onClick={(event) => event.target === box.current && onClose()}
    >
      <input
        className="input"
        role="combobox"
        aria-label="Go to a page, or search"
        aria-expanded="true"
        aria-controls="deeds"
        aria-activedescendant={`deed-${at}`}
        placeholder="Go to a page, paste an id, or search"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
          if (step) {
            event.preventDefault()
            setAt((at + step + deeds.length) % Math.max(1, deeds.length))
          } else if (event.key === 'Enter') {
            event.preventDefault()
            choose(deeds[at])
          }
        }}
      />
      <div id="deeds" role="listbox" aria-label="What can be done" className="list">
        {deeds.map((deed, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
          <div
            key={deed.name}
            id={`deed-${index}`}
            role="option"
            tabIndex={-1}
            className="item"
            aria-selected={index === at}
            onClick={() => choose(deed)}
            onPointerMove={() => setAt(index)}
          >
            {deed.name}
            <small>{deed.hint}</small>
          </div>
        ))}
      </div>
    </dialog>
  )
}

function useDeeds(typed: string): Deed[] {
  const navigate = useNavigate()
  const me = useMe()
  const words = typed.toLowerCase()
  const all: Deed[] = [
    ...places
      .filter(({ needs }) => may(me, needs))
      .map(({ path, title, key }) => ({
        name: title,
        hint: `G ${key.toUpperCase()}`,
        act: () => void navigate({ to: path }),
      })),
    {
      name: 'Settings',
      hint: 'time zone, theme, shortcuts, tokens',
      act: () => void navigate({ to: '/settings' }),
    },
    { name: 'Copy link to this page', hint: '', act: () => void copy(location.href, 'link') },
    {
      name: preferences().zone === 'utc' ? 'Show times on my own clock' : 'Show times in UTC',
      hint: 'everywhere',
      act: () => setPreferences({ zone: preferences().zone === 'utc' ? 'local' : 'utc' }),
    },
    ...(['light', 'dark', 'system'] as const).map((theme) => ({
      name: `Theme: ${theme}`,
      hint: preferences().theme === theme ? 'now' : '',
      act: () => setPreferences({ theme }),
    })),
  ]
  const found = all.filter(({ name }) => name.toLowerCase().includes(words))
  if (typed === '') return found
  const q = (condition: string) => () =>
    void navigate({ to: '/activity', search: { q: [condition] } as never })
  const everywhere: Deed[] = may(me, 'find')
    ? [
        {
          name: `Find “${typed}”`,
          hint: 'ids, keys, names, in every table',
          act: () => void navigate({ to: '/find', search: { find: typed } as never }),
        },
      ]
    : []
  const searches: Deed[] = may(me, 'activity')
    ? /^(AKIA|ASIA)[A-Z0-9]{12,}$/.test(typed)
      ? [
          {
            name: `What did the key ${typed} do?`,
            hint: 'Activity',
            act: q(`useridentity_accesskeyid:${typed}`),
          },
        ]
      : [
          { name: `Calls by “${typed}”`, hint: 'Activity', act: q(`actor~${typed}`) },
          { name: `Calls named “${typed}”`, hint: 'Activity', act: q(`eventname~${typed}`) },
        ]
    : []
  if (may(me, 'session-search') && typed.length >= 2)
    searches.push({
      name: `“${typed}” in terminal output`,
      hint: 'all sessions',
      act: () => void navigate({ to: '/sessions', search: { find: typed } as never }),
    })
  return [...found, ...everywhere, ...searches]
}
