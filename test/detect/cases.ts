/**
 * Rules and the events that they must and must not match: every modifier, condition and form of a value. Each
 * is asked of loglake, and in the part of the tests that needs other programs of pySigma with SQLite and of
 * rsigma too. Where one of them sees it otherwise, `differs` says why.
 */
export interface Case {
  name: string
  /** The `detection` section, indented by two. */
  detection: string
  yes: readonly object[]
  no: readonly object[]
  differs?: Partial<Record<'pysigma' | 'rsigma', string>>
}

/** A field that an event does not have. */
export const ABSENT = Symbol('absent')
type Value = string | number | boolean | null | readonly unknown[] | object | typeof ABSENT

function event(field: string, value: Value): object {
  if (value === ABSENT) return {}
  const keys = field.split('.')
  return keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object
}

/** `field|modifiers: values`, tried with values of that field. */
function on(
  key: string,
  values: unknown,
  yes: readonly Value[],
  no: readonly Value[],
  differs?: Case['differs'],
): Case {
  const [field = ''] = key.split('|')
  return {
    name: `${key}: ${JSON.stringify(values)}`,
    detection: `  selection:\n    ${JSON.stringify(key)}: ${JSON.stringify(values)}\n  condition: selection`,
    yes: yes.map((value) => event(field, value)),
    no: no.map((value) => event(field, value)),
    ...(differs ? { differs } : {}),
  }
}

/**
 * A condition over three selections: `a` userAgent is a, `b` errorCode is b, `c` awsRegion is c. Letters name
 * the events.
 */
function condition(
  text: string,
  yes: readonly string[],
  no: readonly string[],
  differs?: Case['differs'],
): Case {
  const made = (letters: string) => ({
    ...(letters.includes('a') ? { userAgent: 'a' } : {}),
    ...(letters.includes('b') ? { errorCode: 'b' } : {}),
    ...(letters.includes('c') ? { awsRegion: 'c' } : {}),
  })
  return {
    name: `condition: ${text}`,
    detection: `  sel_a:\n    userAgent: a\n  sel_b:\n    errorCode: b\n  other_c:\n    awsRegion: c\n  condition: ${text}`,
    yes: yes.map(made),
    no: no.map(made),
    ...(differs ? { differs } : {}),
  }
}

function written(
  name: string,
  detection: string,
  yes: readonly object[],
  no: readonly object[],
  differs?: Case['differs'],
): Case {
  return { name, detection, yes, no, ...(differs ? { differs } : {}) }
}

/** A value without quotes, which YAML reads as a number though it may be an id: it is the text that is written, or that number. */
function bare(value: string, yes: readonly Value[], no: readonly Value[], differs?: Case['differs']): Case {
  const field = 'additionalEventData.id'
  return {
    ...on(field, value, yes, no, differs),
    name: `${field}: ${value}`,
    detection: `  selection:\n    ${field}: ${value}\n  condition: selection`,
  }
}

const BASE64 = (text: string, encoding: BufferEncoding = 'utf8') =>
  Buffer.from(text, encoding).toString('base64')

const texts: Case[] = [
  on('userAgent', 'curl', ['curl', 'CURL', 'Curl'], ['curl/8', 'xcurl', '', ABSENT]),
  on('userAgent', 'Boto3', ['boto3', 'BOTO3'], ['boto']),
  on('userAgent', ['curl', 'wget'], ['curl', 'WGET'], ['curlwget', ABSENT]),
  on('userAgent', '', [''], ['x', ABSENT]),
  on('userAgent', 'über', ['über'], ['uber']),
  on('userAgent', 'straße', ['straße'], ['strasse']),
  on('userAgent', "it's", ["it's", "IT'S"], ['its']),
  on('userAgent', 'a"b', ['a"b'], ['ab']),
  on('userAgent', "'; drop table x; --", ["'; drop table x; --"], ['x']),
  on('userAgent', '$1 {{rows}} ? %s', [], ['$1 {{rows}}']),
  on('userAgent', '100%', ['100%'], ['100x', '100']),
  on('userAgent', 'a_b', ['a_b'], ['axb']),
  on('userAgent', 'a%b*', ['a%bc'], ['axbc']),
  on('userAgent', 'a_b*', ['a_bc'], ['axbc']),
  on('userAgent', 'curl*', ['curl', 'curl/8', 'CURL/8'], ['xcurl', ABSENT]),
  on('userAgent', '*curl', ['curl', 'xcurl'], ['curl/8']),
  on('userAgent', '*curl*', ['curl', 'x curl y'], ['cur']),
  on('userAgent', 'c*l', ['curl', 'cl', 'c l'], ['curls']),
  on('userAgent', 'c?rl', ['curl', 'cXrl'], ['crl', 'cuurl']),
  on('userAgent', 'c??l', ['curl'], ['cul', 'cl']),
  on('userAgent', '?', ['x'], ['', 'xy']),
  on('userAgent', '*', ['x', 'y z'], [ABSENT]),
  on('userAgent', '?*', ['x', 'xy'], ['', ABSENT]),
  on('userAgent', 'a*b?c*', ['a1b2c3', 'abxc'], ['abc']),
  on('userAgent', 'a\\*b', ['a*b'], ['axb']),
  on('userAgent', 'a\\?b', ['a?b'], ['axb']),
  on('userAgent', 'a\\\\*', ['a\\', 'a\\x'], ['ax']),
  on('userAgent', 'a\\\\\\*b', ['a\\*b'], ['a\\xb', 'a*b']),
  on('userAgent', 'C:\\Windows', ['C:\\Windows', 'c:\\windows'], ['C:Windows']),
  on('userAgent', 'C:\\\\Windows', ['C:\\Windows'], ['C:\\\\Windows']),
  on('userAgent', 'a\\\\\\\\b', ['a\\\\b'], ['a\\b']),
  on('userAgent', 'a\\\\\\b', ['a\\\\b'], ['a\\b', 'a\\\\\\b']),
  on('userAgent', '%admins%', ['%admins%', '%ADMINS%'], ['admins', 'alice']),
  on('userAgent', 'ends\\', ['ends\\'], ['ends']),
  on('userAgent', '*\\cmd.exe', ['x\\cmd.exe'], ['xcmd.exe']),
  on('userAgent', 'line\nbreak', ['line\nbreak'], ['line break']),
  on('userAgent', 'a*b', ['a\nb'], ['a\nc'], { rsigma: 'its wildcards end at a line break' }),
  on('userAgent', '日本*', ['日本語'], ['日']),
  on('userAgent', '日?語', ['日本語'], ['日語']),
]

