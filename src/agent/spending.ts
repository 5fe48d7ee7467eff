import type { Model, ModelRequest, Reply, Usage } from '../model/contract.ts'
import { ModelError } from '../model/errors.ts'
import type { ModelLimits, Prices } from '../model/settings.ts'
import { addUsage, costOf, noUsage, tokensOf } from '../model/tokens.ts'

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
  /** Most US dollars; the configured limit when it is not given. */
  maxUsd?: number | undefined
  signal: AbortSignal
  onRetry(fault: string, seconds: number): void
}

export function spendingOf(
  model: Model,
  { limits, prices, maxUsd, signal, onRetry }: SpendingOptions,
): Spending {
  const most = maxUsd ?? limits.usd
  let turns = 0
  let statements = 0
  let usage = noUsage
  const usd = () => costOf(usage, prices)

  function check(request: Pick<ModelRequest, 'system' | 'messages'>): void {
    if (turns >= limits.turns)
      throw new Spent('turns', `${limits.turns} calls of the model are the most for one question`)
    const next = tokensOf(request.system + JSON.stringify(request.messages), 'prose')
    if (usage.input + usage.output + next > limits.tokens)
      throw new Spent('tokens', `${limits.tokens} tokens are the most for one question`)
    if (most === undefined) return
    // What the call may cost at most, before it is made.
    const after = costOf(
      { input: usage.input + next, output: usage.output + limits.output_tokens, estimated: true },
      prices,
    )
    if (after === undefined) throw new Spent('usd', 'a limit in dollars needs model.prices in loglake.yaml')
    if (after > most) throw new Spent('usd', `US$ ${most} are the most for one question`)
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
