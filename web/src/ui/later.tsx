import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { look, onReach, Unreachable } from '../api/reach.ts'
import { Empty, Failed } from './states.tsx'

/**
 * A part whose script is loaded on first use. React's `lazy` throws when the script does not come, and the
 * router's own loads the page again, from a server that may be away: this one says so in its place.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  fallback: ReactNode = null,
  Missing: ComponentType<Props> = NotLoaded,
): ((props: Props) => ReactNode) & { preload: () => Promise<void> } {
  let Found: ComponentType<Props> | undefined
  let loading: Promise<void> | undefined
  const keep = (found: ComponentType<Props>) => {
    Found = found
  }
  const preload = () => {
    if (Found) return Promise.resolve()
    loading ??= load()
      .then(keep, () => undefined)
      .finally(() => {
        loading = undefined
      })
    return loading
  }
  function Later(props: Props): ReactNode {
    const [tried, setTried] = useState(false)
    const isHere = Found !== undefined
    useEffect(() => {
      if (isHere) return
      let isShown = true
      void preload().then(() => isShown && setTried(true))
      return () => {
        isShown = false
      }
    }, [isHere])
    if (Found) return <Found {...props} />
    return tried ? <Missing {...props} /> : fallback
  }
  return Object.assign(Later, { preload })
}

const reload = () => location.reload()

/**
 * In place of a script that did not come. Once the server is back the page is loaded again, because browsers
 * keep the failure; nothing was typed here yet.
 */
function NotLoaded() {
  const [away, see] = useState(true)
  useEffect(() => {
    let wasAway = false
    const check = async () => {
      const is = await look()
      if (is && wasAway) reload()
      wasAway ||= !is
      see(!is)
    }
    void check()
    return onReach(() => void check())
  }, [])
  if (away) return <Failed error={new Unreachable()} retry={() => void look()} />
  return (
    <Empty
      title="This part was not loaded"
      action={
        <button type="button" className="btn" onClick={reload}>
          Load the page again
        </button>
      }
    >
      The server may have a newer version than this page.
    </Empty>
  )
}
