/**
 * The names of AWS calls that generated rules are about: verbs that change something, and what they change.
 */
const VERBS = ['Create', 'Delete', 'Update', 'Put', 'Attach', 'Detach', 'Modify', 'Disable', 'Enable', 'Stop']
const THINGS = [
  ...[
    'User',
    'Role',
    'Policy',
    'AccessKey',
    'LoginProfile',
    'Group',
    'Bucket',
    'BucketPolicy',
    'Trail',
    'Key',
  ],
  ...['Grant', 'Alias', 'Function', 'Layer', 'Endpoint', 'Model', 'Guardrail', 'Agent', 'Domain', 'Vpc'],
  ...[
    'Subnet',
    'Route',
    'Gateway',
    'SecurityGroup',
    'Instance',
    'Volume',
    'Snapshot',
    'Image',
    'Cluster',
    'Task',
  ],
  ...['Queue', 'Topic', 'Secret', 'Parameter', 'Rule', 'Detector', 'Recorder', 'Stream', 'Table', 'Backup'],
  ...[
    'Certificate',
    'HostedZone',
    'Distribution',
    'Pipeline',
    'Job',
    'Notebook',
    'Dashboard',
    'Alarm',
    'Log',
    'Stack',
  ],
]
const FREQUENT = [
  'GetObject',
  'AssumeRole',
  'Decrypt',
  'DescribeInstances',
  'ListBuckets',
  'PutObject',
  'InvokeModel',
]

/**
 * Rules as organisations write them: most are about one call, some about a handful with a condition on JSON
 * or the caller; a few are about calls that happen all the time, and a few about none by name.
 */
export function madeRules(count: number): string {
  return Array.from({ length: count }, (_, at) => ruleText(at)).join('\n---\n')
}

function ruleText(at: number): string {
  const name = (shift: number) =>
    `${VERBS[(at + shift) % VERBS.length]}${THINGS[(at * 7 + shift) % THINGS.length]}`
  const head = `title: Made rule ${at}\nid: made-${at}\nlevel: low\nlogsource:\n  product: aws\n  service: cloudtrail\n`
  if (at % 160 === 0)
    return `${head}detection:\n  selection:\n    userAgent|contains: tool-${at}\n  condition: selection`
  if (at % 20 === 0)
    return `${head}detection:\n  selection:\n    eventName: ${FREQUENT[(at / 20) % FREQUENT.length]}\n    sourceIPAddress|cidr: 203.0.${at % 256}.0/24\n  filter:\n    userAgent|startswith: aws-internal\n  condition: selection and not filter`
  if (at % 5 === 0)
    return `${head}detection:\n  selection:\n    eventName:\n      - ${name(0)}\n      - ${name(1)}\n      - ${name(2)}\n    requestParameters.policyDocument|contains: '"*"'\n  condition: selection`
  return `${head}detection:\n  selection:\n    eventSource|endswith: .amazonaws.com\n    eventName: ${name(0)}\n  condition: selection`
}
