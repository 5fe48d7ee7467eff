import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'

/**
 * A popover next to its anchor. The browser closes it on Escape and on a click elsewhere, and returns the
 * focus.
 */
export function Float({
  anchor,
  onClose,
  children,
  label,
  className = '',
}: {
  anchor: RefObject<HTMLElement | null> | { x: number; y: number }
  onClose: () => void
  children: ReactNode
  label: string
  className?: string
}) {
  const box = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState<{ left: number; top: number }>()
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    element.showPopover()
    const self = element.getBoundingClientRect()
    const target =
      'current' in anchor
        ? (anchor.current?.getBoundingClientRect() ?? new DOMRect())
        : new DOMRect(anchor.x, anchor.y, 0, 0)
    const below = target.bottom + 4 + self.height <= innerHeight
    setPlace({
      left: Math.max(8, Math.min(target.left, innerWidth - self.width - 8)),
      top: below ? target.bottom + 4 : Math.max(8, target.top - self.height - 4),
    })
    const first = element.querySelector<HTMLElement>('input, button, a')
    first?.focus()
    // Hidden before it is taken out of the page: else the browser has nothing to return the focus to.
    return () => element.hidePopover()
  }, [anchor])
  useEffect(() => {
    const element = box.current
    const toggled = (event: Event) => (event as ToggleEvent).newState === 'closed' && onClose()
    element?.addEventListener('toggle', toggled)
    return () => element?.removeEventListener('toggle', toggled)
  }, [onClose])
  return (
    <div
      ref={box}
      popover="auto"
      role="dialog"
      aria-label={label}
      className={`float ${className}`}
      style={place ?? { left: 0, top: 0, opacity: 0 }}
      onKeyDown={moveFocus}
    >
      {children}
    </div>
  )
}

/** Arrow keys move the focus between the items. */
function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('.item, input')]
  const next = items[items.indexOf(document.activeElement as HTMLElement) + step]
  if (next) {
    event.preventDefault()
    next.focus()
  }
}

/** Opens a dialog while it is in the page. Closed before it is taken out, it returns the focus. */
export function useModal(ref: RefObject<HTMLDialogElement | null>): void {
  useLayoutEffect(() => {
    const element = ref.current
    element?.showModal()
    return () => element?.close()
  }, [ref])
}

export function Dialog({
  title,
  onClose,
  children,
  footer,
}: {
  title: string
  onClose: () => void
  children: ReactNode
  footer?: ReactNode
}) {
  const ref = useRef<HTMLDialogElement>(null)
  useModal(ref)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, by the browser
    <dialog
      ref={ref}
      className="dialog"
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <header>
        <h1>{title}</h1>
        <span className="spring" />
        <button type="button" className="btn quiet" onClick={onClose}>
          Close
        </button>
      </header>
      <div className="content">{children}</div>
      {footer && <footer>{footer}</footer>}
    </dialog>
  )
}
