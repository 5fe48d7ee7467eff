import type { Events } from '../api/contract.ts'

/** Proxies close a connection that is silent for a minute; and so soon a session that has ended is seen. */
const HEARTBEAT_MS = 15_000

const HEARTBEAT = Buffer.from(':\n\n')

/**
 * Events as `text/event-stream`, with a comment now and then that keeps the connection open. The stream ends
 * when the events do, when the client leaves or takes nothing any more, and when the person's session ends.
 *
 * Source: HTML, 9.2 Server-sent events.
 */
export function eventStream(
  { events, leave }: Events,
  isSignedIn: () => Promise<boolean>,
  heartbeatMs = HEARTBEAT_MS,
): ReadableStream<Uint8Array> {
  let heart: NodeJS.Timeout
  let hasEnded = false
  const end = () => {
    hasEnded = true
    clearInterval(heart)
    leave()
  }
  return new ReadableStream<Uint8Array>({
    start(controller) {
      // A proxy passes a first byte on at once, and with it the answer's head.
      controller.enqueue(HEARTBEAT)
      heart = setInterval(async () => {
        const isHere = await isSignedIn().catch(() => false)
        if (hasEnded) return
        if (!isHere || (controller.desiredSize ?? 0) < -MOST_UNREAD) end()
        else controller.enqueue(HEARTBEAT)
      }, heartbeatMs)
      void send(events, controller, end)
    },
    cancel: end,
  })
}

/** Chunks that a client may leave unread. */
const MOST_UNREAD = 8

async function send(
  events: AsyncIterable<unknown>,
  controller: ReadableStreamDefaultController<Uint8Array>,
  end: () => void,
): Promise<void> {
  try {
    for await (const event of events) controller.enqueue(Buffer.from(`data: ${JSON.stringify(event)}\n\n`))
    end()
    controller.close()
  } catch (thrown) {
    end()
    controller.error(thrown)
  }
}
