import { AlbJwtVerifier } from 'aws-jwt-verify'
import type { Context as Http } from 'hono'
import { Problem } from '../../api/problem.ts'
import { sentence } from '../../lib/errors.ts'
import type { Carried } from '../routes.ts'
import type { ServeSettings } from '../settings.ts'
import { claimOf, listClaim } from './claims.ts'
import type { Identity } from './roles.ts'

type AlbSettings = NonNullable<ServeSettings['alb']>

export interface AlbIdentities {
  identityOf(http: Http<Carried>): Promise<Identity>
}

/**
 * Identifies people by the header `x-amzn-oidc-data` of an Application Load Balancer: a JWT signed by AWS.
 * The signature alone proves nothing, since anybody can create a load balancer: its `signer` must be ours.
 *
 * Source: Elastic Load Balancing, "Authenticate users using an Application Load Balancer".
 */
export function albIdentities(settings: AlbSettings, jwksUri?: string): AlbIdentities {
  const verifier = AlbJwtVerifier.create({
    albArn: settings.arn,
    issuer: settings.issuer,
    clientId: settings.client_id,
    ...(jwksUri === undefined ? {} : { jwksUri }),
  })
  return {
    async identityOf(http) {
      const token = http.req.header('x-amzn-oidc-data')
      if (token === undefined)
        throw new Problem(401, 'Not signed in', 'The request has no header signed by the load balancer.')
      const claims = await verifier.verify(token).catch((cause) => {
        throw new Problem(
          401,
          'Not signed in',
          `The load balancer's header is not right: ${sentence(cause)}`,
          { cause },
        )
      })
      const subject = String(claims.sub)
      return {
        subject,
        name: claimOf(claims, settings.name_claim) ?? subject,
        groups: listClaim(claims, settings.roles_claim),
        signedIn: 'alb',
      }
    },
  }
}
