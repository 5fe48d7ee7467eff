const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d+$/

/**
 * The Region in a queue's URL, for which requests must be signed; undefined when the URL has none. Covers all
 * partitions and forms: plain (`sqs.REGION.…`), FIPS (`sqs-fips.REGION.…`), dual-stack
 * (`sqs.REGION.api.aws`), VPC endpoints (`vpce-….sqs.REGION.vpce.…`), and the legacy names
 * (`REGION.queue.amazonaws.com`, `queue.amazonaws.com`) of
 * https://docs.aws.amazon.com/general/latest/gr/sqs-service.html.
 */
export function regionOfQueue(url: string): string | undefined {
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  if (host === 'queue.amazonaws.com') return 'us-east-1'
  const names = host.split('.')
  const at = names.findIndex((name) => name === 'sqs' || name === 'sqs-fips')
  const region = names[1] === 'queue' ? names[0] : at < 0 ? undefined : names[at + 1]
  return region !== undefined && REGION.test(region) ? region : undefined
}
