import { type ReactNode, useState } from 'react'
import './fold.css'

/** A list beside the page's main part; where the page is narrow, a button above that part opens it. */
export function Fold({
  label,
  title,
  className,
  children,
}: {
  label: string
  /** On the button. */
  title: string
  className: string
  children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  return (
    <aside className={`fold ${className}${open ? ' open' : ''}`} aria-label={label}>
      <button type="button" className="fold-title" aria-expanded={open} onClick={() => setOpen(!open)}>
        {title}
      </button>
      {children}
    </aside>
  )
}
