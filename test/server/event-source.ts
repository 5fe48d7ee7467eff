/** A client of server-sent events, written from HTML, 9.2.6, as far as a stream of `data` and comments goes. */
export interface EventSourceLike {
  response: Response
  /** Events until now, parsed. */
  events: unknown[]
  comments: number
  /** Resolves when the server ends the stream, rejects when it breaks. */
  ended: Promise<void>
  close(): void
}

/** @param ask `fetch`, or the app's own */
export async function listenTo(
  ask: (init: RequestInit) => Response | Promise<Response>,
  headers: Record<string, string>,
): Promise<EventSourceLike> {
  const closing = new AbortController()
  const response = await ask({
    headers: { ...headers, accept: 'text/event-stream' },
    signal: closing.signal,
  })
  const source: EventSourceLike = {
    response,
    events: [],
    comments: 0,
    ended: Promise.resolve(),
    close: () => closing.abort(),
  }
  if (response.ok) source.ended = read(response, source)
  source.ended.catch(() => undefined)
  return source
}

async function read(response: Response, source: EventSourceLike): Promise<void> {
  let rest = ''
  let data: string[] = []
  for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(
    new TextDecoderStream(),
  )) {
    const lines = (rest + chunk).split(/\r\n|\r|\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith(':')) source.comments++
      else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
      else if (line === '' && data.length > 0) {
        source.events.push(JSON.parse(data.join('\n')))
        data = []
      }
    }
  }
}
