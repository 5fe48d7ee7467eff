import { type Price, priceOf } from '../../analyze/cost.ts'
import { readOf } from '../../analyze/read.ts'
import type { Report } from '../../analyze/report/contract.ts'
import { reportPage } from '../../analyze/report/report-page.ts'
import type { Deps } from '../../analyze/run/deps.ts'
import { regionOf } from '../../aws/identity.ts'
import { openBatch } from '../../model/batch.ts'
import { openModel } from '../../model/model.ts'
import type { ModelSettings } from '../../model/settings.ts'
import { type Desk, openDesk } from '../../query/question.ts'
import { limitsOf } from '../../workspace/limits.ts'
import type { Opened } from '../../workspace/open.ts'
import { viewsOf } from '../../workspace/views.ts'
import { ownOf } from './selected.ts'
import { checkPlaces, type PageFormat, pageText, sendTo } from './send.ts'

export interface OpenOptions {
  to: readonly string[]
  format: PageFormat
  mostUsd: number | undefined
  signal: AbortSignal
  say(sentence: string): void
  told?: Deps['told']
}

/** Opens all that an analysis works with. Close it in the end. */
export async function openAnalysis(
  opened: Opened,
  { to, format, mostUsd, signal, say, told }: OpenOptions,
): Promise<Deps & { close(): void }> {
  const { lake, config } = opened
  const { analyze, model, query } = config.values
  checkPlaces(config.values, to)
  const desk = await openDesk(lake, { limits: limitsOf(query), views: viewsOf(config) })
  try {
    const { batch } = analyze
    const asked = onDemand(model, analyze.batch)
    const batchModel = batch?.model ?? model.id
    const price = await knownPrice(desk, opened)
    return {
      lake,
      desk,
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
              identity: batch.identity,
            })
          : undefined,
      price,
      mostUsd: mostUsd ?? analyze.max_usd,
      ...(told ? { told } : {}),
      send: new Map(
        to.map((name) => [
          name,
          (report: Report) => sendTo(config.values, name, outgoing(report, format, analyze.link), signal),
        ]),
      ),
      say,
      signal,
      close: () => desk.close(),
    }
  } catch (thrown) {
    desk.close()
    throw thrown
  }
}

/** What is asked on demand: the model of the configuration, else that of the batches. */
function onDemand(
  model: ModelSettings,
  batch: Opened['config']['values']['analyze']['batch'],
): ModelSettings | undefined {
  if (model.provider !== undefined) return model
  const id = model.id ?? batch?.model
  return batch && id !== undefined
    ? { ...model, provider: 'bedrock', id, identity: batch.identity }
    : undefined
}

async function knownPrice(desk: Desk, { lake, config }: Opened): Promise<Price | undefined> {
  const { model, analyze } = config.values
  const discount = analyze.batch?.discount ?? 1
  if (model.prices) return { ...model.prices, source: 'model.prices in loglake.yaml', batch: discount }
  const id = analyze.batch?.model ?? model.id
  if (id === undefined || (model.provider !== undefined && model.provider !== 'bedrock')) return undefined
  const region = regionOf(analyze.batch?.identity ?? model.identity)
  return await priceOf(readOf(desk, await lake.newest()), id, region, discount)
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
