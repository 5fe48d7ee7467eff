import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Output } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'

/**
 * Pages of output loaded at once: when the session is opened, and each time the reader nears the end of the
 * loaded part.
 */
const AT_ONCE = 6

export function useOutput(id: string, session: Output<'session'>, unmask: boolean) {
  const pages = usePages(
    'session-output',
    { id, raw: true, ...(unmask && { unmask: true }) },
    session.output.delivery !== 'none',
  )
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  const count = pages.data?.pages.length ?? 0
  const [wanted, setWanted] = useState(AT_ONCE)
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && count < wanted) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, count, wanted])
  const pieces = useMemo(() => {
    const all = pages.data?.pages.flatMap((page) => (page as Output<'session-output'>).pieces) ?? []
    // A session that streamed and uploaded its output has it twice; only the streamed one has times.
    const streamed = all.filter(({ delivery }) => delivery === 'streamed')
    return session.output.delivery === 'both' && streamed.length > 0 ? streamed : all
  }, [pages.data, session.output.delivery])
  const waits = hasNextPage && count >= wanted
  const more = useCallback(() => {
    if (waits) setWanted(count + AT_ONCE)
  }, [waits, count])
  return { pieces, loading: pages.isLoading, more: waits ? more : undefined }
}