const onlyNumber = { pysigma: 'it has only the number that YAML reads' }

const numbers: Case[] = [
  on('additionalEventData.count', 517, [517, '517'], [51, 5170, '0517x', ABSENT]),
  on('additionalEventData.count', '517', [517, '517'], [518]),
  on('additionalEventData.count', 0, [0, '0'], [1, ABSENT, null]),
  on('additionalEventData.count', -3, [-3], [3]),
  on('additionalEventData.count', 1.5, [1.5], [1, 15]),
  on('additionalEventData.count', [1, 2], [1, 2], [3, 12]),
  on('additionalEventData.count', 999999999999, [999999999999], [999999999998]),
  on('additionalEventData.count|gt', 10, [11, 10.5], [10, 9, ABSENT]),
  on('additionalEventData.count|gte', 10, [10, 11], [9, ABSENT]),
  on('additionalEventData.count|lt', 10, [9, -1], [10, 11, ABSENT]),
  on('additionalEventData.count|lte', 10, [10, 0], [11, ABSENT]),
  on('additionalEventData.count|gt', 1.5, [2], [1, 1.5]),
  on('additionalEventData.count|lt', -1, [-2], [-1, 0]),
  on('additionalEventData.count|gt', 9, [10, 100], [9]),
  on('additionalEventData.count|gt', [10, 100], [11], [10]),
  on('additionalEventData.count|neq', 5, [6, ABSENT], [5], { rsigma: 'its neq wants the field to be there' }),
  on('additionalEventData.count', '5*', [5, 55, 500], [6]),
  on('additionalEventData.count|gt', 5, ['6', 6], ['nan', 'inf', 'Infinity', '-inf'], {
    pysigma: 'SQLite compares a text with a number as texts',
    rsigma: 'it reads inf as a number',
  }),
  on('additionalEventData.count|lt', 5, ['4', 4], ['nan', '-inf', '-Infinity'], {
    pysigma: 'SQLite compares a text with a number as texts',
    rsigma: 'it reads inf as a number',
  }),
  bare('123e4567', ['123e4567', '123E4567'], ['Infinity', 'inf', '123']),
  bare('12e4', ['12e4', 120000, '120000'], ['12', '12e5'], onlyNumber),
  bare('0x1F', ['0x1F', '0x1f', 31], ['0x1', '1F'], { ...onlyNumber, rsigma: onlyNumber.pysigma }),
  bare('.inf', ['.inf'], ['inf', 'Infinity'], { ...onlyNumber, rsigma: onlyNumber.pysigma }),
  bare('012', ['012', 12], ['12a', '0012'], { ...onlyNumber, rsigma: 'it has only the text' }),
  bare('1.10', ['1.1', '1.10', 1.1], ['1.11', '11'], onlyNumber),
  on('additionalEventData.count|neq', [5, 6], [7, '57'], [5, '6']),
]

const booleans: Case[] = [
  on('additionalEventData.flag', true, [true, 'true'], [false, 'false', ABSENT]),
  on('additionalEventData.flag', false, [false, 'false'], [true, ABSENT]),
  on('additionalEventData.flag', 'true', [true, 'true', 'True'], [false]),
  on('readOnly', true, [true], [false, ABSENT]),
  on('readOnly', 'false', [false], [true, ABSENT]),
  on('readOnly', [true, false], [true, false], [ABSENT]),
]

