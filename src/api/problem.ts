import { sentence } from '../lib/errors.ts'

/** Why an operation failed. The HTTP status is the kind of failure; the detail says what to do. */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 503
  readonly title: string
  /** Seconds after which to try again. */
  readonly retryAfter: number | undefined
  /** Further machine-readable details, such as the invalid fields. */
  readonly more: Record<string, unknown>

  constructor(
    status: Problem['status'],
    title: string,
    detail: string,
    { retryAfter, cause, ...more }: { retryAfter?: number; cause?: unknown } & Record<string, unknown> = {},
  ) {
    super(detail, { cause })
    this.status = status
    this.title = title
    this.retryAfter = retryAfter
    this.more = more
  }
}

/** The same for a missing thing and for one that the reader may not see. */
export function notFound(): Problem {
  return new Problem(404, 'Not found', 'There is nothing here that you may see.')
}

export function notAllowed(role: string, needs: string): Problem {
  return new Problem(403, 'Not allowed', `The role ${role} may not do this: ${needs.replace(/\.$/, '')}.`)
}

/** RFC 9457 in `application/problem+json`. */
export function problemBody(problem: Problem, requestId: string): Record<string, unknown> {
  const { status, title, message, more } = problem
  return { type: 'about:blank', title, status, detail: message, instance: `urn:uuid:${requestId}`, ...more }
}

/** The problem reported for a failure of the server: only where to look. */
export function failure(thrown: unknown): { title: string; detail: string } {
  return { title: 'Failed', detail: `loglake could not answer: ${sentence(thrown).split('\n')[0]}` }
}
