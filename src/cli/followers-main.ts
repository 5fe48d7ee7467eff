/**
 * The process of the followers of `loglake run`. It is no command: a run starts it, without options, and ends
 * it.
 */
import { endFirst, giveWay } from '../lib/priority.ts'

/**
 * Priority of the followers' threads. Where both want a processor, one of them gets a twentieth of the share
 * of a thread of intake. Measured: at 10 it gets a tenth, and intake loses an eighth of its throughput on two
 * processors; at 15 followers take minutes to start next to a dozen busy processes, at 19 they make no
 * progress.
 */
const NICE = 13

giveWay(NICE)
endFirst()
// Loading the rest of the program is the first work that gives way.
const [{ followForParent }, { allFollowed }, { openLocation }, { version }, output] = await Promise.all([
  import('../run/followers-child.ts'),
  import('../workspace/followed.ts'),
  import('../workspace/open.ts'),
  import('./version.ts'),
  import('./show/output.ts'),
])
output.leaveQuietly()
output.keepToOurselves()
await followForParent(async (place) => {
  const opened = openLocation(place)
  return { lake: opened.lake, followed: await allFollowed(opened, version()) }
})
