// The number of a file in, its key and its gzip out. A file depends on its number and the plan only, so that
// any number of workers writes the same corpus.
import { gzipSync } from 'node:zlib'
import { BASE64, createRandom, LETTERS_AND_DIGITS, type Random, UPPER_AND_DIGITS } from '../samples/random.ts'
import { CONSOLE, isoTime, makeCast, makeScene, type Principal } from './corpus-callers.ts'
import { POLLS } from './corpus-polls.ts'
import { type Call, type Caller, type Scene, SHAPES, type Shape, TOTAL_WEIGHT } from './corpus-shapes.ts'

export interface CorpusPlan {
  events: number
  eventsPerFile: number
  days: number
  accounts: number
  seed: number
  gzipLevel: number
}

export interface CorpusFile {
  key: string
  events: number
  rawBytes: number
  bytes: Buffer
}

// One account in one Region: what its routines do is the same in all of its files.
interface Stream {
  scene: Scene
  cast: Record<Caller, Principal[]>
  routines: Routine[]
  total: number
}

interface Form {
  by: Principal
  s3: boolean
  beforeIds: string
  afterIds: string
}

interface Routine extends Form {
  weight: number
}

const REGIONS = ['us-east-1', 'eu-central-1']
const ACCOUNTS = ['111122223333', '444455556666', '777788889999']
const WINDOW_SECONDS = 300
const LATE_SECONDS = 7200
const DENIED = 0.02
const LATE = 0.005

const ROUTINES = 220
const SKEW = 1.3
// Routines at work at a time, and how likely one makes room for another when it is its turn.
const ACTIVE = 5
const TURN = 0.14
// The higher, the more of the calls the first principals make.
const BUSY = 3
const LONGEST_BURST = 3
// Events from one one-off call to the next: they make one event in eleven.
const SHORTEST_GAP = 6
const LONGEST_GAP = 16

const REPEATED = [...POLLS, ...SHAPES.filter((each) => !each.once)]
const REPEATED_WEIGHT = REPEATED.reduce((sum, each) => sum + each.weight, 0)

const streams = new Map<string, Stream>()

export function fileCount(plan: CorpusPlan): number {
  return Math.ceil(plan.events / plan.eventsPerFile)
}

export function makeFile(plan: CorpusPlan, index: number): CorpusFile {
  const random = createRandom(plan.seed, index)
  const stream = streamOf(plan, index)
  const events = Math.min(plan.eventsPerFile, plan.events - index * plan.eventsPerFile)
  const span = plan.days * 86_400 - WINDOW_SECONDS
  const start = Math.floor((span * index) / fileCount(plan))

  // Pollers come in turns of some minutes: a few are at work at a time, in no order.
  const active = Array.from({ length: ACTIVE }, () => drawRoutine(random, stream))
  const records: string[] = []
  let next = random.below(LONGEST_GAP)
  while (records.length < events) {
    const oneOff = records.length >= next
    if (oneOff) next = records.length + random.between(SHORTEST_GAP, LONGEST_GAP)
    const turn = random.below(ACTIVE)
    if (random.chance(TURN)) active[turn] = drawRoutine(random, stream)
    const form = oneOff ? makeOneOff(random, stream) : (active[turn] as Form)
    const from = start + random.below(WINDOW_SECONDS) - (random.chance(LATE) ? random.below(LATE_SECONDS) : 0)
    const burst = oneOff ? 1 : Math.min(random.between(1, LONGEST_BURST), events - records.length)
    for (let i = 0; i < burst; i++) records.push(makeRecord(random, form, Math.max(0, from + i)))
  }
  const raw = Buffer.from(`{"Records":[${records.join(',')}]}`, 'latin1')
  const key = makeKey(random, stream.scene, start + WINDOW_SECONDS + random.between(30, 240))
  return { key, events, rawBytes: raw.length, bytes: gzipSync(raw, { level: plan.gzipLevel }) }
}

// Kept from file to file only because it takes long to make.
function streamOf(plan: CorpusPlan, index: number): Stream {
  const number = index % (plan.accounts * REGIONS.length)
  const name = `${plan.seed}/${plan.accounts}/${number}`
  const known = streams.get(name)
  if (known) return known
  const region = REGIONS[Math.floor(number / plan.accounts)] as string
  const random = createRandom(plan.seed, 1_000_003, number)
  const made = makeStream(random, makeScene(random, accountAt(number % plan.accounts), region))
  streams.set(name, made)
  return made
}

