import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { preferences, setPreferences } from '../preferences.ts'
import { useModal } from '../ui/float.tsx'
import { copy } from '../ui/toast.tsx'
import { may, useMe } from './me.ts'
import { places } from './places.ts'

interface Command {
  name: string
  hint: string
  act: () => void
}

/** The command palette: pages, actions, and searches for the typed text. */
export function Palette({ onClose }: { onClose: () => void }) {
  const box = useRef<HTMLDialogElement>(null)
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const commands = useCommands(typed.trim())
  useModal(box)
  const choose = (command: Command | undefined) => {
    if (!command) return
    onClose()
    command.act()
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, by the browser
    <dialog
      ref={box}
      className="dialog palette"
      aria-label="Commands"
      onClose={onClose}
      onClick={(event) => event.target === box.current && onClose()}
    >
      <input
        className="input"
        role="combobox"
        aria-label="Go to a page, or search"
        aria-expanded="true"
        aria-controls="commands"
        aria-activedescendant={`command-${at}`}
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
            setAt((at + step + commands.length) % Math.max(1, commands.length))
          } else if (event.key === 'Enter') {
            event.preventDefault()
            choose(commands[at])
          }
        }}
      />
      <div id="commands" role="listbox" aria-label="Commands found" className="list">
        {commands.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
          <div
            key={command.name}
            id={`command-${index}`}
            ref={index === at ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
            role="option"
            tabIndex={-1}
            className="item"
            aria-selected={index === at}
            onClick={() => choose(command)}
            onPointerMove={() => setAt(index)}
          >
            {command.name}
            <small>{command.hint}</small>
          </div>
        ))}
      </div>
    </dialog>
  )
}

function useCommands(typed: string): Command[] {
  const navigate = useNavigate()
  const me = useMe()
  const words = typed.toLowerCase()
  const all: Command[] = [
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
  const q =
    (condition: string, t = {}) =>
    () =>
      void navigate({ to: '/activity', search: { q: [condition], ...t } as never })
  const everywhere: Command[] = may(me, 'find')
    ? [
        {
          name: `Find “${typed}”`,
          hint: 'ids, keys, names, in every table',
          act: () => void navigate({ to: '/find', search: { find: typed } as never }),
        },
      ]
    : []
  const isKey = /^(AKIA|ASIA)[A-Z0-9]{12,}$/.test(typed)
  const searches: Command[] = may(me, 'activity')
    ? isKey
      ? [
          {
            name: `What did the key ${typed} do?`,
            hint: 'Activity',
            act: q(`useridentity_accesskeyid:${typed}`, { t: 'all', deep: '1' }),
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
  // What a key did is what a person who pastes one wants to know first.
  return isKey ? [...searches, ...everywhere] : [...found, ...everywhere, ...searches]
}
