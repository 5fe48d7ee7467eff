import type { Finding } from '../../account/contract.ts'
import type { Plan } from '../../account/plan.ts'
import type { Status } from '../../account/status.ts'
import { visible } from '../../lib/terminal.ts'
import { align, counted } from '../show/layout.ts'
import { type Paint, paint } from '../show/output.ts'

const SIGN = { done: 'is so', open: 'to do', refused: 'REFUSED', unknown: 'unknown' } as const

/** A plan in readable form: what exists, what is created, which rights are needed, what it costs. */
export function planReport(plan: Plan): string {
  const show = paint(process.stdout)
  const { bold, dim } = show
  const lines = [
    `${bold('Account')} ${plan.account}, ${plan.region}, as ${visible(plan.caller)}`,
    '',
    bold('What is there'),
    ...there(plan).map((line) => `  ${line}`),
    '',
    bold(`What the stack ${plan.stack} holds (${counted(plan.resources.length, 'resource')})`),
    ...align(plan.resources.map(({ id, type, does }) => [`  ${id}`, dim(type.replace(/^AWS::/, '')), does])),
    ...steps(plan.steps, show),
    '',
    bold('What the worker may do'),
    ...(plan.worker.length === 0
      ? ['  nothing: it has no role here']
      : align(plan.worker.map(({ why, actions }) => [`  ${why}`, dim(actions.join(', '))]))),
    '',
    bold('What you need to be allowed'),
    '  CloudFormation, and through it what makes the resources above; with stacks of your organisation, a role of CloudFormation has it',
    `  ${plan.needed.join(', ')}`,
    '',
    ...cost(plan, show),
  ]
  if (plan.notes.length > 0)
    lines.push('', bold('To know before'), ...plan.notes.map((note) => `  - ${visible(note)}`))
  return `${lines.join('\n')}\n`
}

function there({ there: stack, found }: Plan): string[] {
  const changes = stack?.changes ?? []
  const verb = (action: string, replaced: boolean) => (replaced ? 'is made anew' : `${action.toLowerCase()}`)
  return [
    ...found.trails.map(
      ({ name, bucket, multiRegion, ofOrganization }) =>
        `the trail ${visible(name)} into s3://${visible(bucket)}${multiRegion ? ', all Regions' : ''}${ofOrganization ? ', all accounts' : ''}`,
    ),
    ...(found.trails.length === 0 && !found.unknown.some((what) => /DescribeTrails/.test(what))
      ? ['no trail']
      : []),
    found.detector === undefined
      ? 'no GuardDuty in this Region'
      : `GuardDuty, detector ${visible(found.detector)}`,
    ...found.unknown.map((what) => `not known: ${visible(what)}`),
    stack === undefined
      ? 'no stack of that name'
      : `the stack, ${stack.status}; ${counted(changes.length, 'change')}`,
    ...changes.map(
      ({ action, id, type, replaced }) => `  ${verb(action, replaced)}  ${visible(id)} (${visible(type)})`,
    ),
  ]
}

function steps(findings: readonly Finding[], { bold, dim, red }: Paint): string[] {
  if (findings.length === 0) return []
  return [
    '',
    bold('Besides the stack, each taken back by `loglake aws destroy`'),
    ...findings.flatMap(({ state, what, why, before, after }) => [
      `  ${state === 'refused' ? red(SIGN[state]) : SIGN[state]}  ${visible(what)}`,
      ...(why === undefined ? [] : why.split('\n').map((line) => `    ${visible(line.trim())}`)),
      ...difference(before, after).map((line) => dim(`    ${line}`)),
    ]),
  ]
}

/** Lines that only one side has, in the form of `diff`. */
function difference(before: unknown, after: unknown): string[] {
  if (before === undefined && after === undefined) return []
  const linesOf = (value: unknown) =>
    (typeof value === 'string' ? value : JSON.stringify(value, null, 1))
      .split('\n')
      .map((line) => visible(line))
  const [left, right] = [linesOf(before), linesOf(after)]
  const plain = (line: string) => line.replace(/,$/, '')
  const gone = left.filter((line) => !right.some((other) => plain(other) === plain(line)))
  const come = right.filter((line) => !left.some((other) => plain(other) === plain(line)))
  return [...gone.map((line) => `- ${line}`), ...come.map((line) => `+ ${line}`)]
}

function cost({ cost }: Plan, { bold, dim }: Paint): string[] {
  const money = (usd: number) => ({ right: `$${usd.toFixed(2)}` })
  const used = new Set(cost.lines.flatMap(({ prices }) => prices))
  return [
    bold(`What it costs in a month: about $${cost.usd.toFixed(2)}`),
    ...align(cost.lines.map(({ what, usd }) => ['  ', money(usd), what])),
    dim('  if there is in a month (--assume id=number):'),
    ...align(cost.amounts.map(({ id, value, what }) => ['   ', dim(id), { right: String(value) }, what])),
    dim(
      '  at list prices of us-east-1 (--price id=usd), of the month that they were held against a page, or unchecked:',
    ),
    ...align(
      cost.prices
        .filter(({ id }) => used.has(id))
        .map(({ id, usd, per, source, checked }) => [
          '   ',
          dim(id),
          { right: `$${usd}` },
          `for ${per}`,
          checked ?? 'unchecked',
          dim(source),
        ]),
    ),
    dim('  not counted:'),
    ...cost.notCounted.map((what) => `    ${what}`),
  ]
}

export function statusReport(status: Status): string {
  const { bold } = paint(process.stdout)
  const { waiting, dead, taken } = status
  const messages = (count: number | undefined) => (count === undefined ? 'not known' : String(count))
  return `${[
    `${bold('Account')} ${status.account}, ${status.region}`,
    `${bold('Stack')} ${status.stack}: ${status.status ?? 'there is none'}${status.reason ? ` (${visible(status.reason)})` : ''}`,
    ...align(Object.entries(status.outputs).map(([name, value]) => [`  ${name}`, visible(value)])),
    ...(status.status === undefined
      ? []
      : [`${bold('Messages')} waiting ${messages(waiting)}, unreadable ${messages(dead)}`]),
    bold(`Besides the stack: ${counted(taken.length, 'step')}`),
    ...taken.map(({ step, place }) => `  ${visible(step)}  ${visible(place)}`),
  ].join('\n')}\n`
}
