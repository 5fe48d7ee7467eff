import type { Step } from '../state.ts'
import type { BundleContent } from './content.ts'

/**
 * The decision as a page to print: no script, no external content, and text of people and logs only as text.
 */
export function decisionPage(content: BundleContent): string {
  const { review, steps, digest, objects, access, exported, rowsAre } = content
  const decided = steps.findLast(({ kind }) => kind === 'decided')
  const facts: [string, string][] = [
    ['Review', review.id],
    ['Person', review.person ?? 'not known'],
    ['Began', review.started ?? 'not known'],
    [
      'Decision',
      decided?.decision === 'confirm' ? 'confirmed' : decided?.decision === 'deny' ? 'denied' : 'none yet',
    ],
    ['Reason', decided?.reason ?? ''],
    ['Decided by', decided ? `${decided.by_name} (${decided.by_role}, ${decided.by_signed_in})` : ''],
    ['Decided at', decided?.at ?? ''],
    ['Version of the lake', decided ? String(decided.lake_version) : ''],
    ['Digest of the rows shown', decided?.evidence_digest ?? ''],
    ['Digest of the rows now', `${digest.sha256} (${digest.rows} rows, version ${digest.lakeVersion})`],
    ['Rows in this bundle', rowsAre],
    ['Objects', String(objects.length)],
    ['Exported', `${exported.at} by ${exported.by} (${exported.role}), loglake ${exported.program}`],
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Decision on ${escaped(review.id)}</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color: #1a2530 }
h1 { font-size: 20px } h2 { font-size: 15px; margin-top: 2rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: 4px 12px 4px 0; border-bottom: 1px solid #d8dee4; overflow-wrap: anywhere }
th { font-weight: 600; white-space: nowrap } code { font: 12px/1.5 ui-monospace, monospace }
@media print { body { margin: 0; max-width: none } h2 { break-after: avoid } tr { break-inside: avoid } }
</style>
</head>
<body>
<h1>Decision on a session</h1>
<p><strong>What this proves.</strong> Integrity: nothing in this bundle was changed since it was signed (VERIFY.md). Origin: the key
whose id VERIFY.md names signed it. It does not prove the time, unless a copy of the signature was kept elsewhere; and of
completeness only what the logs themselves prove.</p>
<table>${facts.map(([name, value]) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(value)}</td></tr>`).join('\n')}</table>
<h2>Steps</h2>
<table><tr><th>#</th><th>When</th><th>What</th><th>By</th><th>Reason</th></tr>
${steps.map(stepRow).join('\n')}</table>
<h2>Who saw it</h2>
<table><tr><th>When</th><th>Who</th><th>What</th><th>Unmasked</th></tr>
${access.map((one) => `<tr>${['time', 'name', 'operation', 'unmasked'].map((name) => `<td>${escaped(String(one[name] ?? ''))}</td>`).join('')}</tr>`).join('\n')}</table>
</body>
</html>
`
}

function stepRow({ seq, at, kind, by_name, on_behalf_of, reason, decision }: Step): string {
  const by = on_behalf_of === null ? by_name : `${by_name} for ${on_behalf_of}`
  const what = decision === null ? kind.replace('_', ' ') : `${kind}: ${decision}`
  return `<tr>${[String(seq), at, what, by, reason ?? ''].map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`
}

/** Text escaped for HTML; invisible characters and marks of direction are shown by their numbers. */
function escaped(text: string): string {
  return text
    .replace(
      /[\p{Cc}\p{Cf}]/gu,
      (one) => `[U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
