import { sql } from '../../lib/sql.ts'
import { baselineSeen } from '../tables.ts'
import type { Part } from './contract.ts'
import { rowsInto, seenIn, whoDid } from './rows.ts'

const TABLE = 'cloudtrail'
const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)
const RULE = 'model-artefact-replaced'

/** Model files that another principal wrote to after a model had been created from them. */
export const artefacts: Part = {
  table: TABLE,
  rules: [RULE],
  async *find(round) {
    const { engine, rows, changes } = round
    const models = await round.rowsOf('CreateModel', 'CreateModelPackage')
    await engine.run(sql(url('baseline-artefacts'), { rows: models }))
    const rule = round.rule(RULE)
    if (!rule) return
    const seen = await changes.whole(baselineSeen)
    const [known] = await engine.rows(
      `select 1 from baselines_artefacts union all select 1 from ${seen} where kind = 'model-artefact' limit 1`,
    )
    // Stop early: most turns have writes to S3, and most lakes no model files.
    if (!known) return
    for await (const values of rowsInto(round, sql(url('baseline-replaced'), { rows, seen }))) {
      const [
        account,
        who = '',
        resource = '',
        time = '',
        id = '',
        actor,
        region,
        namedTime = '',
        namedId = '',
      ] = values
      yield {
        rule,
        time,
        table: TABLE,
        rows: [
          { table: TABLE, id: namedId, time: namedTime },
          { table: TABLE, id, time },
        ],
        count: 2,
        key: JSON.stringify([account, id, resource]),
        ...whoDid({ actor: actor || who, account, region, resource }),
        matched: [{ field: 'requestParameters.key', column: 'requestparameters', value: resource }],
      }
    }
  },
  remembers: { [baselineSeen.name]: seenIn('baselines_artefacts', "'model-artefact'") },
}
