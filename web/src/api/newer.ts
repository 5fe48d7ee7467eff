import { Problem, problemOf, queries } from './client.ts'
import { look } from './reach.ts'
import type { Operations } from './schema.ts'

/**
 * Whether the lake has a newer version than what this page shows. The server tells of each while the page is
 * visible; a hidden page closes its stream, since browsers open only six connections to a server. The page
 * changes nothing by itself: rows would move under the reader's hand.
 *
 * Where the stream cannot be had, all else stays as it is: what is opened after 30 seconds is asked again.
 */

const AGAIN_MS = 5_000
const SELDOM_MS = 300_000
/** A connection that held so long is opened again soon: proxies and sign-ins end each after a while. */
const HELD_MS = 60_000

type New = Operations['new-versions']['output']

/** The version that this page knows of. */
let known = 0
/** When the first version was told that the page does not show; undefined while it shows the newest. */
let toldMs: number | undefined
const listeners = new Set<() => void>()

export function isNewer(): boolean {
  return toldMs !== undefined
}

/** Calls at every change; gives the function that ends it. */
export function onNewer(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

function set(next: number | undefined): void {
  if (toldMs === next) return
  toldMs = next
  for (const listener of listeners) listener()
}

/** Asks again for what is shown and was answered before the newer version. */
export function showNewer(): void {
  const before = toldMs
  if (before === undefined) return
  set(undefined)
  void queries.invalidateQueries({
    predicate: ({ state }) => state.fetchStatus === 'idle' && state.dataUpdatedAt <= before,
  })
}

/** Listens while the page is visible, once `me` is answered; gives the function that ends it. */
export function listen(): () => void {
  known = queries.getQueryData<Operations['me']['output']>(['me', {}])?.version ?? 0
  let staying = new AbortController()
  const start = () => {
    staying.abort()
    staying = new AbortController()
    if (document.visibilityState === 'visible') void stay(staying.signal)
  }
  document.addEventListener('visibilitychange', start)
  start()
  return () => {
    document.removeEventListener('visibilitychange', start)
    staying.abort()
  }
}

async function stay(signal: AbortSignal): Promise<void> {
  let pauseMs = AGAIN_MS
  while (!signal.aborted) {
    const begunMs = performance.now()
    const refused = await follow(signal).catch((thrown: unknown) => thrown)
    if (signal.aborted) return
    if (refused instanceof Problem && refused.status < 500) {
      if (refused.status === 401) document.dispatchEvent(new CustomEvent('loglake:signed-out'))
      return
    }
    if (refused !== undefined && !(refused instanceof Problem)) void look()
    pauseMs = performance.now() - begunMs > HELD_MS ? AGAIN_MS : Math.min(pauseMs * 2, SELDOM_MS)
    await new Promise((done) => setTimeout(done, pauseMs))
  }
}

/** One connection. @throws Problem when the server refuses it */
async function follow(signal: AbortSignal): Promise<void> {
  const response = await fetch(`/api/new-versions?after=${known}`, {
    signal,
    headers: { accept: 'text/event-stream' },
    cache: 'no-store',
  })
  if (!response.ok || !response.body) throw await problemOf(response)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    text += value
    const parts = text.split('\n\n')
    text = parts.pop() ?? ''
    for (const part of parts) if (part.startsWith('data: ')) tell(JSON.parse(part.slice(6)) as New)
  }
}

function tell({ version }: New): void {
  if (version <= known) return
  known = version
  set(Date.now())
  // What is not shown is asked again when it is.
  void queries.invalidateQueries({ type: 'inactive', refetchType: 'none' })
}
