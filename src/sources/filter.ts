import { keyOf } from '../aws/s3-uri.ts'
import { expression } from '../lib/expressions.ts'
import type { Filter } from './settings.ts'

/** The part of a filter that excludes an object. */
export type FilteredBy = 'its key' | 'its account' | 'its Region' | 'a regular expression'

/**
 * The part of a filter that excludes an object, by its URI; undefined when it is included. A key without an
 * account passes the filter by account.
 */
export function filteredBy(filter: Filter): (uri: string) => FilteredBy | undefined {
  const { include, exclude, accounts, regions } = filter
  const match = filter.match === undefined ? undefined : expression(filter.match)
  const reject = filter.reject === undefined ? undefined : expression(filter.reject)
  return (uri) => {
    const key = keyOf(uri)
    const { account, region } = ownerOf(key)
    const begins = (prefix: string) => key.startsWith(prefix)
    if ((include.length > 0 && !include.some(begins)) || exclude.some(begins)) return 'its key'
    if (accounts.length > 0 && account !== undefined && !accounts.includes(account)) return 'its account'
    if (regions.length > 0 && region !== undefined && !regions.includes(region)) return 'its Region'
    return match?.test(key) === false || reject?.test(key) ? 'a regular expression' : undefined
  }
}

const OWNER = /(?:^|\/)AWSLogs\/(?:o-[a-z0-9]{10,32}\/)?(\d{12})\/[^/]+\/([a-z]{2,}(?:-[a-z]+)+-\d+)\//

/** The account and the Region in a key: `…/AWSLogs/[o-…/]111122223333/CloudTrail/eu-central-1/…`. */
export function ownerOf(key: string): { account?: string; region?: string } {
  // The prefix of a trail may contain anything, even another AWSLogs: the last one counts.
  const found = OWNER.exec(key.slice(Math.max(0, key.lastIndexOf('AWSLogs/') - 1)))
  return found ? { account: found[1] as string, region: found[2] as string } : {}
}

const FOLDER =
  /(?:^|\/)AWSLogs\/(?:o-[a-z0-9]{10,32}\/)?(\d{12})\/(?:[^/]+\/(?:([a-z]{2,}(?:-[a-z]+)+-\d+)\/)?)?$/

/**
 * Whether a folder (`…/AWSLogs/111122223333/CloudTrail/`) may contain objects that pass a filter by account
 * and Region.
 */
export function mayPass({ accounts, regions }: Filter): (folder: string) => boolean {
  return (folder) => {
    const [, account, region] = FOLDER.exec(folder) ?? []
    return (
      (accounts.length === 0 || account === undefined || accounts.includes(account)) &&
      (regions.length === 0 || region === undefined || regions.includes(region))
    )
  }
}
