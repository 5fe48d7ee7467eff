import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Where queries for the CloudTrail table of the Athena guide are published: clones of these, side by side in one folder. Their text is
 * none of ours, and is not kept here.
 */
const PLACES = [
  // https://github.com/awslabs/aws-security-analytics-bootstrap (Apache-2.0)
  'aws-security-analytics-bootstrap/AWSSecurityAnalyticsBootstrap/sql/dml/analytics/cloudtrail',
  // https://github.com/aws-samples/aws-incident-response-playbooks (MIT-0)
  'aws-incident-response-playbooks',
  // https://github.com/easttimor/aws-incident-response (MIT)
  'aws-incident-response',
] as const

const TABLE = /\b(from|join)\s+"?[a-z_]*cloudtrail[a-z_0-9]*"?(?=[\s,;)]|$)/gi

/** The distinct queries in a folder of clones, with our view's name in the place of the table's. */
export function publishedQueries(clones: string): string[] {
  const found = new Map<string, string>()
  for (const place of PLACES) {
    const root = join(clones, place)
    if (!existsSync(root)) throw new Error(`${root}: no clone is there`)
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!/\.(sql|md)$/.test(name) || name.startsWith('.git')) continue
      const text = readFileSync(join(root, name), 'utf8')
      for (const block of name.endsWith('.sql') ? [text] : fenced(text))
        for (const query of queriesIn(block)) {
          const plain = query.toLowerCase().replace(/\s+/g, ' ')
          if (!found.has(plain)) found.set(plain, query.replace(TABLE, '$1 athena.cloudtrail_logs'))
        }
    }
  }
  return [...found.values()]
}

function fenced(markdown: string): string[] {
  return [...markdown.matchAll(/```[a-z]*\n([\s\S]*?)```/g)].map(([, block = '']) => block)
}

/** Statements end with a semicolon, with an empty line before the next, or where something is created. */
function queriesIn(sql: string): string[] {
  return sql
    .replace(/--.*$/gm, '')
    .split(/;\s*(?:\n|$)|\n\s*\n(?=\s*(?:select|with)\b)|^(?=create\b)/gim)
    .map((text) => text.trim().replace(/;$/, '').trim())
    .filter((text) => /^(select|with)\b/i.test(text) && text.search(TABLE) >= 0)
}
