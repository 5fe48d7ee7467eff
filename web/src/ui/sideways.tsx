import type { ReactNode } from 'react'

/** A box whose content scrolls on its own, also by keys. */
export function Sideways({
  label,
  className,
  children,
}: {
  label: string
  className: string
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys
    <section className={className} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
