import { existsSync, statSync } from 'node:fs'
import { detect } from '../../detect/follower.ts'
import { ruleCalled } from '../../detect/named.ts'
import { finding } from '../../detect/tables.ts'
import { trial } from '../../follow/trial.ts'
import { detectedTables } from '../../followers/index.ts'
import { UserError } from '../../lib/errors.ts'
import { literal } from '../../lib/sql.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import { followOptions } from '../../workspace/following.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { detectSettings } from '../../workspace/logtypes.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { align, counted } from '../show/layout.ts'
import { note, paint, print } from '../show/output.ts'
import { answered } from './asked.ts'
import { linted } from './files.ts'

interface Options extends CommonOptions {
  since?: string
  until?: string
  json?: boolean
}

interface Sum {
  findings: number
  rows: number
  first: string
  last: string
}

/** Compares what rules would have found in the lake with their findings; changes nothing. */
export async function backtest(name: string, { since, until, json, ...options }: Options): Promise<void> {
  const { lake, config, definitions } = await openExisting(options)
  const settings = detectSettings(config, definitions)
  const isFile = existsSync(name) && statSync(name).isFile()
  const given = isFile ? await linted([name], settings) : undefined
  const rules = given?.rules.filter(({ reports }) => reports) ?? [ruleCalled(name, settings)]
  for (const { file, line, kind, message } of given?.faults ?? [])
    note(`${kind}: ${visible(file)}:${line}: ${visible(message)}`)
  if (rules.length === 0)
    throw new UserError(`${visible(name)} has no rule that can run: see \`loglake rules lint\``)
  const follower = detect({
    tables: detectedTables(settings),
    settings: isFile ? { ...settings, files: [name] } : settings,
    only: rules.map(({ id }) => id),
    again: true,
  })
  const before = await proofs()
  const sums = new Map<string, Sum>()
  const fresh = new Map<string, number>()
  let rows = 0
  const failures: string[] = []
  for await (const tried of trial(lake, follower.replayed ?? follower, {
    ...followOptions(config.values),
    span: { since, until },
  })) {
    rows += tried.rows
    const found = await tried.engine.rows(
      `select rule, count(*), sum(evidence_rows)::bigint, min(time)::varchar, max(time)::varchar
       from (${tried.work.rows[finding.name]}) group by rule`,
    )
    for (const [rule, count, proof, first, last] of found) {
      const sum = sums.get(String(rule))
      sums.set(String(rule), {
        findings: (sum?.findings ?? 0) + Number(count),
        rows: (sum?.rows ?? 0) + Number(proof),
        first: sum?.first ?? String(first),
        last: String(last),
      })
    }
    for (const [rule, proof] of await tried.engine.rows(
      `select rule, md5(evidence::varchar) from (${tried.work.rows[finding.name]})`,
    ))
      if (!before.has(`${rule} ${proof}`)) fresh.set(String(rule), (fresh.get(String(rule)) ?? 0) + 1)
    const failed = tried.work.rows.rule_failure
    if (failed)
      for (const [error] of await tried.engine.rows(`select error from (${failed})`))
        failures.push(String(error))
  }
  const { rows: made } = await answered(
    lake,
    'select rule, count(*) from finding group by rule',
    {},
    limitsOf(config.values.query),
  )
  const found = new Map(made.map(([rule, count]) => [String(rule), Number(count)]))
  const all = rules.map(({ id, title, level }) => ({
    rule: id,
    title,
    level,
    would_find: sums.get(id)?.findings ?? 0,
    found: found.get(id) ?? 0,
    new: fresh.get(id) ?? 0,
    proof_rows: sums.get(id)?.rows ?? 0,
    first: sums.get(id)?.first ?? null,
    last: sums.get(id)?.last ?? null,
  }))
  if (json) return await print(`${JSON.stringify({ rows, rules: all, failures }, null, 2)}\n`)
  const { bold } = paint(process.stdout)
  const lines = align([
    [
      bold('rule'),
      bold('level'),
      { right: bold('would find') },
      { right: bold('found so far') },
      { right: bold('new') },
      { right: bold('rows') },
    ],
    ...all.map((one) => [
      visible(one.title),
      one.level,
      { right: grouped(one.would_find) },
      { right: grouped(one.found) },
      { right: grouped(one.new) },
      { right: grouped(one.proof_rows) },
    ]),
  ])
  await print(`${lines.join('\n')}\n${counted(rows, 'row')} looked at; nothing was changed\n`)
  for (const error of failures) await print(`could not run: ${visible(error)}\n`)

  /**
   * The rows that prove the findings which there are, of these rules: a changed rule may find them once more.
   */
  async function proofs(): Promise<ReadonlySet<string>> {
    const { rows: known } = await answered(
      lake,
      `select rule, md5(evidence::varchar) from finding where rule in (${rules.map(({ id }) => literal(id)).join(', ')})`,
      {},
      limitsOf(config.values.query),
    )
    return new Set(known.map(([rule, proof]) => `${rule} ${proof}`))
  }
}
