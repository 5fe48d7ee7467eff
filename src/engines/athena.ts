/**
 * Athena: starts a statement, polls until it has ended, and reads its result page by page. The bytes that a
 * query has read are known while it runs, and determine its cost.
 * https://docs.aws.amazon.com/athena/latest/APIReference/
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Athena } from '../aws/athena.ts'
import { awsError } from '../aws/errors.ts'
import { LakeError, UserError } from '../lib/errors.ts'
import type { RemoteAnswer, RemoteAsking, RemoteEngine, RemoteStatistics, RemoteValue } from './contract.ts'

export interface AthenaSettings {
  workgroup: string
  database: string
  catalog: string
  output?: string | undefined
}

/**
 * 5 US dollars for a terabyte (10^12 bytes) that a query reads, in most Regions; each query pays for at least
 * 10 MB. https://aws.amazon.com/athena/pricing/, read on 2026-11-29. Other Regions may differ.
 */
const USD_PER_TB = 5
const LEAST_PAID = 10_000_000

const FIRST_LOOK_MS = 150
const LONGEST_LOOK_MS = 2_000
const PAGE = 1000

function usdOf(bytes: number): number {
  return bytes === 0 ? 0 : (Math.max(bytes, LEAST_PAID) / 1e12) * USD_PER_TB
}

/** The bytes that can be read for an amount of money. */
export function bytesFor(usd: number): number {
  return Math.floor((usd / USD_PER_TB) * 1e12)
}

export function athenaEngine(
  athena: Athena,
  { workgroup, database, catalog, output }: AthenaSettings,
): RemoteEngine {
  const place = `athena:${workgroup}`

  async function ask(
    sql: string,
    { signal, maxBytes, onProgress }: RemoteAsking = {},
  ): Promise<RemoteAnswer> {
    const { QueryExecutionId: id } = await athena
      .startQueryExecution({
        QueryString: sql,
        WorkGroup: workgroup,
        QueryExecutionContext: { Database: database, Catalog: catalog },
        ...(output === undefined ? {} : { ResultConfiguration: { OutputLocation: output } }),
      })
      .catch((thrown) => {
        throw awsError('start the question', place, thrown)
      })
    if (id === undefined)
      throw new LakeError('Athena gave the query no id', { file: place, remedy: 'run again' })
    let told: RemoteStatistics = { id, scannedBytes: 0, ms: 0, usd: 0 }
    const stop = () => athena.stopQueryExecution({ QueryExecutionId: id }).catch(() => undefined)
    const stopped = async (why: string): Promise<never> => {
      await stop()
      throw new UserError(why)
    }

    for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(LONGEST_LOOK_MS, lookMs * 1.5)) {
      if (signal?.aborted) await stopped('the question was cancelled')
      const { QueryExecution: now } = await athena
        .getQueryExecution({ QueryExecutionId: id })
        .catch(async (thrown) => {
          await stop()
          throw awsError('ask for the question', `${place}/${id}`, thrown)
        })
      const { DataScannedInBytes: scannedBytes = 0, TotalExecutionTimeInMillis: ms = 0 } =
        now?.Statistics ?? {}
      told = { id, scannedBytes, ms, usd: usdOf(scannedBytes) }
      onProgress?.(told)
      const { State: state, StateChangeReason: reason } = now?.Status ?? {}
      if (state === 'SUCCEEDED') break
      if (state === 'FAILED') throw new UserError(`Athena: ${reason ?? 'it failed, and no reason is given'}`)
      if (state === 'CANCELLED')
        throw new UserError(reason ? `Athena ended the question: ${reason}` : 'the question was cancelled')
      if (maxBytes !== undefined && scannedBytes > maxBytes)
        await stopped(
          `the question was ended: it has read ${scannedBytes} bytes, and ${maxBytes} are the most that it may (--max-bytes, --max-usd)`,
        )
      await wait(lookMs, undefined, signal ? { signal } : {}).catch(() => undefined)
    }

    const page = (NextToken?: string) =>
      athena
        .getQueryResults({ QueryExecutionId: id, MaxResults: PAGE, ...(NextToken ? { NextToken } : {}) })
        .catch((thrown) => {
          throw awsError('read the answer', `${place}/${id}`, thrown)
        })
    const first = await page()
    const info = first.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []
    const columns = info.map(({ Name }) => String(Name))

    async function* rows(): AsyncGenerator<readonly RemoteValue[]> {
      // The first row of a SELECT's first page has the names.
      let skip = isHeader(first.ResultSet?.Rows?.[0]?.Data, columns) ? 1 : 0
      for (let now = first; ; ) {
        for (const { Data } of now.ResultSet?.Rows?.slice(skip) ?? [])
          yield columns.map((_, at) => Data?.[at]?.VarCharValue ?? null)
        skip = 0
        if (!now.NextToken) return
        if (signal?.aborted) throw new UserError('the question was cancelled')
        now = await page(now.NextToken)
      }
    }
    return {
      columns,
      types: info.map(({ Type }) => String(Type)),
      rows: rows(),
      statistics: () => told,
    }
  }

  return { name: 'athena', dialect: 'trino', ask }
}

function isHeader(
  data: { VarCharValue?: string | undefined }[] | undefined,
  columns: readonly string[],
): boolean {
  return data !== undefined && columns.every((name, at) => data[at]?.VarCharValue === name)
}
