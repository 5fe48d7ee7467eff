import type { AwsClients } from '../../aws/clients.ts'
import { awsClients } from '../../aws/clients.ts'
import type { Identity } from '../../aws/identity.ts'
import { sentence } from '../../lib/errors.ts'
import { commandsOf, permissionsOf } from './command.ts'
import {
  type Check,
  GROUPS,
  type Group,
  type Line,
  none,
  type Premises,
  type State,
  unknown,
} from './contract.ts'
import { who } from './facts.ts'
import { identitiesOf, identityKey, onAws, type Setup } from './setup.ts'

/** The results, line by line, in the order of groups and checks. */
export interface Report {
  /** The time of the examination, in milliseconds since 1970. */
  atMs: number
  /** `not` if any line is; else `unknown` if any is; else `ok`. */
  state: 'ok' | 'not' | 'unknown'
  counts: Record<State, number>
  lines: ReportLine[]
}

export interface ReportLine extends Line {
  check: string
  group: Group
  title: string
  permissions: readonly string[]
  /** The fix as commands, ready to run. */
  commands: string[]
  /** The permissions needed to run them. */
  needs: string[]
}

export interface Examining {
  checks: readonly Check[]
  write?: boolean
  reach?: boolean
  /** Called as checks end, with the number done and the total. */
  onProgress?(done: number, all: number, running: readonly string[]): void
  now?(): number
}

/** Time after which a check counts as unanswered. */
const DEADLINE_MS = 30_000
/** Short limits, because a person waits for the answer. */
const PATIENCE = { attempts: 3, connectMs: 3_000, requestMs: 15_000 }

/** Runs checks in parallel. Never throws: a failure is a line. */
export async function examine(setup: Setup, options: Examining): Promise<Report> {
  const { checks, write = false, reach = false, now = Date.now } = options
  const clients = new Map<string, AwsClients>()
  const asked = new Map<string, Promise<unknown>>()
  const premises: Premises = {
    setup,
    write,
    reach,
    now,
    denials: [],
    aws(identity: Identity) {
      const key = identityKey(identity)
      const known = clients.get(key) ?? awsClients(identity, PATIENCE)
      clients.set(key, known)
      return known
    },
    once<T>(key: string, work: () => Promise<T>) {
      const known = (asked.get(key) as Promise<T> | undefined) ?? work()
      asked.set(key, known)
      return known
    },
  }
  const found = new Map<Check, Line[]>()
  const running = new Set<string>()
  const one = async (check: Check) => {
    running.add(check.name)
    const lines = await linesOf(check, premises)
    found.set(check, lines)
    running.delete(check.name)
    for (const { denied } of lines) if (denied) premises.denials.push({ check: check.name, denial: denied })
    options.onProgress?.(found.size, checks.length, [...running])
  }
  try {
    await Promise.all(checks.filter(({ last }) => !last).map(one))
    await Promise.all(checks.filter(({ last }) => last).map(one))
  } finally {
    for (const open of clients.values()) open.close()
  }
  return reportOf(checks, found, now())
}

async function linesOf(check: Check, premises: Premises): Promise<Line[]> {
  if (check.writes && !premises.write) return [none('not asked: --write does it, and removes what it wrote')]
  if (check.aws) {
    const why = await whyNotAws(premises)
    if (why) return [why]
  }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Line[]>((done) => {
    const ms = check.writes ? DEADLINE_MS + premises.setup.settings.marker_seconds * 1000 : DEADLINE_MS
    timer = setTimeout(() => done([unknown(`no answer after ${ms / 1000} s`)]), ms)
  })
  try {
    const lines = await Promise.race([check.run(premises), late])
    return lines.length > 0 ? lines : [none('there is nothing of the kind here')]
  } catch (thrown) {
    return [unknown(`cannot tell: ${sentence(thrown).split('\n')[0]}`)]
  } finally {
    clearTimeout(timer)
  }
}

/** Why no check can call AWS; the check of identities then shows the remedy. */
async function whyNotAws(premises: Premises): Promise<Line | undefined> {
  if (!onAws(premises.setup)) return none('no source, lake or destination of loglake.yaml is on AWS')
  const known = await Promise.allSettled(
    identitiesOf(premises.setup).map(({ identity }) => who(premises, identity)),
  )
  return known.every(({ status }) => status === 'rejected')
    ? unknown('not asked: AWS does not know who we are, or does not answer (see the check identity)')
    : undefined
}

const WEIGHT: Record<State, number> = { not: 0, unknown: 1, ok: 2, none: 3 }

function reportOf(checks: readonly Check[], found: ReadonlyMap<Check, Line[]>, atMs: number): Report {
  const lines = GROUPS.flatMap((group) =>
    checks
      .filter((check) => check.group === group)
      .flatMap((check) =>
        (found.get(check) ?? [])
          .toSorted((a, b) => WEIGHT[a.state] - WEIGHT[b.state])
          .map(
            (line): ReportLine => ({
              check: check.name,
              group,
              title: check.title,
              permissions: check.permissions,
              ...line,
              commands: line.fix ? commandsOf(line.fix) : [],
              needs: line.fix ? permissionsOf(line.fix) : [],
            }),
          ),
      ),
  )
  const count = (state: State) => lines.filter((line) => line.state === state).length
  const counts = { ok: count('ok'), not: count('not'), unknown: count('unknown'), none: count('none') }
  return { atMs, state: counts.not > 0 ? 'not' : counts.unknown > 0 ? 'unknown' : 'ok', counts, lines }
}
