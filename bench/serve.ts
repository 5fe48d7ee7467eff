/**
 * The server with readers: `npm run bench -- --serve` (a million events; ten million with `--long`). Measures the processor time of a
 * first page, a filter and a session, then many people at once, all of whom must get an answer, and static files meanwhile.
 */
import { loadavg } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { createRandom, type Random } from '../samples/random.ts'
import { type Line, machine, median, quantile, table } from './measure.ts'
import { type Ground, groundOf, openPage, PAGES } from './pages.ts'
import { type Got, lakeToServe, type Server, startServer } from './served.ts'

const PEOPLE = 50
const THINK_MS = 2000
const FILTER_CPU_MS = 100
/** Number of filter changes that are measured, all different. */
const CHANGES = 12
const STATIC_EVERY_MS = 200

export async function benchServe(
  place: (name: string) => string,
  { events, seconds }: { events: number; seconds: number },
): Promise<void> {
  const lines: Line[] = []
  const line = (what: string, measured: string, wanted = '', kept?: boolean) => {
    lines.push({ what, measured, wanted, kept })
    console.error(`  ${what}: ${measured}`)
  }
  console.error(machine())
  const lake = await lakeToServe(place, events)
  const server = await startServer(lake)
  try {
    const ground = await groundOf(server)
    await firstPages(lake, ground, line)
    await filters(server, ground, line)
    await manyPeople(server, ground, seconds, line)
    line('memory of the server, the most', `${server.peakMiB().toFixed(0)} MiB`)
  } finally {
    await server.stop()
  }
  console.log(`\n${machine()}, ${events.toLocaleString('en-US')} events\n\n${table(lines)}`)
  if (lines.some(({ kept }) => kept === false)) process.exitCode = 1
}

type Say = (what: string, measured: string, wanted?: string, kept?: boolean) => void

/** The server's processor time for some requests, in milliseconds; each of them must succeed. */
async function taken(server: Server, work: () => Promise<Got[]>): Promise<number> {
  const before = server.processorMs()
  for (const { status, body } of await work()) if (status !== 200) throw new Error(`${status}: ${body}`)
  return server.processorMs() - before
}

/** Each page as the first of a server that was just started. */
async function firstPages(lake: string, ground: Ground, say: Say): Promise<void> {
  const { whole, sessions } = ground
  for (const [name, asked] of [
    ['Overview', PAGES.overview(whole)],
    ['Activity', PAGES.activity(whole)],
    ['Usage', PAGES.usage(whole)],
    ['Reviews', PAGES.reviews()],
    ['one session', PAGES.session(sessions[0] as string)],
    ['Conversations', PAGES.conversations(whole)],
    ['Findings', PAGES.findings(whole)],
  ] as const) {
    const server = await startServer(lake)
    try {
      const opened = async () => [
        ...(await Promise.all([server.ask('me'), server.ask('extent'), server.ask('reviews-waiting')])),
        ...(await openPage(server, asked)),
      ]
      const ms = await taken(server, opened)
      const again = await taken(server, () => openPage(server, asked))
      say(`first page of a fresh server: ${name}`, `${ms} CPU-ms; the same again ${again}`)
    } finally {
      await server.stop()
    }
  }
}

/** The mean time of several different changes, including everything else that the server does meanwhile. */
async function filters(server: Server, ground: Ground, say: Say): Promise<void> {
  const { whole, days } = ground
  const changes = {
    'a filter on Activity, of a week': ground.activity.map((where) => PAGES.activity(whole, [where])),
    'a second filter on Activity': ground.activity.map((where, at) =>
      PAGES.activity(whole, [where, ground.activity.at(at - 5) as string]),
    ),
    'another day on Activity': days.map((day) => PAGES.activity(day)),
    'a filter on Usage, of a week': ground.usage.map((where) => PAGES.usage(whole, [where])),
    'another day on Overview': days.map((day) => PAGES.overview(day)),
    'another week on Overview': days.map((day) => PAGES.overview({ ...whole, from: day.from })),
    'one session': ground.sessions.map((id) => PAGES.session(id)),
  }
  for (const [name, all] of Object.entries(changes)) {
    const own: number[] = []
    for (const asked of spread(all, CHANGES)) own.push(await taken(server, () => openPage(server, asked)))
    const mean = own.reduce((a, b) => a + b, 0) / own.length
    say(
      name,
      `${mean.toFixed(0)} CPU-ms (median ${median(own)}, most ${Math.max(...own)}, of ${own.length})`,
      `at most ${FILTER_CPU_MS}`,
      mean <= FILTER_CPU_MS,
    )
  }
}

