import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Objects, objectsInMemory, serveObjects } from './objects.ts'

/** The ten states of a batch job, as Bedrock names them. */
export type State =
  | 'Submitted'
  | 'Validating'
  | 'Scheduled'
  | 'InProgress'
  | 'Stopping'
  | 'Completed'
  | 'PartiallyCompleted'
  | 'Failed'
  | 'Stopped'
  | 'Expired'

/** A record as a job reads it. */
export interface Asked {
  recordId: string
  modelInput: unknown
  /** System and user text, whichever body it came in. */
  system: string
  text: string
}

/** What the model says: text, or an error in its place; undefined leaves the record out. */
export type Answered =
  | { text: string; stop?: string }
  | { error: { errorCode: number; errorMessage: string } }

export interface Script {
  /** The model. */
  answer(asked: Asked, job: number): Answered | undefined
  /** The states that a job goes through, one for each look; it stays in the last. */
  states?(job: number): readonly State[]
  /** Changes the lines of the output before they are written. */
  output?(lines: string[], job: number): string[]
  /** Changes the manifest, or leaves it out. */
  manifest?(manifest: object, job: number): object | string | undefined
  /** What comes in place of the answer to a request; undefined lets it pass. */
  refuse?(
    what: string,
    count: number,
  ): { status: number; type: string; message: string; accepted?: true } | undefined
  least?: number
  /** Names and values of quotas beside that of the least records. */
  quotas?: readonly { QuotaName: string; Value: number }[]
}

export interface Job {
  number: number
  arn: string
  name: string
  token: string
  body: 'InvokeModel' | 'Converse'
  states: readonly State[]
  looks: number
  message: string
  input: string
  output: string
  records: Asked[]
  written: boolean
}

export interface StandIn {
  endpoint: string
  objects: Objects
  /** Every job that was started: a token that comes again starts none. */
  jobs: Job[]
  /** Records that jobs have asked the model, and calls on demand. */
  asked: Asked[]
  onDemand: Asked[]
  /** Requests, by what they ask for. */
  counts: Map<string, number>
  script: Script
  stop(): Promise<void>
}

const ENDS: readonly State[] = ['Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired']
const MODEL = 'Claude 3 Haiku'

/**
 * Bedrock's batches, Converse, Service Quotas and a plain S3 behind one address, as far as an analysis needs them. What it answers is
 * held against botocore's own models in `test/analyze/judge.py`.
 */
export async function startStandIn(script: Script, objects: Objects = objectsInMemory()): Promise<StandIn> {
  const standIn: Omit<StandIn, 'endpoint' | 'stop'> = {
    objects,
    jobs: [],
    asked: [],
    onDemand: [],
    counts: new Map(),
    script,
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      serve(standIn, request, response, Buffer.concat(chunks)).catch((thrown) => {
        fail(response, 500, 'InternalServerException', String(thrown))
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(standIn, {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  })
}

type Inner = Omit<StandIn, 'endpoint' | 'stop'>

async function serve(
  standIn: Inner,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://stand-in')
  const target = String(request.headers['x-amz-target'] ?? '')
  const what = target !== '' ? (target.split('.').at(-1) as string) : operationOf(request.method ?? '', url)
  const count = (standIn.counts.get(what) ?? 0) + 1
  standIn.counts.set(what, count)
  const refused = standIn.script.refuse?.(what, count)
  if (refused && !refused.accepted) return fail(response, refused.status, refused.type, refused.message)
  const json = (value: object, status = 200) => {
    if (refused) return fail(response, refused.status, refused.type, refused.message)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(value))
  }
  if (what === 'ListServiceQuotas') return json(quotas(standIn.script))
  if (what === 'CreateModelInvocationJob')
    return await create(standIn, JSON.parse(body.toString()), json, response)
  if (what === 'GetModelInvocationJob') return await look(standIn, jobIn(url), json, response)
  if (what === 'ListModelInvocationJobs') return json(list(standIn, url))
  if (what === 'StopModelInvocationJob') return json({})
  if (what === 'Converse') return json(converse(standIn, JSON.parse(body.toString())))
  await serveObjects(standIn.objects, request, response, url, body)
}

function operationOf(method: string, url: URL): string {
  const { pathname } = url
  if (method === 'POST' && pathname === '/model-invocation-job') return 'CreateModelInvocationJob'
  if (pathname === '/model-invocation-jobs') return 'ListModelInvocationJobs'
  if (/^\/model-invocation-job\/.+\/stop$/.test(pathname)) return 'StopModelInvocationJob'
  if (pathname.startsWith('/model-invocation-job/')) return 'GetModelInvocationJob'
  if (/^\/model\/.+\/converse$/.test(pathname)) return 'Converse'
  return `${method} object`
}

function fail(response: ServerResponse, status: number, type: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type })
  response.end(JSON.stringify({ message, __type: type }))
}

