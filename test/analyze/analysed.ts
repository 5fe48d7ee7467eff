import { begin, prepare } from '../../src/analyze/run/begin.ts'
import type { Deps } from '../../src/analyze/run/deps.ts'
import { type Ended, goOn } from '../../src/analyze/run/go-on.ts'
import { analyzeSection } from '../../src/analyze/settings.ts'
import type { Lake } from '../../src/lake/lake.ts'
import { openBatch } from '../../src/model/batch.ts'
import { openModel } from '../../src/model/model.ts'
import { modelSection } from '../../src/model/settings.ts'
import { openQueryEngine } from '../../src/query/question.ts'
import { SINCE, UNTIL, WORKER } from './corpus.ts'
import type { StandIn } from './stand-in.ts'

export const MODEL = 'anthropic.claude-3-haiku-20240307-v1:0'
export const ROLE = 'arn:aws:iam::123456789012:role/loglake-batch'

export interface How {
  batch?: boolean
  body?: 'Converse' | 'InvokeModel'
  model?: boolean
  settings?: object
  maxUsd?: number
  run?: string
  selection?: object
}

/** Credentials that nobody checks, and nothing of the machine's own. */
export function pretend(): void {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE000000000',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
  })
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_BEARER_TOKEN_BEDROCK', 'AWS_ENDPOINT_URL'])
    delete process.env[name]
}

/** What an analysis works with, against a stand-in. */
export async function depsFor(
  lake: Lake,
  standIn: StandIn,
  { batch = true, body = 'Converse', model = true, settings = {}, maxUsd }: How = {},
): Promise<Deps & { said: string[]; close(): void }> {
  const identity = { endpoint: standIn.endpoint, region: 'eu-central-1' }
  const place = 's3://logs/loglake-analysis'
  const chosen = analyzeSection().parse({
    batch: { role: ROLE, place, model: MODEL, body, identity, poll_seconds: 1 },
    ...settings,
  })
  const queryEngine = await openQueryEngine(lake, { limits: { threads: 1, memory: '256MiB' } })
  const said: string[] = []
  const opened = batch
    ? openBatch({ model: MODEL, role: ROLE, place, body, timeoutHours: 24, identity })
    : undefined
  return {
    lake,
    queryEngine,
    settings: chosen,
    own: { roles: [WORKER, ROLE], jobs: 'loglake-', places: ['logs/loglake-analysis'] },
    model: model
      ? await openModel(modelSection().parse({ provider: 'bedrock', id: MODEL, identity }), { pauseMs: 1 })
      : undefined,
    batch: opened,
    price: { input: 0.25, output: 1.25, source: 'a test', batch: 0.5 },
    maxUsd,
    // Nobody waits for the clock.
    jobChanged: async () => undefined,
    send: new Map(),
    say: (sentence) => {
      said.push(sentence)
    },
    signal: new AbortController().signal,
    said,
    close() {
      opened?.close()
      queryEngine.close()
    },
  }
}

/** An analysis of the planted day, from its beginning to its end. */
export async function analysed(
  lake: Lake,
  standIn: StandIn,
  how: How = {},
): Promise<Ended & { run: string; said: string[] }> {
  const deps = await depsFor(lake, standIn, how)
  try {
    const prepared = await prepare(deps, { since: SINCE, until: UNTIL, ...how.selection }, how.run)
    await begin(deps, prepared, [])
    return { ...(await goOn(deps, prepared.run)), run: prepared.run, said: deps.said }
  } finally {
    deps.close()
  }
}
