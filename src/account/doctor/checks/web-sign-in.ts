import { sentence } from '../../../lib/errors.ts'
import { sh } from '../command.ts'
import { type Check, type Line, not, ok, type Premises } from '../contract.ts'

const LOOPBACK = /^(127\.|::1$|localhost$)/
const LEAST_KEY = 32

export const webSignIn: Check = {
  name: 'web-sign-in',
  group: 'What leaves',
  title: 'Users of the web application sign in',
  doc: 'On another address than this machine people sign in; cookies have a key that outlives a restart, of 32 characters; somebody is an operator; the address of the browser is https. With --reach the OpenID Connect provider is asked for its configuration.',
  permissions: [],
  mends: 'Keys of the section `serve` in loglake.yaml.',
  async run(premises) {
    const lines = linesOf(premises)
    const asked = await providerLine(premises)
    const all = asked ? [...lines, asked] : lines
    return all.length > 0
      ? all
      : [
          ok(
            premises.setup.serve.signIn === 'none'
              ? 'on this machine alone, without sign-in'
              : `by ${premises.setup.serve.signIn}`,
          ),
        ]
  },
}

function linesOf({ setup: { serve } }: Premises): Line[] {
  const { host, signIn, url, cookieKeys, roles, hasOperator, insecure } = serve
  const commands = ['loglake config']
  const lines: Line[] = []
  if (signIn === 'none') {
    if (!LOOPBACK.test(host))
      lines.push(
        not(`it listens on ${host} without sign-in: every client that reaches it is the operator`, {
          does: 'Set serve.sign_in to oidc, alb or header, or serve.host to 127.0.0.1.',
          commands,
        }),
      )
    return lines
  }
  if (roles === 0)
    lines.push(
      not('no claim has a role: every sign-in is refused', {
        does: 'Name claims under serve.roles.',
        commands,
      }),
    )
  else if (!hasOperator)
    lines.push(
      not('no claim gives the role of operator', {
        does: 'Name a claim under serve.roles.operator.',
        commands,
      }),
    )
  if (url?.startsWith('http://') && !LOOPBACK.test(new URL(url).hostname))
    lines.push(
      not(`browsers reach it at ${url}, without TLS: cookies and log text go in the clear`, {
        does: 'Put a proxy with TLS before it, and set serve.url to its https address.',
        commands,
      }),
    )
  if (signIn === 'oidc') {
    if (cookieKeys.length === 0)
      lines.push(
        not('cookies have a key that a restart forgets: everybody signs in anew then', {
          does: 'Give serve.cookie_keys one, from the environment or a file.',
          commands: ['openssl rand -base64 48'],
        }),
      )
    if (cookieKeys.some((key) => key.length < LEAST_KEY))
      lines.push(
        not(`a key of cookies is shorter than ${LEAST_KEY} characters`, {
          does: 'Make a longer one.',
          commands: ['openssl rand -base64 48'],
        }),
      )
    if (insecure)
      lines.push(
        not('the OpenID Connect provider may be without TLS (serve.oidc.insecure)', {
          does: 'Take it out; it is for tests.',
          commands,
        }),
      )
  }
  return lines
}

async function providerLine({ reach, setup: { serve } }: Premises): Promise<Line | undefined> {
  const { issuer, signIn } = serve
  if (!reach || signIn !== 'oidc' || issuer === undefined) return undefined
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const fix = {
    does: 'Correct serve.oidc.issuer, or see why this machine cannot reach it.',
    commands: [sh`curl -sS ${address}`],
  }
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(10_000) })
    const found = answer.ok ? ((await answer.json()) as { issuer?: string }) : undefined
    if (found?.issuer === undefined)
      return not(`${address} answers ${answer.status}, and no configuration`, fix, issuer)
    if (found.issuer.replace(/\/$/, '') !== issuer.replace(/\/$/, ''))
      return not(
        `the provider calls itself ${found.issuer}, which is not the issuer of loglake.yaml: every sign-in fails`,
        fix,
        issuer,
      )
    return ok('the provider answers, by its own name', issuer)
  } catch (thrown) {
    return not(`the provider cannot be reached: ${sentence(thrown)}`, fix, issuer)
  }
}
