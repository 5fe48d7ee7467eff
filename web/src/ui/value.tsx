import { useRef, useState } from 'react'
import { Float } from './float.tsx'
import { plain } from './plain.ts'
import { copy } from './toast.tsx'

/** What the menu of a value offers besides copying it. */
export interface ValueActions {
  onFilter?: (condition: string) => void
  /** Further links, each a name and an address. */
  links?: readonly (readonly [string, string])[]
}

/** A field's value as a button with a menu: filter for it, filter it out, copy it. */
export function Value({
  field,
  value,
  shown = value,
  className = '',
  onFilter,
  links,
}: { field: string; value: string; shown?: string; className?: string } & ValueActions) {
  const anchor = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const choose = (act: () => void) => () => {
    act()
    setOpen(false)
  }
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={`value ${className}`}
        title={value}
        aria-haspopup="dialog"
        onClick={(event) => {
          event.stopPropagation()
          setOpen(true)
        }}
      >
        {plain(shown)}
      </button>
      {open && (
        <Float anchor={anchor} onClose={() => setOpen(false)} label={`Actions for ${field}`}>
          <div className="what mono">{plain(value)}</div>
          <hr />
          {onFilter && (
            <>
              <button type="button" className="item" onClick={choose(() => onFilter(`${field}:${value}`))}>
                Filter for it
              </button>
              <button type="button" className="item" onClick={choose(() => onFilter(`-${field}:${value}`))}>
                Filter it out
              </button>
            </>
          )}
          <button type="button" className="item" onClick={choose(() => copy(value, field))}>
            Copy
          </button>
          {links?.map(([name, href]) => (
            <a key={href} className="item" href={href}>
              {name}
            </a>
          ))}
        </Float>
      )}
    </>
  )
}
