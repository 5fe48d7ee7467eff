/** Describes bytes that are not a known log, by their beginning, without quoting them. */
export function look(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 512)).toString('latin1')
  return signature(head) ?? (isBinary(head.slice(0, 64)) ? 'binary data' : text(head))
}

/** The format of bytes that begin with a magic number, so that they are not searched for JSON. */
export function signatureOf(bytes: Uint8Array): string | undefined {
  return signature(Buffer.from(bytes.subarray(0, 512)).toString('latin1'))
}

const SIGNATURES: readonly [name: string, magic: string][] = [
  ['a ZIP archive', 'PK\x03\x04'],
  ['a 7z archive', '7z\xbc\xaf\x27\x1c'],
  ['a RAR archive', 'Rar!\x1a\x07'],
  ['a Parquet file', 'PAR1'],
  ['an ORC file', 'ORC'],
  ['an Avro file', 'Obj\x01'],
  ['an SQLite database', 'SQLite format 3\0'],
  ['a PDF', '%PDF'],
  ['HTML', '<!DOCTYPE'],
  ['HTML', '<html'],
  ['XML', '<?xml'],
  ['zstd data', '\x28\xb5\x2f\xfd'],
  ['gzip data', '\x1f\x8b'],
  ['xz data', '\xfd7zXZ\0'],
  ['lzip data', 'LZIP'],
  ['lz4 data', '\x04\x22\x4d\x18'],
  ['lz4 data', '\x02\x21\x4c\x18'],
  ['snappy data', '\xff\x06\0\0sNaPpY'],
  ['snappy data', '\x82SNAPPY\0'],
  ['lzop data', '\x89LZO\0'],
  ['data of compress(1)', '\x1f\x9d'],
  ['UTF-32 text', '\xff\xfe\0\0'],
  ['UTF-32 text', '\0\0\xfe\xff'],
]

function signature(head: string): string | undefined {
  if (/^BZh[1-9]1AY&SY/.test(head)) return 'bzip2 data'
  if (head.slice(257, 262) === 'ustar') return 'a tar archive'
  if (isUtf16(head)) return 'UTF-16 text without a byte order mark'
  return SIGNATURES.find(([, magic]) => head.startsWith(magic))?.[0]
}

function isBinary(head: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character is what tells text from data
  return /[\x00-\x08\x0e-\x1f]/.test(head)
}

/** Whether every other byte is zero, and the others are text. */
function isUtf16(head: string): boolean {
  return /^(?:[\x20-\x7e\t\r\n]\0){2}/.test(head) || /^(?:\0[\x20-\x7e\t\r\n]){2}/.test(head)
}

/** Text logs of AWS: they have no log type here, but are often stored next to logs that do. */
const TEXTS: readonly [name: string, form: RegExp][] = [
  ['a CloudFront access log', /^#Version: 1\.0\s+#Fields: /],
  ['a log with W3C fields', /^#(?:Software|Version|Date|Fields): /],
  [
    'an Application Load Balancer access log',
    /^(?:https?|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT[\d:.]+Z (?:app\/|\S+ )/,
  ],
  ['a Network Load Balancer access log', /^tls \d\.\d \d{4}-\d\d-\d\dT[\d:]+ net\//],
  ['an Application Load Balancer connection log', /^\d{4}-\d\d-\d\dT[\d:.]+Z [\d.:a-f]+ \d+ \d+ (?:TLSv|-)/],
  [
    'a Classic Load Balancer access log',
    /^\d{4}-\d\d-\d\dT[\d:.]+Z \S+ [\d.]+:\d+ (?:[\d.]+:\d+|-) -?[\d.]+ -?[\d.]+ /,
  ],
  ['an S3 server access log', /^[0-9a-f]{64} \S+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:/],
  ['a VPC flow log', /^(?:version account-id |(?:\d+ )?\d{12} eni-[0-9a-f]+ )/],
  ['a Route 53 query log', /^\d\.\d \d{4}-\d\d-\d\dT[\d:.]+Z Z[A-Z0-9]+ /],
]

function text(head: string): string {
  const known = TEXTS.find(([, form]) => form.test(head))
  return known ? `plain text, ${known[0]}` : 'plain text'
}
