import { readdirSync, writeFileSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'

/**
 * Lets other processes go first where processors are short, from now on; `nice` is from 0 to 19.
 *
 * Linux has a priority for each thread: existing threads get it here, and later ones inherit it from the
 * thread that starts them.
 */
export function giveWay(nice: number): void {
  for (const thread of threads()) {
    try {
      if (getPriority(thread) < nice) setPriority(thread, nice)
    } catch {
      // A thread may have ended meanwhile; and a system without priorities is no reason not to work.
    }
  }
}

/**
 * Where memory is short, the system ends this process before others that take as much; on Linux, and silently
 * nowhere else.
 */
export function endFirst(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '800')
  } catch {
    // No such file, or not ours to write: then it is as likely to be ended as any other.
  }
}

function threads(): number[] {
  // 0 is the process that asks.
  if (process.platform !== 'linux') return [0]
  try {
    return readdirSync('/proc/self/task').map(Number)
  } catch {
    return [0]
  }
}
