import { MOD } from '../ui/button.tsx'
import { Dialog } from '../ui/float.tsx'
import { may, useMe } from './me.ts'
import { places } from './places.ts'

const GROUPS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'Everywhere',
    [
      [`${MOD} K`, 'commands'],
      ['/', 'search, or add a condition'],
      ['T', 'span of time'],
      ['J K', 'next and previous row'],
      ['Enter', 'open'],
      ['Esc', 'close'],
      ['[ ]', 'previous and next record'],
      ['?', 'this map'],
    ],
  ],
  [
    'Session',
    [
      ['Space', 'play and pause'],
      ['← →', 'piece before and after'],
      ['Shift ← →', 'hit before and after'],
      ['1 – 9', 'tenths of the session'],
      ['J K', 'next and previous in the queue'],
    ],
  ],
  [
    'Review',
    [
      ['C', 'choose confirm; records nothing'],
      ['D', 'choose deny; records nothing'],
      [`${MOD} Enter`, 'record the decision'],
    ],
  ],
]

export function KeyMap({ onClose }: { onClose: () => void }) {
  const me = useMe()
  const go = places
    .filter(({ needs }) => may(me, needs))
    .map(({ key, title }) => [`G ${key.toUpperCase()}`, title] as const)
  return (
    <Dialog title="Keys" onClose={onClose}>
      {[...GROUPS, ['Go to', go] as const].map(([title, keys]) => (
        <section key={title}>
          <h2>{title}</h2>
          <div className="keymap">
            {keys.map(([key, what]) => (
              <div key={key}>
                {what} <kbd>{key}</kbd>
              </div>
            ))}
          </div>
        </section>
      ))}
      <small>Single keys can be switched off in the settings. None works while you type.</small>
    </Dialog>
  )
}
