import { section, text, textLike, yesNo } from '../lib/settings.ts'

/**
 * The AWS identity of loglake. Without settings the default chain decides, as for the AWS CLI: environment,
 * profile and SSO, web identity, container, instance.
 */
export interface Identity {
  profile?: string | undefined
  region?: string | undefined
  role_arn?: string | undefined
  external_id?: string | undefined
  session_name?: string | undefined
  endpoint?: string | undefined
  sts_endpoint?: string | undefined
  path_style?: boolean | undefined
}

/** Stores other than AWS mostly have one Region, with any name. */
export function regionOf({ region, endpoint }: Identity): string | undefined {
  return region ?? (endpoint === undefined ? undefined : process.env.AWS_REGION || 'us-east-1')
}

/** Who we are by a section, and where it says nothing by another, field by field. */
export function identityWith(own: Identity | undefined, other: Identity): Identity {
  const given = Object.entries(own ?? {}).filter(([, value]) => value !== undefined)
  return { ...other, ...Object.fromEntries(given) }
}

/**
 * The STS that assumes roles: as set, as the environment says for STS, or else at the endpoint of all
 * services (an emulator, or a store with its own STS). Undefined values are left to the SDK: AWS itself, or
 * the profile's settings.
 */
export function stsOf(identity: Identity): { endpoint?: string; region?: string } {
  const { AWS_ENDPOINT_URL_STS: named, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: ignored } = process.env
  const endpoint = identity.sts_endpoint ?? (ignored === 'true' || !named ? identity.endpoint : named)
  // An endpoint of AWS accepts only requests that are signed for its own Region.
  const [, own] = /^https:\/\/sts\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\./.exec(endpoint ?? '') ?? []
  const region = own ?? regionOf(identity)
  return { ...(endpoint === undefined ? {} : { endpoint }), ...(region === undefined ? {} : { region }) }
}

const ENDPOINT = /^https?:\/\/[^\s/?#@]+\/?$/
const ENDPOINT_WANTED = 'an address is wanted, as in http://127.0.0.1:5000'

/** The configuration section with these settings, for the lake and for each source. */
export function identitySection(doc: string) {
  return section(
    {
      profile: text('A profile of the AWS configuration; by default what AWS_PROFILE names.').optional(),
      region: textLike(
        /^[a-z]{2}(-[a-z]+)+-\d$/,
        'a Region is wanted, as in eu-central-1',
        'The Region; by default that of the environment or the profile. A bucket in another Region is found automatically.',
      ).optional(),
      role_arn: textLike(
        /^arn:aws[\w-]*:iam::\d{12}:role\/\S+$/,
        'the ARN of a role is wanted, as in arn:aws:iam::111122223333:role/loglake',
        'A role to assume, here or in another account; it is assumed again before it expires.',
      ).optional(),
      external_id: text('The external id that the trust policy of the role requires.').optional(),
      session_name: textLike(
        /^[\w+=,.@-]{2,64}$/,
        'a session name is wanted: 2 to 64 letters, digits and +=,.@-',
        "The name of the role's session, which CloudTrail shows; by default loglake.",
      ).optional(),
      endpoint: textLike(
        ENDPOINT,
        ENDPOINT_WANTED,
        "Address of an emulator or of an S3-compatible store, in place of AWS's own.",
      ).optional(),
      sts_endpoint: textLike(
        ENDPOINT,
        ENDPOINT_WANTED,
        'Address of the STS that assumes roles, as in https://sts.eu-central-1.amazonaws.com; by default AWS_ENDPOINT_URL_STS, and then `endpoint`.',
      ).optional(),
      path_style: yesNo(
        'Whether the bucket is named in the path instead of the host name; by default with an endpoint.',
      ).optional(),
    },
    doc,
  )
}