/** A number of items of a list, evenly spread. */
function spread<One>(all: readonly One[], count: number): One[] {
  const step = Math.max(1, all.length / count)
  return Array.from({ length: Math.min(count, all.length) }, (_, at) => all[Math.floor(at * step)] as One)
}

async function manyPeople(server: Server, ground: Ground, seconds: number, say: Say): Promise<void> {
  const until = performance.now() + seconds * 1000
  const steps: number[] = []
  const answers: Got[] = []
  const files: Got[] = []
  async function person(at: number): Promise<void> {
    const random = createRandom(1, at)
    const as = `analyst:person${at}@example.com`
    await wait((at / PEOPLE) * THINK_MS)
    while (performance.now() < until) {
      const begun = performance.now()
      const got = await openPage(server, nextStep(random, ground), as)
      steps.push(performance.now() - begun)
      answers.push(...got)
      await wait(THINK_MS * (0.5 + random.below(1000) / 1000))
    }
  }
  async function fetchFiles(): Promise<void> {
    const page = await server.get('/')
    const [, script = '/'] = /src="([^"]+\.js)"/.exec(page.body) ?? []
    for (let at = 0; performance.now() < until; at++) {
      files.push(await server.get(at % 2 ? script : '/'))
      await wait(STATIC_EVERY_MS)
    }
  }
  const before = server.processorMs()
  await Promise.all([fetchFiles(), ...Array.from({ length: PEOPLE }, (_, at) => person(at))])
  const processor = server.processorMs() - before
  const failed = [...answers, ...files].filter(({ status }) => status !== 200)
  const kept = answers.filter((one) => one.kept).length
  const ms = (values: readonly number[], share: number) => `${quantile(values, share).toFixed(0)} ms`
  const of = `${PEOPLE} people for ${seconds} s, 2 s to think between pages`
  const codes = [...new Set(failed.map(({ status }) => status))].map(
    (code) => `${failed.filter(({ status }) => status === code).length} × ${code}`,
  )
  say(
    `${of}: answers that failed`,
    `${failed.length} of ${answers.length + files.length}${codes.length ? ` (${codes.join(', ')})` : ''}`,
    'none',
    failed.length === 0,
  )
  for (const { status, body } of failed.slice(0, 3)) console.error(`    ${status} ${body.slice(0, 300)}`)
  say(
    '… pages, until the last answer',
    `${steps.length} of them: median ${ms(steps, 0.5)}, p95 ${ms(steps, 0.95)}; machine's load ${loadavg()[0]?.toFixed(1)}`,
    'median 300 ms, p95 1 s',
    quantile(steps, 0.5) <= 300 && quantile(steps, 0.95) <= 1000,
  )
  const answerMs = answers.map((one) => one.ms)
  say(
    '… single answers',
    `median ${ms(answerMs, 0.5)}, p95 ${ms(answerMs, 0.95)}; ${((100 * kept) / answers.length).toFixed(0)} % of them were kept ones`,
  )
  say(
    '… processor time of the server',
    `${(processor / steps.length).toFixed(0)} CPU-ms a page; ${(processor / 1000 / seconds).toFixed(2)} processors`,
  )
  const fileMs = files.map((one) => one.ms)
  say(
    '… static files meanwhile',
    `${files.length} of them: median ${ms(fileMs, 0.5)}, p95 ${ms(fileMs, 0.95)}`,
    '100 ms',
    quantile(fileMs, 0.95) <= 100,
  )
}

/** The next step of a person: usually a filter, sometimes another page. */
function nextStep(random: Random, { whole, days, activity, usage, sessions }: Ground) {
  const span = random.below(2) ? whole : random.pick(days)
  const kind = random.below(20)
  if (kind < 9) return PAGES.activity(span, [random.pick(activity)])
  if (kind < 13) return PAGES.usage(span, [random.pick(usage)])
  if (kind < 15) return PAGES.overview(span)
  if (kind < 17) return PAGES.reviews(random.pick(['open', 'overdue', 'all']))
  return PAGES.session(random.pick(sessions))
}
