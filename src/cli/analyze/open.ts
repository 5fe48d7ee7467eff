import { type Price, priceOf } from '../../analyze/cost.ts'
import { readOf } from '../../analyze/read.ts'
import type { Report } from '../../analyze/report/contract.ts'
import { reportPage } from '../../analyze/report/report-page.ts'
import type { Deps } from '../../analyze/run/deps.ts'
import { identityWith, regionOf } from '../../aws/identity.ts'
import { openBatch } from '../../model/batch.ts'
import { openModel } from '../../model/model.ts'
import type { ModelSettings } from '../../model/settings.ts'
import { openQueryEngine, type QueryEngine } from '../../query/question.ts'
import { limitsOf } from '../../workspace/limits.ts'
import type { Opened } from '../../workspace/open.ts'
import { viewsOf } from '../../workspace/views.ts'
import { ownOf } from './selected.ts'
import { checkDestinations, type PageFormat, pageText, sendTo } from './send.ts'

export interface OpenOptions {
  to: readonly string[]
  format: PageFormat
  maxUsd: number | undefined
  signal: AbortSignal
  say(sentence: string): void
  jobChanged?: Deps['jobChanged']
}

/** Opens what an analysis needs. Close it in the end. */
export async function openAnalysis(
  opened: Opened,
  { to, format, maxUsd, signal, say, jobChanged }: OpenOptions,
): Promise<Deps & { close(): void }> {
  const { lake, config } = opened
  const { analyze, model, query } = config.values
  checkDestinations(config.values, to)
  const queryEngine = await openQueryEngine(lake, { limits: limitsOf(query), views: viewsOf(config) })
  try {
    const { batch } = analyze
    const asked = onDemand(model, analyze.batch)
    const batchModel = batch?.model ?? model.id
    const price = await knownPrice(queryEngine, opened)
    return {
      lake,
      queryEngine,
      settings: analyze,
      own: ownOf(analyze),
      model: asked ? await openModel(asked) : undefined,
      batch:
        batch && batchModel !== undefined
          ? openBatch({
              model: batchModel,
              role: batch.role,
              place: batch.place,
              body: batch.body,
              timeoutHours: batch.timeout_hours,
              kmsKey: batch.kms_key,
              least: batch.least_records,
              identity: identityWith(batch.identity, model.identity),
            })
          : undefined,
      price,
      maxUsd: maxUsd ?? analyze.max_usd,
      ...(jobChanged ? { jobChanged } : {}),
      send: new Map(
        to.map((name) => [
          name,
          (report: Report) => sendTo(config.values, name, outgoing(report, format, analyze.link), signal),
        ]),
      ),
      say,
      signal,
      close: () => queryEngine.close(),
    }
  } catch (thrown) {
    queryEngine.close()
    throw thrown
  }
}

/** The model for single requests: the configured one, else that of the batches. */
function onDemand(
  model: ModelSettings,
  batch: Opened['config']['values']['analyze']['batch'],
): ModelSettings | undefined {
  if (model.provider !== undefined) return model
  const id = model.id ?? batch?.model
  return batch && id !== undefined
    ? { ...model, provider: 'bedrock', id, identity: identityWith(batch.identity, model.identity) }
    : undefined
}

async function knownPrice(queryEngine: QueryEngine, { lake, config }: Opened): Promise<Price | undefined> {
  const { model, analyze } = config.values
  const discount = analyze.batch?.discount ?? 1
  if (model.prices) return { ...model.prices, source: 'model.prices in loglake.yaml', batch: discount }
  const id = analyze.batch?.model ?? model.id
  if (id === undefined || (model.provider !== undefined && model.provider !== 'bedrock')) return undefined
  const region = regionOf(identityWith(analyze.batch?.identity, model.identity))
  return await priceOf(readOf(queryEngine, await lake.newest()), id, region, discount)
}

function outgoing(report: Report, format: PageFormat, link: string | undefined) {
  const page = reportPage(report)
  const [first] = report.findings
  const place = link?.replaceAll('{run}', report.run)
  const more = place === undefined ? `loglake analyze show ${report.run}` : place
  return {
    id: report.run,
    table: 'analysis' as const,
    title: page.title,
    severity: first?.severity ?? 'informational',
    text: pageText(page, report, format),
    short: `${page.title}: ${report.findings.length} findings. The report is too long to be sent; read it here: ${more}`,
  }
}
