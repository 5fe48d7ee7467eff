/** A child: a log type's corpus by DuckDB alone, with `sql/<type>-by-hand.sql`. */
import { quoted, runByHand } from './by-hand.ts'
import { report } from './measure.ts'

const [type = '', corpus = '', target = '', threads = '0'] = process.argv.slice(2)
const { connection, bytes, seconds, since } = await runByHand(type, { corpus, target, threads })
const rows = await connection.runAndReadAll(`select count(*)::integer as rows from ${quoted(target)}`)
report({ rows: Number(rows.getRows()[0]?.[0]), bytes }, seconds, since)
