import type { StandardRetryStrategy } from '@smithy/core/retry'

type Retries = Pick<
  StandardRetryStrategy,
  'acquireInitialRetryToken' | 'refreshRetryTokenForRetry' | 'recordSuccess'
>

/** Answers that no clock is the reason of: what was asked for is not there, or is there already. */
const NOT_THE_CLOCK = [304, 404, 412]

/**
 * The SDK's standard retries, with a budget for each request. The SDK's own budget is shared by all requests
 * of a client, and less is put back than was taken: where a service failed in every fourth request, a worker
 * ended after a thousand requests, at one that had failed twice. Requests in flight are bounded elsewhere.
 *
 * Where the clock of the machine is wrong by minutes, the SDK takes every refusal for one for this reason,
 * and would ask eight times for each object that is not there.
 *
 * @param attempts of a request
 */
export function retriesOf(attempts: number): Retries {
  // Loaded with the first request, like the SDK.
  const fresh = async () => new (await import('@smithy/core/retry')).StandardRetryStrategy(attempts)
  return {
    acquireInitialRetryToken: async (scope) => (await fresh()).acquireInitialRetryToken(scope),
    refreshRetryTokenForRetry: async (token, failed) =>
      (await fresh()).refreshRetryTokenForRetry(
        token,
        isSettled(failed.error) ? { ...failed, errorType: 'CLIENT_ERROR' } : failed,
      ),
    recordSuccess: () => undefined,
  }
}

function isSettled(error: unknown): boolean {
  const { $metadata } = (error ?? {}) as {
    $metadata?: { clockSkewCorrected?: true; httpStatusCode?: number }
  }
  return $metadata?.clockSkewCorrected === true && NOT_THE_CLOCK.includes($metadata.httpStatusCode ?? 0)
}