const nullIsMissing = { pysigma: 'SQLite reads null as missing', rsigma: 'it takes null for missing' }

const absent: Case[] = [
  on('errorCode', null, [ABSENT, null], ['AccessDenied']),
  on('additionalEventData.x', null, [ABSENT, null], ['', 0, false]),
  on('errorCode|neq', null, ['AccessDenied'], [ABSENT, null]),
  on('errorCode|exists', true, ['AccessDenied', ''], [ABSENT]),
  on('errorCode|exists', false, [ABSENT], ['AccessDenied']),
  on('additionalEventData.x|exists', true, [1, 'a', false, '', null, []], [ABSENT], nullIsMissing),
  on('additionalEventData.x|exists', false, [ABSENT], ['a', '', null], nullIsMissing),
  on('requestParameters.a.b|exists', true, ['x'], [ABSENT]),
  on('nowhere', null, [ABSENT], ['x']),
  on('nowhere', 'x', ['x', 'X'], ['y', ABSENT]),
  on('nowhere.deep', 'x', ['x'], ['y', ABSENT]),
  on('userIdentity.nowhere', 'x', ['x'], ['y', ABSENT]),
  on('errorMessage|contains', '*', ['x'], [ABSENT]),
  written(
    'not: a field that is not there does not match',
    '  selection:\n    eventName: GetObject\n  filter:\n    errorCode: x\n  condition: selection and not filter',
    [{}, { errorCode: 'y' }],
    [{ errorCode: 'X' }],
  ),
  written(
    'not: exists',
    '  selection:\n    eventName: GetObject\n  filter:\n    errorCode|exists: true\n  condition: selection and not filter',
    [{}],
    [{ errorCode: 'y' }],
  ),
  written(
    'not not',
    '  selection:\n    errorCode: x\n  condition: not not selection',
    [{ errorCode: 'x' }],
    [{}, { errorCode: 'y' }],
  ),
]

const places: Case[] = [
  on('userAgent|contains', 'curl', ['curl', 'a CURL b'], ['cur l', ABSENT]),
  on('userAgent|contains', ['curl', 'wget'], ['a curl', 'WGET b'], ['boto']),
  on('userAgent|contains|all', ['curl', 'wget'], ['curl wget', 'wget and CURL'], ['curl', 'wget']),
  on('userAgent|startswith', 'curl', ['curl', 'CURL/8'], ['xcurl', ABSENT]),
  on('userAgent|startswith', ['aws-', 'boto'], ['aws-cli', 'Boto3'], ['xaws-']),
  on('userAgent|endswith', 'curl', ['curl', 'xCURL'], ['curl/8', ABSENT]),
  on('userAgent|endswith', ['.exe', '.dll'], ['a.EXE', 'b.dll'], ['a.exe.txt']),
  on('userAgent|startswith', 'a?c', ['abc', 'axcd'], ['ac'], {
    rsigma: 'its startswith and endswith know no wildcards',
  }),
  on('userAgent|endswith', 'a*c', ['xabc', 'ac'], ['acx'], {
    rsigma: 'its startswith and endswith know no wildcards',
  }),
  on('userAgent|contains', 'a*c', ['xabcx', 'ac'], ['ab']),
  on('userAgent|contains', 'a\\*c', ['xa*cx'], ['xabcx']),
  on('userAgent|contains', '100%', ['at 100% now'], ['at 100x now']),
  on('userAgent|contains', 'a_b', ['xa_bx'], ['xaabx']),
  on('userAgent|contains', '\\', ['a\\b'], ['ab']),
  on('userAgent|startswith', '${', ['${jndi'], ['$jndi']),
  on('userAgent|contains', "o'brien", ["x O'Brien y"], ['obrien']),
  on('userAgent|startswith|all', ['cu', 'curl'], ['curl'], ['cut']),
  on('userAgent|contains', 'Ä', ['xÄx', 'xäx'], ['xAx'], {
    pysigma: 'SQLite folds the case of ASCII letters alone',
  }),
  on('userAgent|cased', 'Curl', ['Curl'], ['curl', 'CURL']),
  on('userAgent|contains|cased', 'Curl', ['a Curl b'], ['a curl b']),
  on('userAgent|startswith|cased', 'Curl', ['Curl/8'], ['curl/8']),
  on('userAgent|endswith|cased', 'Curl', ['xCurl'], ['xcurl']),
  on('userAgent|cased', ['Curl', 'Wget'], ['Curl', 'Wget'], ['curl', 'wget']),
  on('userAgent|cased', 'C*l', ['Curl'], ['curl', 'CurL']),
  on('userAgent|cased', 'C?rl', ['Curl'], ['curl']),
  on('userAgent|neq', 'curl', ['wget', ABSENT], ['curl', 'CURL'], {
    rsigma: 'its neq wants the field to be there',
  }),
  on('userAgent|neq', ['curl', 'wget'], ['boto'], ['curl', 'WGET']),
  on('userAgent|contains|neq', 'curl', ['wget'], ['a curl b']),
  on('userAgent|startswith|neq', 'curl', ['xcurl'], ['curl/8']),
  on('userAgent|contains|all|neq', ['a', 'b'], ['a', 'b', 'c'], ['ab', 'ba']),
]

