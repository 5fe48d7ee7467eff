import type { Hono, Context as Http } from 'hono'
import type { Reader } from '../../query/reader.ts'
import type { Carried } from '../routes.ts'

/** A way of signing in to this server. */
export interface Auth {
  /** Its own paths, such as those for signing in and out. */
  mount(app: Hono<Carried>): void
  /** @throws Problem 401 when nobody is signed in, 403 when the request comes from a page of another site */
  readerOf(http: Http<Carried>): Promise<Reader>
  /**
   * Whether the person of a request that is still being answered is still signed in. It reads no rows, and
   * does not prolong their session.
   */
  isSignedIn(http: Http<Carried>): Promise<boolean>
  /** The address that a request came from. */
  addressOf(http: Http<Carried>): string | null
  /** Whether browsers reach the server over TLS. */
  secure(): boolean
}
