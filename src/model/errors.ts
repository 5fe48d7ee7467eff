import type { Usage } from './contract.ts'

/**
 * What can go wrong with a model:
 *
 * - `throttled`: too many calls or tokens at once, or a quota is used up
 * - `unavailable`: it is not served now, or its address does not answer
 * - `cut`: the answer broke off on its way
 * - `too-long`: what was sent does not fit into the model
 * - `guardrail`: a guardrail or a filter of the provider stopped it
 * - `malformed`: the answer has not the form that was asked for
 * - `refused`: key, credentials or permission are missing or wrong
 * - `wrong`: the provider does not accept the request, as for a model that it does not have
 */
export type ModelFault =
  | 'throttled'
  | 'unavailable'
  | 'cut'
  | 'too-long'
  | 'guardrail'
  | 'malformed'
  | 'refused'
  | 'wrong'

/**
 * A model did not answer as it should. Its message is safe to show: it contains no part of request or answer.
 */
export class ModelError extends Error {
  override name = 'ModelError'
  readonly fault: ModelFault
  /** The usage of the failed call, where the provider reports it. */
  readonly usage: Usage | undefined
  /** Seconds to wait, as the provider requests. */
  readonly waitSeconds: number | undefined

  constructor(
    fault: ModelFault,
    message: string,
    options: { cause?: unknown; usage?: Usage; waitSeconds?: number | undefined } = {},
  ) {
    super(message, { cause: options.cause })
    this.fault = fault
    this.usage = options.usage
    this.waitSeconds = options.waitSeconds
  }
}

/** Faults that may be over at the next try. */
export function isPassing({ fault }: ModelError): boolean {
  return fault === 'throttled' || fault === 'unavailable' || fault === 'cut'
}