const expressions: Case[] = [
  on('userAgent|re', 'cu.l', ['curl', 'a curl b', 'cuxl'], ['Curl', 'cul', ABSENT]),
  on('userAgent|re', '^curl$', ['curl'], ['curl/8', 'xcurl']),
  on('userAgent|re', '^(curl|wget)/\\d+', ['curl/8', 'wget/1'], ['curl/x', 'boto']),
  on('userAgent|re|i', 'curl', ['CURL', 'Curl'], ['cur']),
  on('userAgent|re|s', 'a.b', ['a\nb', 'axb'], ['ab']),
  on('userAgent|re', 'a.b', ['axb'], ['a\nb']),
  on('userAgent|re|m', '^b$', ['a\nb', 'b'], ['ab']),
  on('userAgent|re', '^b$', ['b'], ['a\nb']),
  on('userAgent|re', 'b$', ['ab'], ['b\n'], {
    pysigma: 'Python takes the end of a line at the end for that of the text',
  }),
  on('userAgent|re|i|s', 'A.B', ['a\nb'], ['ab']),
  on('userAgent|re', '[a-c]{2,3}x', ['abx', 'abcx'], ['ax']),
  on('userAgent|re', ['^a', 'z$'], ['ab', 'yz'], ['ba']),
  on('userAgent|re', '^[^a-z]+x?y*(ab|cd)$', ['1ab', '12xyycd'], ['xab', '1abc']),
  on('userAgent|re', '\\Qa.b', ['a.b', 'xa.bx'], ['axb'], {
    pysigma: 'Python has no quoting by backslash and Q',
    rsigma: 'its expressions have no quoting by backslash and Q',
  }),
  on('userAgent|re|i', 'a|b', ['A', 'B'], ['c']),
  on('userAgent|re', '(?P<who>al)ice', ['alice'], ['bob']),
  on('userAgent|re|all', ['a', 'b'], ['ab', 'ba'], ['a', 'b']),
  on('userAgent|re', "it's", ["it's"], ['its']),
  on('userAgent|re', '\\*', ['a*b'], ['ab']),
  on('userAgent|re', 'a\\\\b', ['a\\b'], ['ab']),
  on('userAgent|re|neq', '^curl', ['wget'], ['curl/8']),
  on(
    'userIdentity.arn|re',
    '.+:assumed-role/aws:.+',
    ['arn:aws:sts::1:assumed-role/aws:ec2/i-1'],
    ['arn:aws:iam::1:user/a'],
  ),
]

const encodings: Case[] = [
  on('userAgent|base64', 'ping', [BASE64('ping')], ['ping']),
  on('userAgent|base64|contains', 'foo', [`x ${BASE64('foo')} y`], ['foo']),
  on(
    'userAgent|base64offset|contains',
    'foobar',
    [BASE64('foobar'), BASE64('xfoobar'), BASE64('xyfoobarz')],
    [BASE64('foo bar')],
    { rsigma: 'it leaves out letters of the third offset' },
  ),
  on(
    'userAgent|base64offset|contains',
    '/bin/bash',
    [BASE64('a /bin/bash -i'), BASE64('ab /bin/bash'), BASE64('/bin/bash')],
    [BASE64('/bin/sh')],
  ),
  on(
    'userAgent|base64offset|contains',
    ['http://', 'https://'],
    [BASE64('get http://a'), BASE64('xx https://b')],
    [BASE64('ftp://c')],
    { rsigma: 'it leaves out letters of the third offset' },
  ),
  on(
    'userAgent|wide|base64offset|contains',
    'IEX',
    [BASE64('IEX', 'utf16le'), BASE64('aIEX(', 'utf16le')],
    [BASE64('IEX')],
  ),
  on('userAgent|wide|base64|contains', 'ping', [BASE64('ping', 'utf16le')], [BASE64('ping')]),
  on('userAgent|utf16be|base64|contains', 'a', ['AGE='], ['YQA=', 'YQ==']),
  on('userAgent|utf16le|base64|contains', 'a', ['YQA='], ['AGE='], {
    pysigma: 'it knows this one as wide alone',
  }),
  on('userAgent|utf16|base64|contains', 'a', ['//5hAA=='], ['YQA='], {
    pysigma: 'it writes the byte order mark in UTF-8',
  }),
  on('userAgent|base64offset|contains', 'ü', [BASE64('xü')], [BASE64('u')], {
    pysigma: 'it counts letters where bytes count',
  }),
  on('userAgent|windash', 'run -f', ['run -f', 'run /f', 'run –f', 'RUN —F', 'run ―f'], ['run f', 'run +f']),
  on('userAgent|windash|contains', ' -p ', ['x -p y', 'x /p y'], ['x p y']),
  on('userAgent|windash|contains', ['-a', '-b'], ['x /a', 'x -b'], ['x a']),
  on('userAgent|windash|contains|all', ['-a', '-b'], ['/a -b', '-b /a'], ['/a', '-b']),
  on('userAgent|windash|contains', '-p-q', ['/p-q', '-p-q'], ['-p/q'], {
    rsigma: 'it changes the dashes within words, too',
  }),
  on('userAgent|windash|endswith', ' -x', ['cmd /x'], ['cmd /xy']),
  on('userAgent|windash', 'run –f', ['run -f', 'run /f', 'run –f', 'run —f', 'run ―f'], ['run f'], {
    pysigma: 'it changes - and / alone',
    rsigma: 'it changes - and / alone',
  }),
]

