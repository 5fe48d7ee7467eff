import { UserError } from '../../lib/errors.ts'
import type { Parameter, Resource, Value } from './contract.ts'
import { entriesOf, parts } from './index.ts'

/** Values of the template's parameters; missing ones get their defaults. A list is separated by commas. */
export type Parameters = Readonly<Record<string, string>>

/** A resource that a set of parameters creates. */
export interface Made {
  part: string
  id: string
  type: string
  does: string
}

/** All parameters with defaults filled in, each checked as CloudFormation would. */
export function completed(given: Parameters): Record<string, string> {
  const known = entriesOf('parameters')
  for (const [name, value] of Object.entries(given)) {
    const parameter = known[name]
    if (!parameter) throw new UserError(`the template has no parameter ${name}`)
    const wrong = wrongWith(parameter, value)
    if (wrong) throw new UserError(`${name} cannot be ${JSON.stringify(value)}: ${wrong}`)
  }
  return Object.fromEntries(
    Object.entries(known).map(([name, { Default }]) => [name, given[name] ?? String(Default)]),
  )
}

function wrongWith(parameter: Parameter, value: string): string | undefined {
  const {
    AllowedValues,
    AllowedPattern,
    ConstraintDescription,
    Type,
    MinValue = 0,
    MaxValue = 999_999_999,
  } = parameter
  if (AllowedValues && !AllowedValues.includes(value)) return `one of ${AllowedValues.join(', ')} is wanted`
  if (AllowedPattern && !new RegExp(`^(?:${AllowedPattern})$`).test(value))
    return ConstraintDescription ?? parameter.Description
  if (Type !== 'Number') return undefined
  if (!(/^\d{1,9}$/.test(value) && Number(value) >= MinValue))
    return `a whole number of at least ${MinValue} is wanted`
  if (Number(value) > MaxValue) return `at most ${MaxValue} is possible`
  return undefined
}

/** CloudFormation's refusals of these parameters, in its own words. */
export function refusals(given: Parameters): string[] {
  const all = completed(given)
  return Object.values(entriesOf('rules'))
    .filter(({ RuleCondition }) => RuleCondition === undefined || truth(RuleCondition, all))
    .flatMap(({ Assertions }) => Assertions)
    .filter(({ Assert }) => !truth(Assert, all))
    .map(({ AssertDescription }) => AssertDescription)
}

/** The resources that these parameters create, part by part. */
export function madeBy(given: Parameters): Made[] {
  const all = completed(given)
  return parts.flatMap(({ name, resources }) =>
    Object.entries(resources)
      .filter(([, resource]) => isMade(resource, all))
      .map(([id, { Type, does }]) => ({ part: name, id, type: Type, does })),
  )
}

function isMade({ Condition }: Resource, all: Parameters): boolean {
  return Condition === undefined || conditionHolds(Condition, all)
}

export function conditionHolds(name: string, all: Parameters): boolean {
  const condition = entriesOf('conditions')[name]
  if (condition === undefined) throw new Error(`no condition ${name}`)
  return truth(condition, all)
}

/** Evaluates the template's conditions; it supports only the functions that the template uses. */
function truth(value: Value, all: Parameters): boolean {
  const [name, of] = onlyEntry(value)
  const list = of as readonly Value[]
  if (name === 'Fn::Equals') return text(list[0] as Value, all) === text(list[1] as Value, all)
  if (name === 'Fn::Not') return !truth(list[0] as Value, all)
  if (name === 'Fn::And') return list.every((one) => truth(one, all))
  if (name === 'Fn::Or') return list.some((one) => truth(one, all))
  if (name === 'Condition') return conditionHolds(of as string, all)
  throw new Error(`a condition cannot be ${name}`)
}

function text(value: Value, all: Parameters): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const [name, of] = onlyEntry(value)
  if (name === 'Ref') return all[of as string] ?? ''
  if (name === 'Fn::Join') {
    const [between, list] = of as readonly [string, Value]
    return text(list, all).split(',').join(between)
  }
  throw new Error(`a text cannot be ${name}`)
}

function onlyEntry(value: Value): [string, Value] {
  const entries = Object.entries(value as object)
  if (entries.length !== 1) throw new Error(`one function is wanted in ${JSON.stringify(value)}`)
  return entries[0] as [string, Value]
}