function quotas({ least = 100, quotas: more = [] }: Script): object {
  const one = (QuotaName: string, Value: number) => ({ ServiceCode: 'bedrock', QuotaName, Value })
  return {
    Quotas: [
      one('Minimum number of records per batch inference job for Claude 3 Sonnet', 1),
      one(`Minimum number of records per batch inference job for ${MODEL}`, least),
      one(`Records per batch inference job for ${MODEL}`, 50_000),
      one(`Records per input file per batch inference job for ${MODEL}`, 50_000),
      ...more.map(({ QuotaName, Value }) => one(QuotaName, Value)),
    ],
  }
}

interface Creation {
  jobName: string
  clientRequestToken?: string
  modelInvocationType?: 'InvokeModel' | 'Converse'
  inputDataConfig: { s3InputDataConfig: { s3Uri: string } }
  outputDataConfig: { s3OutputDataConfig: { s3Uri: string } }
}

async function create(
  standIn: Inner,
  asked: Creation,
  json: (value: object) => void,
  response: ServerResponse,
): Promise<void> {
  const token = asked.clientRequestToken ?? randomBytes(8).toString('hex')
  const known = standIn.jobs.find((job) => job.token === token)
  if (known) return json({ jobArn: known.arn })
  if (standIn.jobs.some((job) => job.name === asked.jobName))
    return fail(response, 409, 'ConflictException', 'a job of that name is there')
  if (!/^[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9+\-.]){0,63}$/.test(asked.jobName))
    return fail(response, 400, 'ValidationException', 'the name of a job')
  const number = standIn.jobs.length + 1
  const states = standIn.script.states?.(number) ?? ['Submitted', 'Validating', 'InProgress', 'Completed']
  standIn.jobs.push({
    number,
    arn: `arn:aws:bedrock:eu-central-1:123456789012:model-invocation-job/${createHash('sha256').update(token).digest('hex').slice(0, 12)}`,
    name: asked.jobName,
    token,
    body: asked.modelInvocationType ?? 'InvokeModel',
    states,
    looks: 0,
    message: '',
    input: asked.inputDataConfig.s3InputDataConfig.s3Uri,
    output: asked.outputDataConfig.s3OutputDataConfig.s3Uri,
    records: [],
    written: false,
  })
  json({ jobArn: standIn.jobs.at(-1)?.arn ?? '' })
}

function jobIn(url: URL): string {
  return decodeURIComponent(url.pathname.split('/').slice(2).join('/'))
}

async function look(
  standIn: Inner,
  id: string,
  json: (value: object) => void,
  response: ServerResponse,
): Promise<void> {
  const job = standIn.jobs.find(({ arn }) => arn === id || arn.endsWith(`/${id}`))
  if (!job) return fail(response, 404, 'ResourceNotFoundException', 'there is no such job')
  let state = job.states[Math.min(job.looks++, job.states.length - 1)] as State
  if (ENDS.includes(state) && !job.written) state = await finish(standIn, job, state)
  json({ ...told(job, state), inputDataConfig: inputOf(job), outputDataConfig: outputOf(job) })
}

/** What all answers tell of a job. */
function told(job: Job, status: State): object {
  return {
    jobArn: job.arn,
    jobName: job.name,
    modelId: 'anthropic.claude-3-haiku-20240307-v1:0',
    roleArn: 'arn:aws:iam::123456789012:role/loglake-batch',
    status,
    ...(job.message === '' ? {} : { message: job.message }),
    submitTime: '2026-01-08T06:00:00Z',
    clientRequestToken: job.token,
    modelInvocationType: job.body,
    totalRecordCount: job.records.length,
    processedRecordCount: job.written ? job.records.length : 0,
    successRecordCount: 0,
    errorRecordCount: 0,
  }
}

const inputOf = (job: Job) => ({ s3InputDataConfig: { s3InputFormat: 'JSONL', s3Uri: job.input } })
const outputOf = (job: Job) => ({ s3OutputDataConfig: { s3Uri: job.output } })

function list(standIn: Inner, url: URL): object {
  const contains = url.searchParams.get('nameContains') ?? ''
  const found = standIn.jobs.filter(({ name }) => name.includes(contains))
  return {
    invocationJobSummaries: found.map((job) => ({
      ...told(job, job.states[Math.min(job.looks, job.states.length - 1)] as State),
      inputDataConfig: inputOf(job),
      outputDataConfig: outputOf(job),
    })),
  }
}