const networks: Case[] = [
  on(
    'sourceIPAddress|cidr',
    '10.0.0.0/8',
    ['10.0.0.0', '10.255.255.255', '10.1.2.3'],
    ['11.0.0.1', '9.255.255.255', 'ec2.amazonaws.com', ABSENT],
  ),
  on(
    'sourceIPAddress|cidr',
    '192.168.1.0/24',
    ['192.168.1.0', '192.168.1.255'],
    ['192.168.2.1', '192.168.11.1'],
  ),
  on('sourceIPAddress|cidr', '192.168.1.128/25', ['192.168.1.128', '192.168.1.200'], ['192.168.1.127']),
  on('sourceIPAddress|cidr', '172.16.0.0/12', ['172.16.0.1', '172.31.255.255'], ['172.32.0.1', '172.15.0.1']),
  on('sourceIPAddress|cidr', '203.0.113.7/32', ['203.0.113.7'], ['203.0.113.8', '203.0.113.70']),
  on('sourceIPAddress|cidr', ['10.0.0.0/8', '192.168.0.0/16'], ['10.1.1.1', '192.168.9.9'], ['172.16.0.1']),
  on(
    'sourceIPAddress|cidr',
    '2001:db8::/32',
    ['2001:db8::1', '2001:0db8:0:0:0:0:0:1', '2001:DB8:ffff::'],
    ['2001:db9::1', '::1', '10.0.0.1'],
    {
      pysigma: 'in SQLite it compares the beginning of the text',
    },
  ),
  on('sourceIPAddress|cidr', '::1/128', ['::1', '0:0:0:0:0:0:0:1'], ['::2', '1::'], {
    pysigma: 'in SQLite it compares the beginning of the text',
  }),
  on('sourceIPAddress|cidr', 'fe80::/10', ['fe80::1', 'febf::1'], ['fec0::1']),
  on('sourceIPAddress|cidr|neq', '10.0.0.0/8', ['11.1.1.1'], ['10.1.1.1']),
  on('requestParameters.cidrIp|cidr', '10.0.0.0/8', ['10.1.1.1'], ['1.1.1.1', ABSENT]),
]

const fields: Case[] = [
  written(
    'fieldref',
    '  selection:\n    userIdentity.userName|fieldref: requestParameters.userName\n  condition: selection',
    [
      { userIdentity: { userName: 'alice' }, requestParameters: { userName: 'alice' } },
      { userIdentity: { userName: 'Alice' }, requestParameters: { userName: 'alice' } },
    ],
    [{ userIdentity: { userName: 'alice' }, requestParameters: { userName: 'bob' } }, {}],
  ),
  written(
    'fieldref: neither is there',
    '  selection:\n    errorCode|fieldref: errorMessage\n  condition: selection',
    [{ errorCode: 'x', errorMessage: 'x' }],
    [{}, { errorCode: 'x' }],
  ),
  written(
    'fieldref|neq',
    '  selection:\n    userIdentity.userName|fieldref|neq: requestParameters.userName\n  condition: selection',
    [{ userIdentity: { userName: 'alice' }, requestParameters: { userName: 'bob' } }],
    [{ userIdentity: { userName: 'alice' }, requestParameters: { userName: 'alice' } }],
  ),
  written(
    'fieldref|endswith',
    '  selection:\n    userIdentity.arn|fieldref|endswith: requestParameters.userName\n  condition: selection',
    [{ userIdentity: { arn: 'arn:aws:iam::1:user/alice' }, requestParameters: { userName: 'alice' } }],
    [{ userIdentity: { arn: 'arn:aws:iam::1:user/alice2' }, requestParameters: { userName: 'alice' } }],
  ),
  written(
    'fieldref|startswith',
    '  selection:\n    userAgent|fieldref|startswith: errorCode\n  condition: selection',
    [{ userAgent: 'abc', errorCode: 'ab' }],
    [{ userAgent: 'xab', errorCode: 'ab' }],
  ),
  written(
    'fieldref|contains',
    '  selection:\n    userAgent|fieldref|contains: errorCode\n  condition: selection',
    [
      { userAgent: 'xABx', errorCode: 'ab' },
      { userAgent: 'a%b', errorCode: '%' },
    ],
    [
      { userAgent: 'axb', errorCode: 'ab' },
      { userAgent: 'axb', errorCode: '%' },
    ],
  ),
]

