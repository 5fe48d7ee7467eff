import { useEffect, useRef, useSyncExternalStore } from 'react'
import { queries } from '../api/client.ts'
import { isAway, look, onReach } from '../api/reach.ts'
import { Button } from '../ui/button.tsx'

/**
 * Says above every page that the server does not answer; once it does, whatever was not answered is asked
 * again, and the rest of the page stays as it is.
 */
export function Away() {
  const away = useSyncExternalStore(onReach, isAway)
  const was = useRef(false)
  useEffect(() => {
    if (was.current && !away)
      void queries.refetchQueries({ type: 'active', predicate: ({ state }) => state.error !== null })
    was.current = away
  }, [away])
  if (!away) return null
  return (
    <div className="notice amber signed-out" role="alert">
      The server does not answer. What is shown and what you wrote stay on this page, which goes on by itself
      once the server is back.
      <Button onClick={() => void look()}>Try now</Button>
    </div>
  )
}
