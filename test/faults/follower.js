// A process that follows a lake with a made-up follower, as the built library does it: what the fault tests kill.
//   node test/faults/follower.js '{"lake": DIR, "turnBytes": 1}'
// Its last line on stdout is {"turns": ...} or {"error": ...}.
import { catchUp, lakeTables, localStorage, logTables, openLake } from 'loglake'

const { lake, turnBytes } = JSON.parse(process.argv[2])
const [source] = logTables.filter(({ name }) => name === 'cloudtrail')
const columns = source.columns.filter(({ name }) => ['eventid', 'eventtime', 'lake_day'].includes(name))
const seen = {
  name: 'seen',
  doc: 'One row per event that was seen.',
  columns,
  derived: true,
  overwritten: true,
}

const follower = {
  name: 'witness',
  doc: 'Notes every event.',
  tables: [source],
  writes: [seen],
  again: 'rebuild',
  async work({ added, end }) {
    return {
      rows: { seen: `select eventid, eventtime, lake_day from ${added.get('cloudtrail').rows}` },
      cursor: end,
    }
  },
}

process.stdout.write('ready\n')
try {
  const turns = await catchUp(openLake(localStorage(lake), [...lakeTables, seen]), follower, {
    limits: { threads: 1, memory: '128MiB' },
    turnBytes,
  })
  process.stdout.write(`${JSON.stringify({ turns })}\n`)
} catch (thrown) {
  process.stdout.write(`${JSON.stringify({ error: { name: thrown.name, message: thrown.message } })}\n`)
  process.exitCode = 1
}