const nested: Case[] = [
  on('requestParameters.a.b.c', 'x', ['x', 'X'], ['y', ABSENT]),
  on('requestParameters.layers|contains', 'arn', [['arn:1', 'b'], 'arn:2'], [['b'], [], ABSENT]),
  on('requestParameters.list', 'b', [['a', 'b'], 'b'], [['ab'], [], 'a'], { pysigma: 'SQLite has no lists' }),
  on('requestParameters.list|startswith', 'b', [['a', 'bc']], [['ab']], { pysigma: 'SQLite has no lists' }),
  on('requestParameters.list|contains|all', ['a', 'b'], [['xa', 'xb'], 'ab'], [['xa', 'xc']]),
  on('requestParameters.list|contains', 'b', [[['a', ['xb']]], [[[['b']]]]], [[['a'], []]]),
  on('requestParameters.list|gt', 5, [[[6]], [1, [7]]], [[[5]], [[]]]),
  on('requestParameters.list', null, [ABSENT, null], [['a']]),
  on('requestParameters.list|exists', true, [['a'], 'a'], [ABSENT]),
  on(
    'requestParameters|contains',
    'Suspended',
    [{ VersioningConfiguration: { Status: 'Suspended' } }],
    [{ Status: 'Enabled' }, ABSENT],
    { rsigma: 'it has no text of an object' },
  ),
  on(
    'requestParameters|contains|all',
    ['Status', 'Suspended'],
    [{ Status: 'Suspended' }],
    [{ Status: 'Enabled' }],
    { rsigma: 'it has no text of an object' },
  ),
  written(
    'a list of objects on the way to a field',
    '  selection:\n    requestParameters.containers.command|contains: $AWS_URI\n  condition: selection',
    [
      { requestParameters: { containers: [{ command: ['sh', 'curl $AWS_URI'] }] } },
      { requestParameters: { containers: [{ name: 'a' }, { command: 'x $aws_uri' }] } },
      { requestParameters: { containers: { command: '$AWS_URI' } } },
    ],
    [{ requestParameters: { containers: [{ command: ['sh'] }] } }, { requestParameters: { containers: [] } }],
  ),
  written(
    'lists within lists on the way to a field',
    '  selection:\n    requestParameters.rows.cells.value: x\n  condition: selection',
    [
      { requestParameters: { rows: [[{ cells: [[{ value: 'x' }]] }]] } },
      { requestParameters: { rows: [[[{ cells: { value: [['x']] } }]]] } },
    ],
    [{ requestParameters: { rows: [[{ cells: [['x']] }]] } }],
  ),
  written(
    'the second of a list is looked at, too',
    '  selection:\n    requestParameters.rows.value: x\n  condition: selection',
    [{ requestParameters: { rows: [{ value: 'a' }, { value: 'x' }] } }],
    [{ requestParameters: { rows: [{ value: 'a' }] } }],
    { pysigma: 'SQLite has no lists' },
  ),
  written(
    'null below a list of objects',
    '  selection:\n    requestParameters.items.key: null\n  condition: selection',
    [{ requestParameters: { items: [{ other: 1 }] } }, {}],
    [{ requestParameters: { items: [{ other: 1 }, { key: 'x' }] } }],
  ),
  on('requestParameters.a~b', 'x', ['x'], ['y']),
  on('requestParameters.a/b', 'x', ['x'], ['y']),
  on('requestParameters.a"b', 'x', ['x'], ['y']),
  on("requestParameters.a'b", 'x', ['x'], ['y']),
  on('requestParameters.a b', 'x', ['x'], ['y']),
]

const times: Case[] = [
  on('eventTime|hour', 22, ['2026-01-07T22:16:43Z'], ['2026-01-07T21:59:59Z', '2026-01-07T23:00:00Z']),
  on('eventTime|minute', 16, ['2026-01-07T22:16:43Z'], ['2026-01-07T22:17:00Z']),
  on('eventTime|day', 7, ['2026-01-07T22:16:43Z'], ['2026-01-08T00:00:00Z']),
  on('eventTime|month', 1, ['2026-01-07T22:16:43Z'], ['2026-02-07T22:16:43Z']),
  on('eventTime|year', 2026, ['2026-01-07T22:16:43Z'], ['2025-12-31T23:59:59Z']),
  on('eventTime|week', 2, ['2026-01-07T22:16:43Z'], ['2026-01-12T00:00:00Z'], {
    pysigma: 'its weeks are not those of ISO 8601: the days before the first Monday are week 0',
  }),
  on('eventTime|hour', [22, 23], ['2026-01-07T22:16:43Z', '2026-01-07T23:16:43Z'], ['2026-01-07T00:16:43Z']),
  on('eventTime|hour|gte', 22, ['2026-01-07T23:16:43Z'], ['2026-01-07T21:16:43Z'], {
    rsigma: 'comparing a part of a time is our extension',
  }),
  on('requestParameters.at|hour', 5, ['2026-01-07T05:16:43Z'], ['2026-01-07T06:16:43Z', 'noon']),
  on('eventTime|hour|neq', 22, ['2026-01-07T21:16:43Z'], ['2026-01-07T22:00:00Z']),
  on('eventTime|startswith', '2026-01-07', ['2026-01-07T22:16:43Z'], ['2026-01-08T22:16:43Z']),
  on('eventTime', '2026-01-07T22:16:43Z', ['2026-01-07T22:16:43Z'], ['2026-01-07T22:16:44Z']),
]

