import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Signed {
  cert: string
  key: string
}

/** An authority, and certificates that it signed for this machine and given hosts: made by openssl for each run. */
export interface Certificates {
  ca: string
  server: Signed
  client: Signed
  /** Was good for one day, two years ago. */
  expired: Signed
}

export function makeCertificates(hosts: readonly string[] = []): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'loglake-certificates-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  try {
    const names = ['IP:127.0.0.1', ...['localhost', ...hosts].map((host) => `DNS:${host}`)]
    writeFileSync(join(folder, 'ext'), `subjectAltName=${names.join()}\n`)
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '30',
      '-subj',
      '/CN=test authority',
    )
    const signed = (name: string, when: readonly string[]): Signed => {
      openssl(
        'req',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
        '-subj',
        `/CN=${name}`,
      )
      openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-out',
        `${name}.pem`,
        '-extfile',
        'ext',
        ...when,
      )
      return { cert: read(`${name}.pem`), key: read(`${name}.key`) }
    }
    return {
      ca: read('ca.pem'),
      server: signed('server', ['-days', '30']),
      client: signed('client', ['-days', '30']),
      expired: expiredBy(folder, openssl, read),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** `openssl ca` alone takes dates in the past. */
function expiredBy(
  folder: string,
  openssl: (...args: string[]) => Buffer,
  read: (name: string) => string,
): Signed {
  writeFileSync(join(folder, 'index.txt'), '')
  writeFileSync(join(folder, 'serial'), '1000\n')
  writeFileSync(
    join(folder, 'ca.cnf'),
    `[ca]\ndefault_ca=one\n[one]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ncertificate=ca.pem\nprivate_key=ca.key\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n`,
  )
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'old.key', '-out', 'old.csr', '-subj', '/CN=old')
  openssl(
    'ca',
    '-config',
    'ca.cnf',
    '-batch',
    '-notext',
    '-in',
    'old.csr',
    '-out',
    'old.pem',
    '-startdate',
    '20240101000000Z',
    '-enddate',
    '20240102000000Z',
    '-extfile',
    'ext',
  )
  return { cert: read('old.pem'), key: read('old.key') }
}
