import { Menu } from 'lucide-react'
import { type ReactNode, useEffect, useSyncExternalStore } from 'react'
import { isNewer, onNewer, showNewer } from '../api/newer.ts'
import { Button } from '../ui/button.tsx'

/** The top bar of a page: title, tags and buttons. The title also names the browser's tab. */
export function Header({
  title,
  tab = title,
  tags,
  children,
}: {
  title: string
  tab?: string
  tags?: ReactNode
  children?: ReactNode
}) {
  const newer = useSyncExternalStore(onNewer, isNewer)
  useEffect(() => {
    document.title = `${tab} · loglake`
  }, [tab])
  return (
    <header className="top">
      <Button
        look="icon"
        className="menu-button"
        aria-label="Pages"
        onClick={() => document.dispatchEvent(new CustomEvent('loglake:menu'))}
      >
        <Menu size={16} />
      </Button>
      <h1 title={title}>{title}</h1>
      {tags}
      <span className="spring" />
      <span aria-live="polite">{newer && <Button onClick={showNewer}>New data · show</Button>}</span>
      {children}
    </header>
  )
}