function accountAt(index: number): string {
  return ACCOUNTS[index] ?? String(100_000_000_000 + index * 1_000_003)
}

function makeStream(random: Random, scene: Scene): Stream {
  const cast = makeCast(random, scene)
  const routines = Array.from({ length: ROUTINES }, (_, rank) => ({
    ...makeRoutine(random, scene, cast),
    weight: 1 / (rank + 2) ** SKEW,
  }))
  return { scene, cast, routines, total: routines.reduce((sum, each) => sum + each.weight, 0) }
}

function makeRoutine(random: Random, scene: Scene, cast: Stream['cast']): Form {
  const shape = random.weighted(REPEATED, REPEATED_WEIGHT, (each: Shape) => each.weight)
  const by = pickBusy(random, cast[shape.by])
  const around = by.instance ? { ...scene, instances: [by.instance] } : scene
  return makeForm(random, scene, shape, shape.make(random, around), by)
}

function drawRoutine(random: Random, stream: Stream): Form {
  return random.weighted(stream.routines, stream.total, (each) => each.weight)
}

function makeOneOff(random: Random, { scene, cast }: Stream): Form {
  const shape = random.weighted(SHAPES, TOTAL_WEIGHT, (each: Shape) => each.weight)
  return makeForm(random, scene, shape, shape.make(random, scene), pickBusy(random, cast[shape.by]))
}

// The first ones call most.
function pickBusy(random: Random, list: Principal[]): Principal {
  return list[Math.floor(list.length * (random.next() / 4_294_967_296) ** BUSY)] as Principal
}

function makeKey(random: Random, scene: Scene, deliveredAt: number): string {
  const time = isoTime(deliveredAt)
  const stamp = `${time.slice(0, 16).replaceAll(/[-:]/g, '')}Z`
  const folder = `AWSLogs/o-exampleorgid/${scene.account}/CloudTrail/${scene.region}/${time.slice(0, 10).replaceAll('-', '/')}`
  return `${folder}/${scene.account}_CloudTrail_${scene.region}_${stamp}_${random.text(LETTERS_AND_DIGITS, 16)}.json.gz`
}

// All of a record but its identity, its time and its ids.
function makeForm(random: Random, scene: Scene, shape: Shape, call: Call, by: Principal): Form {
  const denied = shape.deniable && random.chance(DENIED)
  const s3 = shape.host === 's3' && call.additional !== undefined && !denied
  const error = denied
    ? `"errorCode":"AccessDenied","errorMessage":"User is not authorized to perform: ${shape.source.split('.')[0]}:${shape.name} because no identity-based policy allows the action",`
    : ''
  // S3 has an id of its own here, which the record brings.
  const data = s3 ? `${call.additional?.slice(0, -1)},"x-amz-id-2":"` : `${call.additional},`
  const additional = call.additional && !denied ? `"additionalEventData":${data}` : ''
  const resources = call.resources ? `"resources":${call.resources},` : ''
  const host = by.tls
    ? `,"tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"${shape.host}.${scene.region}.amazonaws.com","keyExchange":"x25519"}`
    : ''
  const endpoint = by.instance ? `,"vpcEndpointId":"${scene.vpcEndpoint}"` : ''
  const tail = by.agent === CONSOLE ? ',"sessionCredentialFromConsole":"true"' : ''
  return {
    by,
    s3,
    beforeIds: `","eventSource":"${shape.source}","eventName":"${shape.name}","awsRegion":"${scene.region}","sourceIPAddress":"${by.address}","userAgent":"${by.agent}",${error}"requestParameters":${call.request},"responseElements":${denied ? 'null' : (call.response ?? 'null')},${additional}`,
    afterIds: `","readOnly":${shape.readOnly},${resources}"eventType":"AwsApiCall","managementEvent":${!shape.data},"recipientAccountId":"${scene.account}","eventCategory":"${shape.data ? 'Data' : 'Management'}"${endpoint}${host}${tail}}`,
  }
}

function makeRecord(random: Random, form: Form, seconds: number): string {
  const ids = form.s3
    ? `${random.text(BASE64, 12)}="},"requestID":"${random.text(UPPER_AND_DIGITS, 16)}`
    : `"requestID":"${random.uuid()}`
  return `{"eventVersion":"1.11","userIdentity":${form.by.identityAt(seconds)},"eventTime":"${isoTime(seconds)}${form.beforeIds}${ids}","eventID":"${random.uuid()}${form.afterIds}`
}
