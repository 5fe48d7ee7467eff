/** `--engine`: runs a question in another engine that reads the same tables. */
import { type Command, Option } from 'commander'
import { athenaOf } from '../aws/athena.ts'
import { awsClients } from '../aws/clients.ts'
import type { Config } from '../config/config.ts'
import { athenaEngine, bytesFor } from '../engines/athena.ts'
import type { RemoteEngine, RemoteStatistics } from '../engines/contract.ts'
import { asOwnAnswer } from '../engines/local.ts'
import { trinoEngine } from '../engines/trino.ts'
import type { EngineLimits } from '../lib/duckdb.ts'
import { UserError } from '../lib/errors.ts'
import { keepSecret } from '../lib/secrets.ts'
import { byteSize, progressLine } from '../lib/terminal.ts'
import type { Answer } from '../query/answer.ts'
import { size } from './options.ts'
import { note } from './show/output.ts'

export type EngineName = 'athena' | 'trino'

export interface EngineOptions {
  engine?: EngineName
  maxBytes?: number
  maxUsd?: number
}

export function engineOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--engine <name>', 'ask another engine that reads the tables, in its SQL').choices([
        'athena',
        'trino',
      ]),
    )
    .option('--max-bytes <size>', 'with --engine: end it once it has read so much, as in 10GiB', size)
    .option('--max-usd <amount>', 'with --engine athena: end it once it has cost so much, as in 0.50', amount)
}

function amount(text: string): number {
  if (!/^\d{1,6}(\.\d{1,4})?$/.test(text))
    throw new UserError(`--max-usd ${text}: an amount is wanted, as in 0.50`)
  return Number(text)
}

/**
 * Runs the question, reports on stderr what it read and cost, and writes the answer. Ctrl-C also cancels it
 * in the engine.
 */
export async function askEngine(
  sql: string,
  { engine: name = 'trino', maxBytes, maxUsd }: EngineOptions,
  values: Config,
  limits: EngineLimits,
): Promise<Answer> {
  if (maxUsd !== undefined && name !== 'athena')
    throw new UserError('--max-usd is for athena, which is paid by what it reads: use --max-bytes')
  const { engine, close } = await openEngineOf(name, values)
  const caps = [maxBytes, maxUsd === undefined ? undefined : bytesFor(maxUsd), values.engines[name].max_bytes]
  const given = caps.filter((cap) => cap !== undefined)
  const stop = new AbortController()
  const onSignal = () => stop.abort()
  process.once('SIGINT', onSignal)
  const line = progressLine(process.stderr)
  try {
    const remote = await engine.ask(sql, {
      signal: stop.signal,
      maxBytes: given.length === 0 ? undefined : Math.min(...given),
      onProgress: ({ scannedBytes }) => line.show(`${name}: ${byteSize(scannedBytes)} read`),
    })
    const answer = await asOwnAnswer(remote, limits)
    line.clear()
    note(toldOf(name, remote.statistics()))
    return answer
  } finally {
    line.clear()
    process.off('SIGINT', onSignal)
    close()
  }
}

function toldOf(name: EngineName, { id, scannedBytes, ms, usd }: RemoteStatistics): string {
  const cost = usd === undefined ? '' : `, about $${usd.toFixed(usd < 0.01 ? 5 : 2)}`
  return `${name}: ${byteSize(scannedBytes)} read${cost}, ${(ms / 1000).toFixed(1)} s, ${id}`
}

async function openEngineOf(
  name: EngineName,
  { engines, mirror, storage }: Config,
): Promise<{ engine: RemoteEngine; close(): void }> {
  if (name === 'athena') {
    const { identity, database, ...settings } = engines.athena
    const clients = awsClients(identity ?? storage.identity)
    const where = { ...settings, database: database ?? mirror?.database ?? 'loglake' }
    return { engine: athenaEngine(await athenaOf(clients), where), close: () => clients.close() }
  }
  const {
    url,
    password = process.env.LOGLAKE_TRINO_PASSWORD,
    token = process.env.LOGLAKE_TRINO_TOKEN,
    ...rest
  } = engines.trino
  if (url === undefined)
    throw new UserError('where is Trino? Set `engines.trino.url` in loglake.yaml (docs/engines.md)')
  for (const secret of [password, token]) if (secret) keepSecret(secret)
  if ((password || token) && !url.startsWith('https:'))
    throw new UserError(`engines.trino.url is ${url}: a password or token goes over HTTPS alone`)
  const { max_bytes: _, ...settings } = rest
  const engine = trinoEngine({ ...settings, url, password: password || undefined, token: token || undefined })
  return { engine, close: () => undefined }
}
