import type { ReactNode } from 'react'

/** What is wider than a phone, or long: it scrolls by itself, by keys as well. */
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
