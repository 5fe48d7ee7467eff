/** The process of the followers of `loglake run`, which starts it. No command: it takes no options, and ends with that run. */
import { endFirst, giveWay } from '../lib/priority.ts'

/**
 * A thread has a twentieth of the share of one of intake's where both want a processor. With 10 it had a tenth, and intake lost an eighth of
 * its throughput on two processors; with less, strangers on the same machine would starve followers: at 15 they took minutes to start beside
 * a dozen busy processes, at 19 they stood still.
 */
const NICE = 13

giveWay(NICE)
endFirst()
// Loading the rest of the program is the first work that gives way.
const [{ followForParent }, { allFollowed }, { openLocation }, { version }, output] = await Promise.all([
  import('../run/followers-child.ts'),
  import('../workspace/followed.ts'),
  import('../workspace/open.ts'),
  import('./program.ts'),
  import('./show/output.ts'),
])
output.leaveQuietly()
output.keepToOurselves()
await followForParent(async (place) => {
  const opened = openLocation(place)
  return { lake: opened.lake, followed: await allFollowed(opened, version()) }
})
