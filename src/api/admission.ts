import { Problem } from './problem.ts'

/**
 * Who may use DuckDB now. A call of DuckDB's holds a thread of Node's pool as long as it takes, so that files, names and zipping
 * wait behind fifty questions: fewer are let in at once than the pool has threads. Questions may take half of the places, so that
 * pages come through; within a queue each person has their turn, however many one of them asks.
 */
export interface Admission {
  /**
   * Waits for a place.
   *
   * @param signal of the request: its statements, which are asked together, count as one
   * @returns to be called when done
   * @throws Problem 503 when too many wait, or when newer requests of the same person took its place in the queue
   */
  enter(queue: Queue, person: string, signal: AbortSignal): Promise<() => void>
  standing(): { inside: number; waiting: number }
}

export type Queue = 'page' | 'question'

export interface AdmissionLimits {
  /** Calls of DuckDB's at once. */
  places: number
  /** Of them, how many questions may take. */
  questions: number
  /** How many requests of one person wait in a queue; one more ends the oldest of them, with all its statements. */
  perPerson: number
  /** How many statements wait in all. */
  waiting: number
}

interface Waiter {
  request: AbortSignal
  enter(): void
  refuse(why: Problem): void
}

type Lines = Map<string, Waiter[]>

export function admission({ places, questions, perPerson, waiting: most }: AdmissionLimits): Admission {
  // Persons in the order of their turn: who was let in goes to the end.
  const lines: Record<Queue, Lines> = { page: new Map(), question: new Map() }
  const inside = { page: 0, question: 0 }
  let waiting = 0

  function admit(): void {
    for (;;) {
      if (inside.page + inside.question >= places) return
      const waiter = take(lines.page) ?? (inside.question < questions ? take(lines.question) : undefined)
      if (!waiter) return
      waiter.enter()
    }
  }

  function take(queue: Lines): Waiter | undefined {
    const [first] = queue
    if (!first) return undefined
    const [person, line] = first
    const waiter = line.shift()
    queue.delete(person)
    if (line.length > 0) queue.set(person, line)
    waiting--
    return waiter
  }

  function leaveLine(queue: Lines, person: string, waiter: Waiter): void {
    const line = queue.get(person) ?? []
    const at = line.indexOf(waiter)
    if (at < 0) return
    line.splice(at, 1)
    if (line.length === 0) queue.delete(person)
    waiting--
  }

  /** Ends the oldest request of a line that holds more of them than one person may wait with. */
  function shorten(line: readonly Waiter[]): void {
    const [oldest, ...others] = new Set(line.map(({ request }) => request))
    if (others.length < perPerson) return
    for (const waiter of line.filter(({ request }) => request === oldest))
      waiter.refuse(busy('Newer questions of yours came before this one.'))
  }

  return {
    standing: () => ({ inside: inside.page + inside.question, waiting }),
    enter(queue, person, signal) {
      return new Promise((entered, refused) => {
        if (signal.aborted) return refused(signal.reason)
        const leave = once(() => {
          inside[queue]--
          admit()
        })
        const gone = () => {
          leaveLine(lines[queue], person, waiter)
          refused(signal.reason)
        }
        const waiter: Waiter = {
          request: signal,
          enter() {
            signal.removeEventListener('abort', gone)
            inside[queue]++
            entered(leave)
          },
          refuse(why) {
            signal.removeEventListener('abort', gone)
            leaveLine(lines[queue], person, waiter)
            refused(why)
          },
        }
        const line = lines[queue].get(person) ?? []
        if (waiting >= most) return refused(busy('Too many questions are waiting.'))
        line.push(waiter)
        lines[queue].set(person, line)
        waiting++
        signal.addEventListener('abort', gone, { once: true })
        shorten(line)
        admit()
      })
    },
  }
}

const RETRY_SECONDS = 2

function busy(detail: string): Problem {
  return new Problem(503, 'Busy', detail, { retryAfter: RETRY_SECONDS })
}

function once(work: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    work()
  }
}
