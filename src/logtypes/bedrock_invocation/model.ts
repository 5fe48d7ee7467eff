/**
 * The model behind what was called, in the form `anthropic.claude-sonnet-4-5-20250929`, `amazon.nova-lite-v1:0`: without
 * ARN, without the prefix of a cross-Region profile, without the context window of provisioned throughput. Claude also
 * without `-v1:0`, since answers name it so.
 *
 * @param said the model's name in the answer: a profile of one's own, a provisioned or imported model hides it
 */
export function modelOf(modelId: string | undefined, said: string | undefined): string | undefined {
  const resource = modelId === undefined ? undefined : resourceOf(modelId)
  if (resource !== undefined && !HIDING.test(resource)) return plain(resource.replace(/^[a-z-]+\//, ''))
  if (said !== undefined && said !== '') return plain(resourceOf(said).replace(/^[a-z-]+\//, ''))
  return resource
}

/** What behind an ARN stands for a model without naming it. */
const HIDING =
  /^(application-inference-profile|provisioned-model|imported-model|custom-model|custom-model-deployment|prompt|default-prompt-router|prompt-router|endpoint)\//

/** `inference-profile/us.anthropic.…` of an ARN, all of any other id. */
function resourceOf(id: string): string {
  return /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.+)$/s.exec(id)?.[1] ?? id
}

function plain(id: string): string {
  const name = id
    .replace(/^(?:[a-z]{2}(?:-gov)?|apac|emea|amer|global)\.(?=[a-z0-9-]+\.)/, '')
    .replace(/:\d+k$/, '')
  // An answer says `claude-3-5-haiku-20241022`, an id `anthropic.claude-3-5-haiku-20241022-v1:0`.
  const claude = /^(?:anthropic\.)?(claude-.+?)(?:-v\d+(?::\d+)?)?$/.exec(name)?.[1]
  return claude === undefined || /^claude-(v\d|instant)/.test(claude) ? name : `anthropic.${claude}`
}
