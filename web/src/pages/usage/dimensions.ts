export type Dimension =
  | 'model'
  | 'day'
  | 'endpoint'
  | 'who'
  | 'role'
  | 'team'
  | 'named_team'
  | 'account'
  | 'region'
  | 'service'
  | 'errorcode'

export const DIMENSIONS: readonly (readonly [Dimension, string])[] = [
  ['model', 'model'],
  ['who', 'identity'],
  ['team', 'team'],
  ['named_team', 'team as named'],
  ['role', 'role'],
  ['endpoint', 'endpoint'],
  ['day', 'day'],
  ['account', 'account'],
  ['region', 'Region'],
  ['service', 'service'],
  ['errorcode', 'error'],
]

const MISSING: { readonly [Of in Dimension]?: readonly [words: string, why: string] } = {
  model: [
    'model not logged',
    'calls of SageMaker endpoints. CloudTrail logs the caller and the endpoint, and not the model behind it; where Data Capture logs the model, the tokens stand in the line of the model.',
  ],
  who: ['caller not logged', 'Data Capture logs calls of an endpoint without their caller.'],
  role: ['no role', 'Calls without a role, as with the key of an IAM user, or by an unknown caller.'],
  team: ['no team', 'The people file names no team for these callers.'],
  named_team: ['none named', 'Callers sent no team in the metadata of the call.'],
  endpoint: ['no endpoint', 'Calls of Bedrock go to a model and not to an endpoint.'],
  errorcode: ['no error', 'These calls were answered.'],
}

/** What stands in place of a value that calls do not have. */
export function missing(dimension: Dimension | undefined): string {
  return (dimension && MISSING[dimension]?.[0]) ?? 'not logged'
}

/** Why calls do not have it. */
export function whyMissing(dimension: Dimension | undefined): string | undefined {
  return dimension && MISSING[dimension]?.[1]
}
