/**
 * The model behind a model id, in the form `anthropic.claude-sonnet-4-5-20250929`, `amazon.nova-lite-v1:0`:
 * without ARN, without the prefix of a cross-Region profile, without the context window of provisioned
 * throughput. Claude also without `-v1:0`, since answers omit it.
 *
 * @param said the model's name in the answer, which is needed for an application inference profile, a
 * provisioned or an imported model
 */
export function modelOf(modelId: string | undefined, said: string | undefined): string | undefined {
  const resource = modelId === undefined ? undefined : resourceOf(modelId)
  if (resource !== undefined && !HIDING.test(resource)) return plain(resource.replace(/^[a-z-]+\//, ''))
  if (said !== undefined && said !== '') return plain(resourceOf(said).replace(/^[a-z-]+\//, ''))
  return resource
}

/** ARN resources that stand for a model without naming it. */
const HIDING =
  /^(application-inference-profile|provisioned-model|imported-model|custom-model|custom-model-deployment|prompt|default-prompt-router|prompt-router|endpoint)\//

/** The resource of an ARN (`inference-profile/us.anthropic.…`), or any other id unchanged. */
function resourceOf(id: string): string {
  return /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.+)$/s.exec(id)?.[1] ?? id
}

function plain(id: string): string {
  const name = id
    .replace(/^(?:[a-z]{2}(?:-gov)?|apac|emea|amer|global)\.(?=[a-z0-9-]+\.)/, '')
    .replace(/:\d+k$/, '')
  // An answer has `claude-3-5-haiku-20241022`, an id `anthropic.claude-3-5-haiku-20241022-v1:0`.
  const claude = /^(?:anthropic\.)?(claude-.+?)(?:-v\d+(?::\d+)?)?$/.exec(name)?.[1]
  return claude === undefined || /^claude-(v\d|instant)/.test(claude) ? name : `anthropic.${claude}`
}
