import type { ComponentProps, ReactNode } from 'react'
import { usePreferences } from '../preferences.ts'

interface Props extends ComponentProps<'button'> {
  look?: 'plain' | 'primary' | 'quiet' | 'icon'
  /** The shortcut of the button; shown while single-key shortcuts work. */
  keys?: string
  /** Why the button does nothing now: it stays focusable, and its title is this reason. */
  off?: string | undefined
}

export function Button({ look = 'plain', keys, off, children, className, ...rest }: Props) {
  const looks = { plain: '', primary: ' primary', quiet: ' quiet', icon: ' quiet icon' }
  return (
    <button
      type="button"
      className={`btn${looks[look]}${className ? ` ${className}` : ''}`}
      {...rest}
      {...(off ? { 'aria-disabled': true, title: off, onClick: undefined } : {})}
    >
      {children}
      {keys && <Key>{keys}</Key>}
    </button>
  )
}

export function Key({ children }: { children: ReactNode }) {
  const { keys } = usePreferences()
  return keys ? <kbd aria-hidden="true">{children}</kbd> : null
}

/** The modifier key: ⌘ on a Mac, Ctrl elsewhere. */
export const MOD = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl'

export function Segments<Choice extends string>({
  label,
  choices,
  chosen,
  onChoose,
}: {
  label: string
  choices: readonly (readonly [Choice, ReactNode])[]
  chosen: Choice
  onChoose: (choice: Choice) => void
}) {
  return (
    <fieldset className="segments" aria-label={label}>
      {choices.map(([choice, name]) => (
        <button key={choice} type="button" aria-pressed={choice === chosen} onClick={() => onChoose(choice)}>
          {name}
        </button>
      ))}
    </fieldset>
  )
}