const conditions: Case[] = [
  condition('sel_a', ['a', 'abc'], ['', 'b']),
  condition('sel_a and sel_b', ['ab', 'abc'], ['a', 'b', '']),
  condition('sel_a or sel_b', ['a', 'b', 'ab'], ['', 'c']),
  condition('not sel_a', ['', 'b'], ['a', 'ab']),
  condition('sel_a and not sel_b', ['a', 'ac'], ['ab', 'b']),
  condition('sel_a or sel_b and other_c', ['a', 'bc', 'ab'], ['b', 'c']),
  condition('(sel_a or sel_b) and other_c', ['ac', 'bc'], ['a', 'c', 'ab']),
  condition('not sel_a and sel_b', ['b', 'bc'], ['ab', 'a', '']),
  condition('not (sel_a and sel_b)', ['a', 'b', ''], ['ab']),
  condition('not sel_a or sel_b', ['', 'b', 'ab'], ['a']),
  condition('1 of sel_*', ['a', 'b'], ['c', '']),
  condition('any of sel_*', ['a', 'b'], ['c', '']),
  condition('all of sel_*', ['ab', 'abc'], ['a', 'b']),
  condition('1 of them', ['a', 'b', 'c'], ['']),
  condition('all of them', ['abc'], ['ab', 'a']),
  condition('1 of *_a', ['a'], ['b', 'c']),
  condition('1 of s*_*', ['a', 'b'], ['c'], { rsigma: 'its patterns have a single star' }),
  condition('all of sel_* and not 1 of other_*', ['ab'], ['abc', 'a']),
  condition('not 1 of sel_*', ['', 'c'], ['a', 'b']),
  condition('not all of them', ['', 'ab'], ['abc']),
  condition('((sel_a))', ['a'], ['b']),
  condition('sel_a AND NOT sel_b OR other_c', ['a', 'c', 'abc'], ['ab', 'b'], {
    pysigma: 'it has its words in lower case alone',
    rsigma: 'it has its words in lower case alone',
  }),
  condition('not not sel_a', ['a'], ['b']),
  written(
    'several conditions are alternatives',
    '  one:\n    userAgent: a\n  two:\n    errorCode: b\n  condition:\n    - one\n    - two',
    [{ userAgent: 'a' }, { errorCode: 'b' }],
    [{}],
  ),
  written(
    'an underscore keeps a search identifier out of them',
    '  one:\n    userAgent: a\n  _two:\n    errorCode: b\n  condition: 1 of them',
    [{ userAgent: 'a' }],
    [{ errorCode: 'b' }],
  ),
  written(
    'an underscore in a pattern',
    '  one:\n    userAgent: a\n  _two:\n    errorCode: b\n  condition: 1 of *o* or all of _t*',
    [{ userAgent: 'a' }, { errorCode: 'b' }],
    [{}],
    { rsigma: 'its patterns have a single star' },
  ),
  written(
    'patterns leave out what begins with an underscore',
    '  one:\n    userAgent: a\n  _on:\n    errorCode: b\n  condition: all of *on*',
    [{ userAgent: 'a' }],
    [{ errorCode: 'b' }],
    { rsigma: 'its patterns have a single star' },
  ),
  written(
    'a list of maps',
    '  selection:\n    - userAgent: a\n      errorCode: b\n    - awsRegion: c\n  condition: selection',
    [{ userAgent: 'a', errorCode: 'b' }, { awsRegion: 'c' }],
    [{ userAgent: 'a' }, { errorCode: 'b' }],
  ),
  written(
    'a map is AND',
    '  selection:\n    userAgent|contains: a\n    errorCode:\n      - b\n      - c\n  condition: selection',
    [{ userAgent: 'xa', errorCode: 'C' }],
    [{ userAgent: 'xa' }, { errorCode: 'c' }],
  ),
  written(
    'the same field twice, with modifiers',
    '  selection:\n    userAgent|startswith: a\n    userAgent|endswith: z\n  condition: selection',
    [{ userAgent: 'az' }, { userAgent: 'a-z' }],
    [{ userAgent: 'a' }, { userAgent: 'za' }],
  ),
]

const noKeywords = { pysigma: 'its SQLite backend has no keywords' }

