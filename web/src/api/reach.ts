/**
 * Whether the server answers. The first request that gets no answer says so to everybody who listens; from
 * then on the page asks the server alone, until it answers again.
 */

/** No answer: the server is down or starting again, a proxy has no server behind it, or the network is down. */
export class Unreachable extends Error {
  constructor(options?: ErrorOptions) {
    super('The server does not answer. It may be starting again, or the network is down', options)
    this.name = 'Unreachable'
  }
}

const AGAIN_MS = 2_000
/** How often a page that asks for nothing looks whether the server is still there. */
const LOOK_MS = 15_000

let away = false
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

export function isAway(): boolean {
  return away
}

/** Calls at every change; gives the function that ends it. */
export function onReach(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) timer = setTimeout(look, LOOK_MS)
  return () => {
    listeners.delete(listener)
  }
}

function tell(next: boolean): void {
  if (away === next) return
  away = next
  clearTimeout(timer)
  timer = setTimeout(look, away ? AGAIN_MS : LOOK_MS)
  for (const listener of listeners) listener()
}

/** Asks the server whether it is there. */
export async function look(): Promise<boolean> {
  clearTimeout(timer)
  const is = document.visibilityState === 'hidden' && !away ? true : await answers()
  tell(!is)
  clearTimeout(timer)
  timer = setTimeout(look, is ? LOOK_MS : AGAIN_MS)
  return is
}

async function answers(): Promise<boolean> {
  try {
    return (await fetch('/healthz', { cache: 'no-store' })).ok
  } catch {
    return false
  }
}

/** `fetch` of the server. @throws Unreachable when it gives no answer */
export async function reach(url: string, options: RequestInit = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, options)
  } catch (error) {
    throw notReached(error)
  }
  // A proxy answers for a server that is not there, and not in the form of our own errors.
  const isProxy = [502, 503, 504].includes(response.status)
  if (isProxy && !/json/.test(response.headers.get('content-type') ?? '')) throw notReached(response.status)
  tell(false)
  return response
}

/** What a request threw, or broke off with, as an error in words; a request that was cancelled stays one. */
export function notReached(thrown: unknown): unknown {
  if ((thrown as Error)?.name === 'AbortError') return thrown
  tell(true)
  return new Unreachable({ cause: thrown })
}
