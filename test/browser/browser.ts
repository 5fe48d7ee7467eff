import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Request,
} from 'playwright-core'
import { expect } from 'vitest'
import { ALL_SAMPLES, loglake, PROGRAM } from '../e2e/program.ts'
import { once } from '../once.ts'

/**
 * A server of a lake, and a browser that opens its pages; any error that the browser reports fails the test.
 */
export interface Site {
  url: string
  open(path: string, options?: BrowserContextOptions): Promise<Page>
  /** Closes the opened pages: called after each test, so that pages do not compete for the machine. */
  closePages(): Promise<void>
  /** Kills the server, as a crash does; `comeBack` starts it again on the same port. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
  close(): Promise<void>
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Ingests logs, by default the samples, and has followers read them, as a run does. */
export async function fill(lake: string, logs = ALL_SAMPLES): Promise<void> {
  if (logs !== ALL_SAMPLES) return await ingestInto(lake, logs)
  cpSync(await once('samples', (place) => ingestInto(place, logs)), lake, { recursive: true })
}

async function ingestInto(lake: string, logs: string): Promise<void> {
  for (const command of [
    ['ingest', logs, '--lake', lake],
    ['follow', '--once', '--lake', lake],
  ]) {
    const { code, err } = await loglake(command)
    expect({ code, err }).toEqual({ code: 0, err: expect.any(String) })
  }
}

export async function siteOf(lake: string, options: readonly string[] = []): Promise<Site> {
  let server = await serve(['--lake', lake, '--port', '0', ...options])
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Chromium's sandbox does not work for root, as in a container.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  const contexts: BrowserContext[] = []
  const closePages = async () => {
    for (const context of contexts.splice(0)) await context.close()
  }
  return {
    url: server.url,
    async open(path, look = {}) {
      const context = await browser.newContext({
        locale: 'en-GB',
        timezoneId: 'UTC',
        reducedMotion: 'reduce',
        ...look,
      })
      contexts.push(context)
      // Other test processes share the machine.
      context.setDefaultTimeout(120_000)
      context.setDefaultNavigationTimeout(120_000)
      const page = await context.newPage()
      watched.set(page, watch(page))
      await page.addInitScript(() => {
        document.addEventListener(
          'securitypolicyviolation',
          ({ violatedDirective, blockedURI, sourceFile }) =>
            console.error(`CSP: ${violatedDirective} ${blockedURI} ${sourceFile}`),
        )
      })
      await page.goto(server.url + path)
      await settled(page, STILL_AT_FIRST)
      return page
    },
    closePages,
    async goAway() {
      await server.close('SIGKILL')
    },
    async comeBack() {
      server = await serve(['--lake', lake, '--port', new URL(server.url).port, ...options])
    },
    async close() {
      await closePages()
      await browser.close()
      await server.close()
    },
  }
}

const watched = new WeakMap<Page, string[]>()
const underWay = new WeakMap<Page, Set<Request>>()

/**
 * Collects what a browser must not report: errors, violations of the policy, dialogs, requests to other
 * hosts.
 */
function watch(page: Page): string[] {
  const told: string[] = []
  const asked = new Set<Request>()
  underWay.set(page, asked)
  // The stream of new versions goes on for as long as the page is open.
  page.on('request', (request) => request.url().includes('/api/new-versions') || asked.add(request))
  page.on('requestfinished', (request) => asked.delete(request))
  page.on('requestfailed', (request) => asked.delete(request))
  page.on('pageerror', (error) => told.push(`error: ${error.message}`))
  page.on('console', (line) => {
    if (line.type() !== 'error') return
    // The page shows a refusal of the server; a test that expects one names it.
    if (!/Failed to load resource/.test(line.text())) told.push(`console: ${line.text()}`)
  })
  page.on('dialog', (dialog) => {
    told.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (protocol !== 'blob:' && hostname !== '127.0.0.1') told.push(`request: ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 500) told.push(`answer: ${response.status()} ${response.url()}`)
  })
  return told
}

export function reports(page: Page): readonly string[] {
  return watched.get(page) ?? []
}

/** Looks at a page that was opened just now, which loads its scripts one after the other: half a second. */
const STILL_AT_FIRST = 15

/**
 * What was asked for is there: no request under way, no skeleton, nothing dimmed, and still so some frames
 * later, since a click draws its new page after these.
 */
export async function settled(page: Page, still = 3): Promise<void> {
  await page.waitForLoadState()
  const until = Date.now() + 120_000
  for (let quiet = 0; quiet < still; ) {
    const isStill = await page.evaluate(async () => {
      for (let frame = 0; frame < 2; frame++) await new Promise((done) => requestAnimationFrame(done))
      return !document.querySelector('.skeleton, .stale')
    })
    quiet = isStill && !underWay.get(page)?.size ? quiet + 1 : 0
    if (Date.now() > until) throw new Error(`the page did not settle: ${page.url()}`)
  }
}

/** Expects no report of the browser, except those of other pages, and no serious finding of axe. */
export async function clean(page: Page, except?: RegExp): Promise<void> {
  await page.evaluate(AXE)
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(root: Document, options: object): Promise<AxeAnswer> } }
    const { violations } = await axe.run(document, { resultTypes: ['violations'] })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)
  })
  expect(found).toEqual([])
  expect(reports(page).filter((report) => !except?.test(report))).toEqual([])
}

interface AxeAnswer {
  violations: { id: string; impact: string | null; nodes: { html: string }[] }[]
}

interface Server {
  url: string
  close(signal?: NodeJS.Signals): Promise<void>
}

async function serve(options: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, [PROGRAM, 'serve', ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const url = await addressOf(child)
  return {
    url,
    async close(signal = 'SIGTERM') {
      child.kill(signal)
      await ended
    },
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let told = ''
    const read = (part: Buffer) => {
      told += part
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(told)
      if (found) resolve(found[0])
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.on('close', (code) => reject(new Error(`serve ended with ${code}: ${told}`)))
  })
}