const keywords: Case[] = [
  written(
    'a keyword',
    '  keywords:\n    - evil.example\n  condition: keywords',
    [
      { userAgent: 'x EVIL.example y' },
      { requestParameters: { host: 'evil.example' } },
      { unheard: { of: 'evil.example' } },
    ],
    [{ userAgent: 'evil' }, {}],
    noKeywords,
  ),
  written(
    'keywords are alternatives',
    '  keywords:\n    - one-word\n    - another-word\n  condition: keywords',
    [{ userAgent: 'one-word' }, { errorMessage: 'another-word' }],
    [{ userAgent: 'one' }],
    noKeywords,
  ),
  written(
    'all keywords',
    "  keywords:\n    '|all':\n      - one-word\n      - another-word\n  condition: keywords",
    [{ userAgent: 'one-word', errorMessage: 'another-word' }, { userAgent: 'another-word one-word' }],
    [{ userAgent: 'one-word' }],
    { ...noKeywords, rsigma: 'it wants all of them in one value' },
  ),
  written(
    'a keyword with wildcards',
    '  keywords:\n    - one*three\n  condition: keywords',
    [{ userAgent: 'x one two three y' }],
    [{ userAgent: 'one', errorMessage: 'three' }],
    noKeywords,
  ),
  written(
    'numbers as keywords',
    '  keywords:\n    - 4711\n    - 4712\n  condition: keywords',
    [{ userAgent: 'x 4711 y' }, { requestParameters: { port: 4712 } }],
    [{ userAgent: '471' }],
    { ...noKeywords, rsigma: 'it wants a number to be a whole value' },
  ),
  written(
    'keywords and maps in a list',
    '  selection:\n    - one-word\n    - userAgent: a\n      errorCode: b\n  condition: selection',
    [{ errorMessage: 'one-word' }, { userAgent: 'a', errorCode: 'b' }],
    [{ userAgent: 'a' }],
    noKeywords,
  ),
  written(
    'a keyword by expression',
    "  keywords:\n    '|re': one.three\n  condition: keywords",
    [{ userAgent: 'x one-three y' }],
    [{ userAgent: 'onethree' }],
    noKeywords,
  ),
  written(
    'a keyword with characters that JSON escapes',
    `  keywords:\n    - 'C:\\Windows'\n    - 'say "x"'\n  condition: keywords`,
    [
      { userAgent: 'in C:\\Windows now' },
      { requestParameters: { path: 'c:\\windows\\x' } },
      { requestParameters: { words: ['they say "x"'] } },
    ],
    [{ requestParameters: { path: 'C:Windows' } }, { userAgent: 'say x' }],
    noKeywords,
  ),
  written(
    'keywords beside a field',
    '  keywords:\n    - one-word\n  selection:\n    errorCode: x\n  condition: keywords and not selection',
    [{ userAgent: 'one-word' }],
    [{ userAgent: 'one-word', errorCode: 'x' }],
    noKeywords,
  ),
]

const columnNames = {
  pysigma: 'it does not know the columns of loglake',
  rsigma: 'it does not know the columns of loglake',
}

const ours: Case[] = [
  written(
    'a column by its own name',
    '  selection:\n    useragent: curl\n  condition: selection',
    [{ userAgent: 'curl' }],
    [{ userAgent: 'wget' }],
    columnNames,
  ),
  written(
    'a column that loglake derives',
    '  selection:\n    actor_kind: root\n  condition: selection',
    [{ userIdentity: { type: 'Root', accountId: '111122223333' } }],
    [{ userIdentity: { type: 'IAMUser', userName: 'root' } }],
    columnNames,
  ),
  written(
    'an object whose fields have columns',
    '  selection:\n    userIdentity|contains: alice\n  condition: selection',
    [
      { userIdentity: { type: 'IAMUser', userName: 'alice' } },
      { userIdentity: { arn: 'arn:aws:iam::1:user/Alice' } },
    ],
    [{ userIdentity: { userName: 'bob' } }, { userAgent: 'alice' }],
    { rsigma: 'it has no text of an object' },
  ),
]

export const cases: readonly Case[] = [
  ...texts,
  ...numbers,
  ...booleans,
  ...absent,
  ...places,
  ...expressions,
  ...encodings,
  ...networks,
  ...fields,
  ...nested,
  ...times,
  ...conditions,
  ...keywords,
  ...ours,
]

/** The rule of a case. */
export function ruleOf({ detection }: Case, at: number): string {
  return `title: case ${at}\nid: 00000000-0000-4000-8000-${String(at).padStart(12, '0')}\nlevel: low\nlogsource:\n  product: aws\n  service: cloudtrail\ndetection:\n${detection}\n`
}

/** The events of a case, whole. */
export function eventsOf({ yes, no }: Pick<Case, 'yes' | 'no'>): object[] {
  return [...yes, ...no].map((one, at) => ({
    eventVersion: '1.11',
    eventID: `event-${at}`,
    eventTime: '2026-01-07T22:16:43Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    ...one,
  }))
}
