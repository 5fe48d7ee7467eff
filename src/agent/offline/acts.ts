import { stem, wordsOf } from '../../claims/asked-words.ts'

/**
 * The action that a question asks about (`who deleted a key`): the API calls that perform it, and its words
 * in titles.
 */
export interface Act {
  /** How the names of these APIs begin, as in `Delete`; empty when the question names only a resource. */
  verbs: readonly string[]
  /** The resource in the names of these APIs, as in `User`; empty when the question means all. */
  nouns: readonly string[]
  /** Stems of words that mean the same deed and the same thing. */
  deed: ReadonlySet<string>
  thing: ReadonlySet<string>
}

interface Line {
  form: RegExp
  /** Beginnings or middles of names of APIs. */
  api: readonly string[]
  /** The words for it in titles, as well as the asker's own. */
  told: ReadonlySet<string>
}

/** Words of askers, names of APIs, words of titles. */
const DEEDS: readonly Line[] = [
  line(
    'deleted?|deletes|deleting|remove[sd]?|removing|destroy(?:s|ed)?|wiped?|dropped|terminated?',
    'Delete Remove Terminate',
    'delete remove',
  ),
  line('creates?|created|creating', 'Create Run Allocate Import', 'create new'),
  line(
    'change[sd]?|changing|modif(?:y|ied|ies)|updated?|alter(?:s|ed)?|edit(?:s|ed)?',
    'Put Update Modify Set Attach Detach Add Remove Create Delete Authorize Revoke',
    'change',
  ),
  line(
    'attach(?:ed|es)?|g[ai]ve[sn]?|granted|extend(?:s|ed)?|elevated?',
    'Attach Put Add Update Set',
    'grant change',
  ),
  line(
    'disable[sd]?|deactivated?|(?:turn|switch)(?:s|ed)?(?:\\s\\S+){0,3}?\\soff|stop(?:s|ped)?',
    'Disable Stop Deactivate Delete Put',
    'switch turn disable stop',
  ),
  line('opens?(?:\\s\\S+)?\\sports?|opened(?:\\s\\S+)?\\sports?', 'Authorize', 'open'),
  line('enable[sd]?|activated?', 'Enable Start Activate', 'on enable'),
  line('deploy(?:s|ed)?', 'Create Update', 'deploy create'),
  line('rotate[sd]?', 'Rotate Update', 'rotate'),
  line('reboot(?:s|ed)?|restart(?:s|ed)?', 'Reboot Stop Start', 'reboot restart'),
  line('shared?|publish(?:ed)?|public|expos(?:e|ed)', 'Put Modify Share Add Authorize Delete', 'public open'),
  line('read|retrieved?|fetch(?:ed)?', 'Get BatchGet', 'read'),
]

const THINGS: readonly Line[] = [
  line('(?:cloud)?trails?|logging|recording', 'Logging Trail', 'logging recording trail'),
  line('access[ -]keys?', 'AccessKey', 'key'),
  line('security[ -]groups?|firewall|ports?', 'SecurityGroup', 'security'),
  line('iam[ -]users?|users?', 'User', 'user'),
  line('(?:iam[ -])?roles?', 'Role', 'role'),
  line('polic(?:y|ies)|permissions?|rights?|privileges?', 'Polic UserToGroup', 'policy right'),
  line('buckets?', 'Bucket PublicAccessBlock', 'bucket'),
  line('snapshots?', 'Snapshot', 'snapshot'),
  line('kms[ -]keys?|encryption', 'Key Encryption', 'encryption'),
  line('instances?|virtual[ -]machines?', 'Instance', 'instance'),
  line('databases?', 'DB Table', 'database'),
  line('lambdas?|functions?', 'Function', 'function'),
  line('secrets?', 'Secret', 'secret'),
  line('passwords?', 'Password LoginProfile', 'password'),
  line('mfa(?: devices?)?', 'MFA', 'mfa'),
  line('volumes?', 'Volume', 'volume'),
  line('vpcs?', 'Vpc', 'vpc'),
  line('certificates?', 'Certificate', 'certificate'),
  line('endpoints?', 'Endpoint', 'endpoint'),
  line('models?', 'Model', 'model'),
  line('guardrails?', 'Guardrail', 'guardrail'),
]

/** An action without a resource: `what was deleted`, `who changed anything`. */
const OF_ALL =
  /\b(?:what|anything|something|everything) (?:was|were|got|has been|is|had been) \w+|\b\w+ (?:anything|something)\b/i

/** The action in a question; undefined when it names none on a resource of AWS. */
export function actIn(question: string): Act | undefined {
  const deed = DEEDS.find(({ form }) => form.test(question))
  if (!deed) return undefined
  const things = THINGS.filter(({ form }) => form.test(question))
  // The list is in order of narrowness: a KMS key is no access key, a security group is no group of users.
  const [thing] = things
  if (!thing && !(OF_ALL.test(question) || SERVICE_CHANGES.test(question))) return undefined
  return { verbs: deed.api, nouns: thing?.api ?? [], deed: deed.told, thing: thing?.told ?? new Set() }
}

/** Changes to a service, called by its name: `IAM changes`, `changes of KMS`. */
const SERVICE_CHANGES = /\b[A-Z][A-Z0-9]{1,} changes?\b|\bchanges? (?:of|in|to) (?:the )?[A-Z][A-Z0-9]+\b/

/** Whether a title has words for what was done, and for what it was done to. */
export function tellsOf(title: string, { deed, thing }: Act): boolean {
  const own = new Set(wordsOf(title))
  return thing.size > 0 && [...deed].some((word) => own.has(word)) && [...thing].some((word) => own.has(word))
}

/** A condition on the names of APIs. It must be safe inside a shell's double quotes. */
export function namedLike({ verbs, nouns }: Act): string {
  const of = nouns.length > 1 ? `(${nouns.join('|')})` : (nouns[0] ?? '')
  return `regexp_matches(eventname, '^(${verbs.join('|')})${of === '' ? '' : `.*${of}`}')`
}

function line(asked: string, api: string, told: string): Line {
  return {
    form: new RegExp(`\\b(?:${asked})\\b`, 'i'),
    api: api.split(' '),
    told: new Set(told.split(' ').map(stem)),
  }
}
