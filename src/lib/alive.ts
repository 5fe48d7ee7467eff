import { systemCode } from './errors.ts'

/** Whether a process of this machine is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    // Alive, but somebody else's.
    return systemCode(thrown) === 'EPERM'
  }
}
