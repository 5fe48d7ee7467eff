import { useCallback, useEffect, useRef, useState } from 'react'
import { post } from '../../api/client.ts'
import type { Looked } from './checklist.tsx'

/** What a page has for its reviewer. */
interface Offered {
  lines?: number
  /** Undefined while they are not loaded. */
  calls: number | undefined
  callsShown: boolean
  findings?: number
}

/**
 * Counts what the reviewer looks at, for the checklist, and sends it to the server as part of the decision.
 *
 * @param review undefined if this page has none
 */
export function useLooked(review: string | undefined, offered: Offered) {
  const [line, setLine] = useState(-1)
  const [findings, setFindings] = useState<ReadonlySet<string>>(new Set())
  const unsent = useRef({ rows: new Set<string>(), findings: new Set<string>(), line: -1, since: Date.now() })
  const seeLine = useCallback((seen: number) => setLine((before) => Math.max(before, seen)), [])
  unsent.current.line = line
  const openRow = useCallback((id: string) => void unsent.current.rows.add(id), [])
  const openFinding = useCallback((finding: string) => {
    unsent.current.findings.add(finding)
    setFindings((before) => new Set([...before, finding]))
  }, [])
  useEffect(() => {
    if (!review) return
    const send = () => {
      const { rows, findings, line, since } = unsent.current
      const seconds =
        document.visibilityState === 'visible' ? Math.min(600, Math.round((Date.now() - since) / 1000)) : 0
      unsent.current = { rows: new Set(), findings: new Set(), line, since: Date.now() }
      if (seconds === 0 && rows.size === 0 && findings.size === 0) return
      post('review-seen', {
        id: review,
        rows_opened: [...rows],
        findings_opened: [...findings],
        ...(line >= 0 && { last_line: line }),
        seconds,
      }).catch(() => undefined)
    }
    const timer = setInterval(send, 15_000)
    return () => {
      clearInterval(timer)
      send()
    }
  }, [review])
  const now: Looked = {
    lines: 0,
    findings: 0,
    ...offered,
    lastLine: line,
    findingsOpened: findings.size,
  }
  return { seeLine, openRow, openFinding, now }
}
