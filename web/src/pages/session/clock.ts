import { useCallback, useEffect, useRef, useState } from 'react'

/**
 * The page's clock in real time. Terminal, calls and player follow it; a skipped gap is a jump of this clock.
 */
export interface Player {
  readonly at: number
  readonly playing: boolean
  /** Whether a person has chosen a time or pressed Play. */
  readonly touched: boolean
  readonly speed: number
  readonly skip: boolean
  seek(at: number): void
  toggle(): void
  setSpeed(speed: number): void
  setSkip(skip: boolean): void
}

export const SPEEDS: readonly number[] = [1, 2, 4, 8, 16]

export function usePlayer(from: number, to: number, gaps: readonly { from: number; to: number }[]): Player {
  const [at, setAt] = useState(from)
  const [playing, setPlaying] = useState(false)
  const [touched, setTouched] = useState(false)
  const [speed, setSpeed] = useState(1)
  const [skip, setSkip] = useState(true)
  const state = useRef({ speed, skip, gaps, to })
  state.current = { speed, skip, gaps, to }
  useEffect(() => setAt(from), [from])
  useEffect(() => {
    if (!playing) return
    let last = performance.now()
    const timer = setInterval(() => {
      const now = performance.now()
      const passed = now - last
      last = now
      setAt((before) => {
        const { speed, skip, gaps, to } = state.current
        const next = before + passed * speed
        const gap = skip ? gaps.find((one) => next > one.from + 1_000 && next < one.to - 1_000) : undefined
        const reached = Math.min(to, gap ? gap.to - 1_000 : next)
        if (reached >= to) setPlaying(false)
        return reached
      })
    }, 100)
    return () => clearInterval(timer)
  }, [playing])
  const seek = useCallback(
    (next: number) => {
      setTouched(true)
      setAt(Math.max(from, Math.min(to, next)))
    },
    [from, to],
  )
  const toggle = useCallback(() => {
    setTouched(true)
    setPlaying((before) => !before)
    setAt((before) => (before >= to ? from : before))
  }, [from, to])
  return { at, playing, touched, speed, skip, seek, toggle, setSpeed, setSkip }
}
