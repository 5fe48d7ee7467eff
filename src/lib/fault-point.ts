/**
 * Points at which the fault tests end a real process, before they verify the lake: `LOGLAKE_KILL_AT=<name>`,
 * `<name>:<n>` for the n-th time, `<name>:<n>:SIGTERM` to ask it to end. Without that variable they do
 * nothing. A folder lists its own points in its `steps.ts`, in their order.
 */
const [target, count = '1', signal = 'SIGKILL'] = (process.env.LOGLAKE_KILL_AT ?? '').split(':')
let left = Number(count)

/** The function that marks one of these points. */
export function faultPointOf<Name extends string>(_names: readonly Name[]): (name: Name) => void {
  return (name) => {
    if (name === target && --left === 0) process.kill(process.pid, signal)
  }
}
