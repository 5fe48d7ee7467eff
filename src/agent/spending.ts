import type { Model, ModelRequest, Reply, Usage } from '../model/contract.ts'
import { ModelError } from '../model/errors.ts'
import { requestTokens } from '../model/request-size.ts'
import type { ModelLimits, Prices } from '../model/settings.ts'
import { addUsage, costOf, noUsage } from '../model/tokens.ts'

/** A bound was reached: the run ends with what it has. */
export class Spent extends Error {
  override name = 'Spent'
  readonly bound: string
  constructor(bound: string, message: string) {
    super(message)
    this.bound = bound
  }
}

/** Counts what a run uses up, and ends it at its bounds. Every call of a model goes through it. */
export interface Spending {
  readonly turns: number
  readonly statements: number
  readonly usage: Usage
  readonly usd: number | undefined
  /** Calls the model, when that is still within the bounds. */
  call(request: Omit<ModelRequest, 'signal' | 'maxOutputTokens'>): Promise<Reply>
  /** Counts a statement of SQL. */
  statement(): void
}

export interface SpendingOptions {
  limits: ModelLimits
  prices: Prices | undefined
  /** Most US dollars, if that is less than the configured limit. */
  maxUsd?: number | undefined
  signal: AbortSignal
  onRetry(fault: string, seconds: number): void
}

export function spendingOf(
  model: Model,
  { limits, prices, maxUsd, signal, onRetry }: SpendingOptions,
): Spending {
  // Who asks may ask for less than is configured, and not for more.
  const most = [maxUsd, limits.usd].filter((usd) => usd !== undefined)
  const max = most.length === 0 ? undefined : Math.min(...most)
  let turns = 0
  let statements = 0
  let usage = noUsage
  const usd = () => costOf(usage, prices)

  function check(request: ModelRequest): void {
    if (turns >= limits.turns)
      throw new Spent('turns', `${limits.turns} calls of the model are the most for one question`)
    const next = requestTokens(request)
    if (usage.input + usage.output + next > limits.tokens)
      throw new Spent('tokens', `${limits.tokens} tokens are the most for one question`)
    if (max === undefined) return
    // What the call may cost at most, before it is made.
    const after = costOf(
      { input: usage.input + next, output: usage.output + limits.output_tokens, estimated: true },
      prices,
    )
    if (after === undefined) throw new Spent('usd', 'a limit in dollars needs model.prices in loglake.yaml')
    if (after > max) throw new Spent('usd', `US$ ${max} are the most for one question`)
  }

  return {
    get turns() {
      return turns
    },
    get statements() {
      return statements
    },
    get usage() {
      return usage
    },
    get usd() {
      return usd()
    },
    async call(request) {
      check(request)
      turns++
      try {
        const reply = await model.generate({
          ...request,
          signal,
          maxOutputTokens: limits.output_tokens,
          onRetry,
        })
        usage = addUsage(usage, reply.usage)
        return reply
      } catch (thrown) {
        if (thrown instanceof ModelError) usage = addUsage(usage, thrown.usage)
        throw thrown
      }
    },
    statement() {
      if (statements >= limits.statements)
        throw new Spent('statements', `${limits.statements} statements are the most for one question`)
      statements++
    },
  }
}
