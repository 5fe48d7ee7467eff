import { writeFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { DAY_MS } from '../../lib/day.ts'
import { visible } from '../../lib/terminal.ts'
import { type AsOptions, asking } from '../asking.ts'
import { commonOptions, examples, timestamp } from '../options.ts'
import { align, type Cell } from '../show/layout.ts'
import { paint, print } from '../show/output.ts'
import { cannotWrite } from '../show/sink.ts'

interface ListOptions extends AsOptions {
  state: string
  since?: string
  until?: string
  json?: boolean
}

interface DecideOptions extends AsOptions {
  reason: string
  ticket?: string
}

const STATES = 'mine, open, overdue, decided, unassigned, left-out or all'

export function define(command: Command): void {
  const list = asOptions(
    command.command('list').description('list sessions and runs, those first that are due first'),
  )
  list
    .option('--state <state>', STATES, 'mine')
    .option('--since <time>', 'sessions from then on, as in 2026-01-07 or 30d (default: 90d)', timestamp)
    .option('--until <time>', 'sessions before then', timestamp)
    .option('--json', 'print them as JSON')
    .action(listReviews)
  asOptions(command.command('show').description('show a review: its steps, and what may be done'))
    .argument('<id>', 'the review, or the session or run')
    .option('--json', 'print it as JSON')
    .action(showReview)
  asOptions(command.command('terminal').description("write a session's terminal into a file"))
    .argument('<id>', 'the session')
    .addOption(
      new Option('--format <format>', 'a recording for asciinema, of output that has times, or text')
        .choices(['cast', 'text'])
        .default('cast'),
    )
    .option('--output <file>', 'the file (default: standard output)')
    .option('--unmask', 'with texts as they are; the access log says so')
    .action(writeTerminal)
  for (const decision of ['confirm', 'deny'] as const)
    asOptions(command.command(decision).description(`${decision} what was done in a session`))
      .argument('<id>', 'the review, or the session or run')
      .requiredOption('--reason <text>', 'why')
      .option('--ticket <text>', 'where it is followed up')
      .action((id: string, options: DecideOptions) => decide(id, decision, options))
  asOptions(command.command('delegate').description('give your reviews to a stand-in for a time'))
    .requiredOption('--to <name>', 'the stand-in, as they sign in')
    .requiredOption('--until <time>', 'when it ends, as in 2026-02-01', timestamp)
    .option('--from <time>', 'when it begins (default: now)', timestamp)
    .requiredOption('--reason <text>', 'why')
    .action(delegate)
  asOptions(command.command('delegations').description('list who stands in for whom'))
    .option('--json', 'print them as JSON')
    .action(listDelegations)
  asOptions(command.command('delegation-end').description('end a stand-in before its time'))
    .argument('<id>', 'as `delegations` lists it')
    .requiredOption('--reason <text>', 'why')
    .action(endDelegation)
  examples(
    command,
    ['loglake review list --as manager:dalia@example.com'],
    ['loglake review show 2ee4e7eb-6c0c-49bd-960f-88eb3806e5b8 --as manager:dalia@example.com'],
    [
      'loglake review terminal 2ee4e7eb-6c0c-49bd-960f-88eb3806e5b8 --output session.cast',
      'for asciinema play',
    ],
    ['loglake review confirm 96c80b95-c253-4899-b020-12ac90637c79 --reason "planned work, CHG-1042"'],
    [
      'loglake review delegate --to farah@example.com --until 2026-08-17 --reason "on leave" --as manager:dalia@example.com',
    ],
  )
  command.addHelpText('after', '\nEach call is recorded in access_log. Pages for the same: `loglake serve`.')
}

function asOptions(command: Command): Command {
  return commonOptions(command)
    .option('--as <role>', 'as whom, as in manager:ana@example.com (default: a manager of your user name)')
    .option('--people <file>', 'a CSV file that says who is whose manager (default: as configured)')
}

interface Listed {
  total: number
  rows: {
    id: string
    who: string | null
    acting_as: string | null
    started: string | null
    outcome: string
    why: string[]
    review: {
      state: string
      due: string | null
      overdue: boolean
      reviewer: string | null
      decision: string | null
    } | null
  }[]
}

async function listReviews({ state, since, until, json, ...options }: ListOptions): Promise<void> {
  const found = await asking(options, 'manager', (caller) =>
    caller.json<Listed>('sessions', {
      from: since ?? new Date(Date.now() - 90 * DAY_MS).toISOString(),
      to: until ?? new Date(Date.now() + DAY_MS).toISOString(),
      state,
      limit: 1000,
    }),
  )
  if (json) return await print(`${JSON.stringify(found, null, 2)}\n`)
  if (found.rows.length === 0) return await print(`No session is ${state} in this span.\n`)
  const { bold, yellow, dim } = paint(process.stdout)
  const rows = found.rows.map(({ id, who, acting_as, started, outcome, why, review }): Cell[] => [
    review?.overdue ? yellow(review.due?.slice(0, 10) ?? '') : (review?.due?.slice(0, 10) ?? ''),
    visible(who ?? '-'),
    visible(acting_as ?? '-'),
    started?.slice(0, 16).replace('T', ' ') ?? '-',
    review?.decision ?? review?.state ?? 'left out',
    visible(outcome),
    visible(why.join(', ')),
    dim(visible(id)),
  ])
  const head = ['due', 'who', 'acting as', 'started', 'review', 'outcome', 'why look', 'id'].map((name) =>
    bold(name),
  )
  await print(`${align([head, ...rows]).join('\n')}\n`)
}

interface Shown {
  review: {
    id: string
    person: string | null
    state: string
    reviewer: string | null
    due: string
    seq: number
    decision: string | null
  }
  steps: {
    seq: number
    kind: string
    at: string
    by: { name: string }
    decision: string | null
    reason: string | null
  }[]
  why_not: string | null
}

async function showReview(id: string, { json, ...options }: AsOptions & { json?: boolean }): Promise<void> {
  const found = await asking(options, 'manager', (caller) => caller.json<Shown>('review', { id }))
  if (json) return await print(`${JSON.stringify(found, null, 2)}\n`)
  const { review, steps, why_not } = found
  const lines = [
    `${visible(review.id)}: ${visible(review.person ?? 'no one known')}, ${review.state}${review.decision === null ? '' : ` (${review.decision})`}`,
    `reviewer ${visible(review.reviewer ?? 'not known')}, due ${review.due.slice(0, 10)}`,
    ...align(
      steps.map(({ seq, at, kind, by, decision, reason }): Cell[] => [
        `  ${seq}`,
        at.slice(0, 16).replace('T', ' '),
        decision === null ? kind : `${kind}: ${decision}`,
        visible(by.name),
        visible(reason ?? ''),
      ]),
    ),
    ...(why_not === null ? [] : [visible(why_not)]),
  ]
  await print(`${lines.join('\n')}\n`)
}

interface TerminalOptions extends AsOptions {
  format: 'cast' | 'text'
  output?: string
  unmask?: boolean
}

async function writeTerminal(
  id: string,
  { format, output, unmask = false, ...options }: TerminalOptions,
): Promise<void> {
  const file = await asking(options, 'manager', (caller) =>
    caller.download('session-export', { id, format, unmask }),
  )
  if (output === undefined) return await print(file.toString())
  try {
    writeFileSync(output, file)
  } catch (thrown) {
    throw cannotWrite(output, thrown)
  }
}

async function decide(id: string, decision: 'confirm' | 'deny', options: DecideOptions): Promise<void> {
  const { reason, ticket, ...rest } = options
  const state = await asking(rest, 'manager', async (caller) => {
    const { review } = await caller.json<Shown>('review', { id })
    return await caller.json<Shown['review']>('review-decide', {
      id,
      seq: review.seq,
      decision,
      reason,
      ...(ticket === undefined ? {} : { ticket }),
    })
  })
  await print(
    `${visible(state.id)}: ${state.state}${state.decision === null ? '' : ` (${state.decision})`}\n`,
  )
}

interface DelegateOptions extends AsOptions {
  to: string
  from?: string
  until: string
  reason: string
}

async function delegate({ to, from, until, reason, ...options }: DelegateOptions): Promise<void> {
  const made = await asking(options, 'manager', (caller) =>
    caller.json<{ id: string; begins: string; ends: string }>('delegate', {
      to,
      until,
      reason,
      ...(from === undefined ? {} : { from }),
    }),
  )
  await print(
    `${visible(to)} stands in from ${minute(made.begins)} until ${minute(made.ends)} UTC: ${made.id}\n`,
  )
}

interface Delegated {
  id: string
  from: string
  to: string
  begins: string
  ends: string
  state: string
  reason: string
  ended_by: string | null
}

async function listDelegations({ json, ...options }: AsOptions & { json?: boolean }): Promise<void> {
  const found = await asking(options, 'manager', (caller) =>
    caller.json<{ rows: Delegated[] }>('delegations', {}),
  )
  if (json) return await print(`${JSON.stringify(found, null, 2)}\n`)
  if (found.rows.length === 0) return await print('Nobody stands in for anybody.\n')
  const { bold, dim } = paint(process.stdout)
  const rows = found.rows.map(({ id, from, to, begins, ends, state, reason, ended_by }): Cell[] => [
    visible(from),
    visible(to),
    minute(begins),
    minute(ends),
    ended_by === null ? state : `ended by ${visible(ended_by)}`,
    visible(reason),
    dim(visible(id)),
  ])
  const head = ['for', 'stand-in', 'from', 'until', 'state', 'reason', 'id'].map((name) => bold(name))
  await print(`${align([head, ...rows]).join('\n')}\n`)
}

async function endDelegation(
  id: string,
  { reason, ...options }: AsOptions & { reason: string },
): Promise<void> {
  await asking(options, 'manager', (caller) => caller.json('delegation-end', { id, reason }))
  await print(`${visible(id)} is over\n`)
}

function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ')
}
