import { Problem } from './problem.ts'

/**
 * Limits how many statements run in DuckDB at once. Each holds a thread of Node's pool while it runs; without
 * a limit, fifty of them would block file access, name look-ups and compression. Queries take at most half of
 * the places, so that pages still get through. Within a queue people take turns, however many statements one
 * of them sends.
 */
export interface Admission {
  /**
   * Waits for a place.
   *
   * @param signal of the request: all statements of one request share it
   * @returns a function that frees the place
   * @throws Problem 503 when too many wait, or when newer requests of the same person displaced this one
   */
  enter(queue: Queue, person: string, signal: AbortSignal): Promise<() => void>
  standing(): { inside: number; waiting: number }
}

export type Queue = 'page' | 'question'

export interface AdmissionLimits {
  /** Statements that run at once. */
  places: number
  /** The part of these that queries may take. */
  questions: number
  /** Requests of one person that may wait in a queue; one more ends the oldest, with all its statements. */
  perPerson: number
  /** Statements that may wait in all. */
  waiting: number
  /** Questions that were given up and still hold a thread, each of them a place. */
  givenUp?: () => number
}

interface Waiter {
  request: AbortSignal
  enter(): void
  refuse(why: Problem): void
}

type Lines = Map<string, Waiter[]>

/** Time between two looks whether a question that was given up has ended. */
const LOOK_MS = 500

export function admission({
  places,
  questions,
  perPerson,
  waiting: max,
  givenUp = () => 0,
}: AdmissionLimits): Admission {
  // Persons in the order of their turn: who was let in goes to the end.
  const lines: Record<Queue, Lines> = { page: new Map(), question: new Map() }
  const inside = { page: 0, question: 0 }
  let waiting = 0
  let looksLater = false

  function admit(): void {
    for (;;) {
      const held = givenUp()
      if (held >= questions) refuseQuestions()
      const isFull = inside.page + inside.question + held >= places
      const asks = inside.question + held < questions
      const waiter = isFull ? undefined : (take(lines.page) ?? (asks ? take(lines.question) : undefined))
      if (!waiter) {
        if (held > 0 && waiting > 0) lookLater()
        return
      }
      waiter.enter()
    }
  }

  /** What was ended and still runs inside DuckDB may run for ever: whoever waits for its place is told. */
  function refuseQuestions(): void {
    for (const waiter of [...lines.question.values()].flat())
      waiter.refuse(busy('A question that took too long was ended, and DuckDB has not let go of it yet.'))
  }

  function lookLater(): void {
    if (looksLater) return
    looksLater = true
    const look = () => {
      looksLater = false
      admit()
    }
    setTimeout(look, LOOK_MS).unref()
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

  /** Ends the oldest waiting request of a person who has more than `perPerson`. */
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
        if (waiting >= max) return refused(busy('Too many questions are waiting.'))
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
