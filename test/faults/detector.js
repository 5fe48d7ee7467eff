// A process that looks for findings in a lake, as the built library does it: what the fault tests kill.
//   node test/faults/detector.js '{"lake": DIR, "turnBytes": 1}'
// Its last line on stdout is {"turns": ...} or {"error": ...}.
import { catchUp, followers, followerTables, lakeTables, localStorage, openLake } from 'loglake'

const { lake, turnBytes } = JSON.parse(process.argv[2])
const follower = followers.find(({ name }) => name === 'detect')
process.stdout.write('ready\n')
try {
  const turns = await catchUp(openLake(localStorage(lake), [...lakeTables, ...followerTables]), follower, {
    limits: { threads: 1, memory: '256MiB' },
    turnBytes,
  })
  process.stdout.write(`${JSON.stringify({ turns })}\n`)
} catch (thrown) {
  process.stdout.write(`${JSON.stringify({ error: { name: thrown.name, message: thrown.message } })}\n`)
  process.exitCode = 1
}
