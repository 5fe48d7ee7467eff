import type { Hono, Context as Http } from 'hono'
import type { Reader } from '../../query/reader.ts'
import type { Carried } from '../routes.ts'

/** How people sign in to this server. */
export interface Auth {
  /** Paths of its own, as for signing in and out. */
  mount(app: Hono<Carried>): void
  /** @throws Problem 401 when nobody is signed in, 403 when it comes from a page that is not ours */
  readerOf(http: Http<Carried>): Promise<Reader>
  /** The address that a request came from. */
  addressOf(http: Http<Carried>): string | null
  /** Whether browsers reach us over TLS. */
  secure(): boolean
}
