import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'

const openssl = promisify(execFile)

/** How an authority of time answers: rightly, or wrongly in one way. */
export type Manner =
  | 'right'
  | 'wrong-nonce'
  | 'wrong-imprint'
  | 'rejected'
  | 'expired'
  | 'garbage'
  | 'no-certificate'
  | 'too-much'
  | 'status'
  | 'redirect'
  | 'slow'

export interface TimeAuthority {
  url: string
  /** PEM of its root, and the file. */
  root: string
  rootFile: string
  /** How it answers from now on. */
  manner: Manner
  /** How often it was asked. */
  asked: number
  close(): Promise<void>
}

const CONFIG = (place: string) => `
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
[tsa]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ca]
new_certs_dir = ${place}
database = ${place}/index.txt
serial = ${place}/number
default_md = sha256
policy = any
[any]
commonName = supplied
[stamps]
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
accuracy = secs:1
serial = ${place}/serial
[others]
default_policy = 1.2.3.4.1
digests = sha512
signer_digest = sha256
ess_cert_id_alg = sha256
serial = ${place}/serial
`

/** An RFC 3161 authority with a root of its own: `openssl ts -reply` behind HTTP. */
export async function timeAuthority(place: string): Promise<TimeAuthority> {
  mkdirSync(place, { recursive: true })
  const at = (name: string) => join(place, name)
  const run = async (...given: string[]) => await openssl('openssl', given, { cwd: place })
  writeFileSync(at('openssl.cnf'), CONFIG(place))
  writeFileSync(at('index.txt'), '')
  writeFileSync(at('number'), '1000\n')
  writeFileSync(at('serial'), '01\n')
  const config = ['-config', 'openssl.cnf']
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...config]
  await run(
    ...['req', '-x509', ...fresh, '-keyout', 'root.key', '-out', 'root.pem'],
    ...['-subj', '/CN=Root of a test', '-days', '30', '-extensions', 'root'],
  )
  const now = Date.now()
  const spans = { right: [now - 86_400_000, now + 30 * 86_400_000], expired: [now - 9e9, now - 86_400_000] }
  for (const [name, span] of Object.entries(spans)) {
    const [from, to] = span.map((ms) => `${new Date(ms).toISOString().replace(/[-:T]|\..*/g, '')}Z`) as [
      string,
      string,
    ]
    await run(
      'req',
      '-new',
      ...fresh,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=Time ${name}`,
    )
    await run(
      ...['ca', '-batch', '-notext', ...config, '-name', 'ca', '-cert', 'root.pem', '-keyfile', 'root.key'],
      ...[
        '-in',
        `${name}.csr`,
        '-out',
        `${name}.pem`,
        '-startdate',
        from,
        '-enddate',
        to,
        '-extensions',
        'tsa',
      ],
    )
  }
  let number = 0
  const reply = async (query: Buffer, signer: string, section = 'stamps', nonce = true) => {
    const name = String(++number)
    writeFileSync(at(`${name}.tsq`), query)
    const other = nonce ? name : `${name}-other`
    if (!nonce) {
      const imprint = query
        .subarray(query.indexOf(Buffer.from('0420', 'hex')) + 2)
        .subarray(0, 32)
        .toString('hex')
      await run('ts', '-query', ...config, '-sha256', '-cert', '-digest', imprint, '-out', `${other}.tsq`)
    }
    await run(
      ...[
        'ts',
        '-reply',
        ...config,
        '-section',
        section,
        '-queryfile',
        `${other}.tsq`,
        '-inkey',
        `${signer}.key`,
      ],
      ...['-signer', `${signer}.pem`, '-out', `${name}.tsr`],
    )
    return readFileSync(at(`${name}.tsr`))
  }
  const answer = async (query: Buffer, manner: Manner): Promise<Buffer> => {
    if (manner === 'rejected') return await reply(query, 'right', 'others')
    if (manner === 'expired') return await reply(query, 'expired')
    if (manner === 'wrong-nonce') return await reply(query, 'right', 'stamps', false)
    if (manner === 'garbage') return Buffer.from('<html>a proxy that knows better</html>')
    if (manner === 'too-much') return Buffer.alloc(3 << 20, 48)
    const asked = Buffer.from(query)
    if (manner === 'wrong-imprint') {
      const hash = asked.indexOf(Buffer.from('0420', 'hex')) + 2
      asked[hash] = (asked[hash] as number) ^ 1
    }
    // The last byte says whether the certificate is wanted in the answer.
    if (manner === 'no-certificate') asked[asked.length - 1] = 0
    return await reply(asked, 'right')
  }
  const server = createServer(async (request, response) => {
    authority.asked++
    const { manner } = authority
    const query = await buffer(request)
    if (manner === 'slow') return
    if (manner === 'status') return response.writeHead(503).end()
    if (manner === 'redirect') return response.writeHead(302, { location: authority.url }).end()
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' })
    response.end(await answer(query, manner))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const authority: TimeAuthority = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    root: readFileSync(at('root.pem'), 'utf8'),
    rootFile: at('root.pem'),
    manner: 'right',
    asked: 0,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return authority
}
