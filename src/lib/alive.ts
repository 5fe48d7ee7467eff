import { systemCode } from './errors.ts'

/** Whether a process of this machine is running. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    // Running, but owned by another user.
    return systemCode(thrown) === 'EPERM'
  }
}
