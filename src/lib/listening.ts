import { sentence, systemCode, UserError } from './errors.ts'

/**
 * Why a port could not be listened on.
 *
 * @param settings where another port is set, as in `--port`
 */
export function listenError(thrown: unknown, host: string, port: number, settings: string): UserError {
  const code = systemCode(thrown)
  const cause = thrown
  if (code === 'EADDRINUSE')
    return new UserError(`port ${port} of ${host} is taken: set another with ${settings}`, { cause })
  if (code === 'EACCES')
    return new UserError(
      `not allowed to listen on port ${port} of ${host}: set one above 1023 with ${settings}`,
      { cause },
    )
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new UserError(`${host} is no address of this machine: 127.0.0.1 is, and 0.0.0.0 is all of them`, {
      cause,
    })
  return new UserError(`cannot listen on port ${port} of ${host}: ${sentence(thrown)}`, { cause })
}
