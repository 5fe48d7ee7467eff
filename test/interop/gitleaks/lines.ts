import { createHash } from 'node:crypto'
import { rules } from '../../../src/scan/secrets/rules.ts'
import { type Chance, sampleOf } from './sample.ts'

/**
 * Lines with and without secrets. Every value is computed, so that scanners of repositories do not take this file for a
 * leak, and none is anybody's.
 */
export interface Line {
  /** What it is made for: a rule, or a kind of text without a secret. */
  about: string
  text: string
}

/** Numbers from 0 to 1, the same for a seed. */
function chanceOf(seed: string): Chance {
  let block = Buffer.alloc(0)
  let count = 0
  return () => {
    if (block.length < 4) block = createHash('sha512').update(`${seed} ${count++}`).digest()
    const value = block.readUInt32BE() / 2 ** 32
    block = block.subarray(4)
    return value
  }
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'
const of = (letters: string) => (length: number, seed: string) => {
  const chance = chanceOf(seed)
  return Array.from({ length }, () => letters[Math.floor(chance() * letters.length)]).join('')
}
const word = of(LETTERS)
const hex = of('0123456789abcdef')
const base64 = of(`${LETTERS}+/`)

/** How a value stands in a line. */
const AROUND: readonly [string, string][] = [
  ['', ''],
  ['see ', ' there'],
  ['export VALUE="', '"'],
]

/** Lines that the pattern of a rule makes, some for each. */
function byRules(): Line[] {
  return rules.flatMap(({ id, source, gate = [] }) =>
    AROUND.map(([before, after], at): Line => {
      const text = sampleOf(source, chanceOf(`${id} ${at}`))
      const lower = text.toLowerCase()
      const word = gate.length === 0 || gate.some((one) => lower.includes(one)) ? '' : `${gate[0]} `
      return { about: id, text: `${word}${before}${text}${after}` }
    }),
  )
}

const uuid = (seed: string) => {
  const digits = hex(32, seed)
  return [8, 12, 16, 20].reduce(
    (text, at, place) => `${text.slice(0, at + place)}-${text.slice(at + place)}`,
    digits,
  )
}

function written(): Line[] {
  const key = ['BEGIN', 'END'].map((side) => `-----${side} RSA PRIVATE KEY-----`)
  const secret: [string, string][] = [
    ['private-key', `${key[0]}\n${base64(64, 'k1')}\n${base64(64, 'k2')}\n${key[1]}`],
    ['private-key', `key: "${key[0]}\\n${base64(64, 'k3')}\\n${key[1]}"`],
    ['curl-auth-header', `curl -H "Authorization: Bearer ${word(40, 'c1')}" https://api.example.org/v1`],
    ['curl-auth-header', `curl --header 'X-Api-Key: ${word(32, 'c2')}' https://api.example.org`],
    ['curl-auth-header', `curl https://api.example.org \\\n  -H "Authorization: Basic ${base64(24, 'c3')}"`],
    ['curl-auth-user', `curl -u "deploy:${word(14, 'c4')}" https://api.example.org`],
    ['curl-auth-user', `curl https://api.example.org --user deploy:${word(14, 'c5')}`],
    [
      'kubernetes-secret-yaml',
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: ${base64(24, 'y1')}`,
    ],
    ['kubernetes-secret-yaml', `data:\n  password: ${base64(24, 'y2')}\nkind: Secret`],
    ...[
      'password',
      'passwd',
      'api_key',
      'apiKey',
      'API-KEY',
      'access_token',
      'auth',
      'client_secret',
      'credentials',
      'db_password',
      'secret',
      'token',
    ].flatMap((name): [string, string][] => [
      ['generic-api-key', `${name} = "${word(24, `${name} 1`)}"`],
      ['generic-api-key', `"${name}": "${hex(40, `${name} 2`)}",`],
      ['generic-api-key', `${name}: ${word(32, `${name} 3`)}`],
      [
        'generic-api-key',
        `export MY_${name.toUpperCase().replaceAll('-', '_')}='${base64(30, `${name} 4`)}'`,
      ],
      ['generic-api-key', `${name}=${word(9, `${name} 5`)}`],
    ]),
    [
      'two in a line',
      `github = "ghp_${word(36, 'g1')}" slack = "xoxb-${'123456789012'}-${'123456789012'}${word(24, 'g2')}"`,
    ],
    ['two in a line', `token = "ghp_${word(36, 'g3')}"`],
    ['in a URL', `https://user:${word(16, 'u1')}@example.org/path?token=${word(32, 'u2')}`],
    [
      'in JSON',
      `{"aws":{"access_key":"AKIA${of('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')(16, 'a1')}","secret":"${base64(40, 'a2')}"}}`,
    ],
    ['in a prompt', `My key is sk-ant-api03-${word(93, 'p1')}AA, why do I get 401?`],
    ['a token of three parts', `Cookie: session=ey${word(30, 'j1')}.ey${word(60, 'j2')}.${word(43, 'j3')}`],
  ]
  const none: [string, string][] = [
    ...[
      'The key to the success of this project is a good plan.',
      'Please reset my password, I cannot sign in since this morning.',
      'token = None',
      'password = getpass.getpass()',
      'password: "{{ vault_db_password }}"',
      'api_key = os.environ["API_KEY"]',
      'apiKey: process.env.API_KEY,',
      'secret = "changeme"',
      'secret = "xxxxxxxxxxxxxxxxxxxxxxxx"',
      'token: "<your-token-here>"',
      'auth: required',
      'SECRET_NAME=projects/demo/secrets/database/versions/latest',
      'if token == expected_token_of_the_session:',
      'import { token, secret } from "./settings"',
      'def rotate_access_key(user_name, access_key_id):',
      'access_key = response["AccessKey"]["AccessKeyId"]',
      'const password = await promptForPassword("Password: ")',
      'RUN --mount=type=secret,id=npmrc npm ci',
      'curl -H "Accept: application/json" https://api.example.org/v1/items',
      'curl -H "Authorization: Bearer $TOKEN" https://api.example.org/v1/items',
      'curl -u "$USER:$PASSWORD" https://api.example.org',
      'kind: Secret\nmetadata:\n  name: empty\ndata: {}',
      'kind: ConfigMap\ndata:\n  mode: production',
      '-----BEGIN PUBLIC KEY-----',
      'ssh-ed25519 is the type of the key that we use',
      'The secret of a good soup is patience and a low heat.',
      'max_tokens: 4096',
      '"inputTokenCount": 1893, "outputTokenCount": 512',
      'nextToken: null',
      'The access token expires after 3600 seconds.',
      'primary_key = "customer_identifier_of_the_order"',
      'keyboard_layout = "de-latin1-nodeadkeys"',
      'author: somebody.with.a.long.name@example.org',
      'monkey = "chimpanzee_and_orangutan_1"',
      'password_policy = "minimum-length-fourteen"',
      'foreign key (account_id) references account (id)',
      'api_version = "2026-01-07-preview-of-the-new-one"',
      'Cannot read properties of undefined (reading "token")',
      '2026-01-07T22:16:43Z ERROR invalid token at position 42',
      'arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/database',
    ].map((text): [string, string] => ['no secret', text]),
    ...Array.from({ length: 12 }, (_, at): [string, string][] => [
      ['an id', `"requestID": "${uuid(`r${at}`)}", "eventID": "${uuid(`e${at}`)}"`],
      ['a commit', `commit ${hex(40, `commit ${at}`)}`],
      ['a hash of a package', `"integrity": "sha512-${base64(86, `sha ${at}`)}==",`],
      ['a hash of an image', `image: registry.example.org/app@sha256:${hex(64, `image ${at}`)}`],
      [
        'an account',
        `arn:aws:iam::${of('0123456789')(12, `acc ${at}`)}:role/service-role/deploy-${hex(8, `role ${at}`)}`,
      ],
      ['a hash in a URL', `https://cdn.example.org/assets/app.${hex(20, `asset ${at}`)}.js`],
      ['an example of AWS', `aws_access_key_id = AKIA${'IOSFODNN7'}${'EXAMPLE'} # ${at}`],
    ]).flat(),
  ]
  return [...secret, ...none].map(([about, text]) => ({ about, text }))
}

export const lines: readonly Line[] = [...byRules(), ...written()]
