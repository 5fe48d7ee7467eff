import { type KeyboardEvent, type PointerEvent, type RefObject, useState } from 'react'
import type { Scale } from './chart-scale.ts'

/** A shorter drag is a click. */
const MIN_DRAG = 4

interface Options {
  box: RefObject<HTMLDivElement | null>
  scale: Scale
  times: readonly number[]
  bucketMs: number
  /** Called with whole seconds, in milliseconds. */
  onZoom: ((from: number, to: number) => void) | undefined
}

/** The bar that is read, and the span that is chosen, by pointer or by keys. */
export function useChoice({ scale, times, bucketMs, onZoom, box }: Options) {
  const [at, setAt] = useState<number>()
  const byPointer = useDrag({ scale, times, bucketMs, onZoom, box }, setAt)
  const byKeys = useKeys({ times, bucketMs, onZoom }, at, setAt)
  const { drag } = byPointer
  const span = byKeys.span && {
    from: scale.x(times[byKeys.span.first] as number),
    to: scale.x((times[byKeys.span.last] as number) + bucketMs),
  }
  return { at, chosen: drag ?? span, handlers: { ...byPointer.handlers, ...byKeys.handlers } }
}

type SetAt = (at: number | undefined) => void

/** Dragging chooses a span, in pixels of the box. */
function useDrag({ scale, times, bucketMs, onZoom, box }: Options, setAt: SetAt) {
  const [drag, setDrag] = useState<{ from: number; to: number }>()
  const placeOf = (event: PointerEvent<HTMLElement>) => {
    const place = event.clientX - (box.current?.getBoundingClientRect().left ?? 0)
    return Math.max(scale.left, Math.min(scale.right, place))
  }
  const handlers = {
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const place = placeOf(event)
      setAt(Math.min(times.length - 1, Math.floor((scale.time(place) - (times[0] ?? 0)) / bucketMs)))
      if (drag) setDrag({ from: drag.from, to: place })
    },
    onPointerLeave: () => setAt(undefined),
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (!onZoom || event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      const place = placeOf(event)
      setDrag({ from: place, to: place })
    },
    onPointerUp() {
      setDrag(undefined)
      if (!drag || !onZoom || Math.abs(drag.to - drag.from) <= MIN_DRAG) return
      const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
      onZoom(Math.floor(scale.time(from) / 1000) * 1000, Math.ceil(scale.time(to) / 1000) * 1000)
    },
    onPointerCancel: () => setDrag(undefined),
  }
  return { drag, handlers }
}

/** Arrow keys read bars; with Shift they choose a span, as bars, and Enter shows it. */
function useKeys(
  { times, bucketMs, onZoom }: Pick<Options, 'times' | 'bucketMs' | 'onZoom'>,
  at: number | undefined,
  setAt: SetAt,
) {
  /** The bar where the span begins. */
  const [since, setSince] = useState<number>()
  const spanTo = (bar: number) => ({ first: Math.min(since ?? bar, bar), last: Math.max(since ?? bar, bar) })
  const handlers = {
    onKeyDown(event: KeyboardEvent<HTMLElement>) {
      const here = at ?? 0
      const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: times.length - 1 }[event.key]
      if (to !== undefined) {
        setAt(Math.max(0, Math.min(times.length - 1, at === undefined ? here : to)))
        setSince(event.shiftKey ? (since ?? here) : undefined)
      } else if (event.key === 'Enter' && onZoom && at !== undefined) {
        const { first, last } = spanTo(at)
        onZoom(times[first] as number, (times[last] as number) + bucketMs)
        setSince(undefined)
      } else if (event.key === 'Escape' && since !== undefined) setSince(undefined)
      else return
      event.preventDefault()
    },
    onBlur() {
      setAt(undefined)
      setSince(undefined)
    },
  }
  return { span: since === undefined || at === undefined ? undefined : spanTo(at), handlers }
}
