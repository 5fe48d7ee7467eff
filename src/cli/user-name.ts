import { userInfo } from 'node:os'

/** The name of the person at this machine, as its system knows it. */
export function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'local'
  }
}
