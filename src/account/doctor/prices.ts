/**
 * List prices of us-east-1 in US dollars, from AWS's pricing pages in 2026: for an estimate, not for a bill.
 */
export const PRICES = {
  at: '2026-11, us-east-1',
  s3Get: 0.0004 / 1000,
  s3List: 0.005 / 1000,
  sqs: 0.4 / 1_000_000,
  sqsFree: 1_000_000,
  kms: 0.03 / 10_000,
} as const