/** A job comes to its end: it reads its records, asks the model, and writes what it got. */
async function finish(standIn: Inner, job: Job, state: State): Promise<State> {
  const { script, objects } = standIn
  const text = (await objects.get(keyOf(job.input)))?.toString() ?? ''
  job.records = text
    .split('\n')
    .filter(Boolean)
    .map((line) => askedIn(JSON.parse(line)))
  job.written = true
  if (job.records.length < (script.least ?? 100)) {
    job.message = `the minimum number of records is ${script.least ?? 100}, and there are ${job.records.length}`
    return setEnd(job, 'Failed')
  }
  if (state === 'Failed') {
    job.message = 'the job failed'
    return state
  }
  const lines: string[] = []
  const counts = { success: 0, error: 0, input: 0, output: 0 }
  for (const record of job.records) {
    const { recordId, modelInput } = record
    standIn.asked.push(record)
    const answer = script.answer(record, job.number)
    if (answer === undefined) continue
    if ('error' in answer) {
      counts.error++
      lines.push(JSON.stringify({ recordId, modelInput, error: answer.error }))
      continue
    }
    counts.success++
    counts.input += tokens(record.system + record.text)
    counts.output += tokens(answer.text)
    lines.push(JSON.stringify({ modelInput, modelOutput: outputFor(job, record, answer), recordId }))
  }
  const place = `${keyOf(job.output)}${job.arn.split('/').at(-1)}/`
  const file = job.input.split('/').at(-1) as string
  const written = script.output?.(lines, job.number) ?? [...lines].reverse()
  await objects.put(`${place}${file}.out`, Buffer.from(written.join('\n')))
  const manifest = {
    totalRecordCount: job.records.length,
    processedRecordCount: counts.success + counts.error,
    successRecordCount: counts.success,
    errorRecordCount: counts.error,
    inputTokenCount: counts.input,
    outputTokenCount: counts.output,
  }
  const changed = script.manifest ? script.manifest(manifest, job.number) : manifest
  if (changed !== undefined)
    await objects.put(
      `${place}manifest.json.out`,
      Buffer.from(typeof changed === 'string' ? changed : JSON.stringify(changed)),
    )
  return state
}

function setEnd(job: Job, state: State): State {
  job.states = [state]
  return state
}

/** `s3://bucket/key` → `bucket/key` */
function keyOf(uri: string): string {
  return uri.replace(/^s3:\/\//, '')
}

// biome-ignore lint/suspicious/noExplicitAny: a body of any model
type Json = any

function askedIn({ recordId, modelInput }: Json): Asked {
  const system = Array.isArray(modelInput.system)
    ? modelInput.system.map(({ text }: Json) => text).join('')
    : (modelInput.system ?? '')
  const text = (modelInput.messages ?? [])
    .flatMap(({ content }: Json) =>
      typeof content === 'string' ? [content] : content.map((one: Json) => one.text),
    )
    .join('')
  return { recordId, modelInput, system, text }
}

function outputFor(job: Job, { system, text }: Asked, answer: { text: string; stop?: string }): object {
  if (job.body === 'Converse')
    return {
      output: { message: { role: 'assistant', content: [{ text: answer.text }] } },
      stopReason: answer.stop ?? 'end_turn',
      usage: {
        inputTokens: tokens(system + text),
        outputTokens: tokens(answer.text),
        totalTokens: tokens(system + text) + tokens(answer.text),
      },
      metrics: { latencyMs: 1 },
    }
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    content: [
      { type: 'thinking', thinking: 'hm' },
      { type: 'text', text: answer.text },
    ],
    stop_reason: answer.stop ?? 'end_turn',
    usage: { input_tokens: tokens(system + text), output_tokens: tokens(answer.text) },
  }
}

function converse(standIn: Inner, body: Json): object {
  const asked = askedIn({ recordId: '', modelInput: body })
  standIn.onDemand.push(asked)
  const answer = standIn.script.answer(asked, 0)
  const text = answer && 'text' in answer ? answer.text : '{}'
  // Where a schema is wanted as a tool, it answers as one.
  const tool = body.toolConfig?.tools?.[0]?.toolSpec?.name
  const content = tool
    ? [{ toolUse: { toolUseId: 'tooluse_1', name: tool, input: JSON.parse(text) } }]
    : [{ text }]
  const used = tokens(asked.system + asked.text)
  return {
    output: { message: { role: 'assistant', content } },
    stopReason: tool ? 'tool_use' : 'end_turn',
    usage: { inputTokens: used, outputTokens: tokens(text), totalTokens: used + tokens(text) },
    metrics: { latencyMs: 1 },
  }
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4)
}
