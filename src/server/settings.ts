import type { z } from 'zod'
import { names, oneOf, section, text, textLike, whole, yesNo } from '../lib/settings.ts'

const url = (doc: string) => textLike(/^https?:\/\/[^\s/]+/, 'a URL is wanted', doc)

const roles = section(
  {
    operator: names('Claims of those who run loglake: they see everything.').default([]),
    analyst: names('Claims of those who look into all logs.').default([]),
    manager: names('Claims of those who review the sessions of their people.').default([]),
    auditor: names('Claims of those who see reviews and the access log, and no log.').default([]),
    unmask: names('Claims of analysts who may ask for text without masks.').default([]),
  },
  'Which values of the roles claim, or names of people, have which role. What is in none has no role.',
)

/** `serve` in loglake.yaml: how the lake is opened to people. */
export function serveSection() {
  return section(
    {
      host: text(
        'The address that is listened on. Any other than this machine needs a way to sign in.',
      ).default('127.0.0.1'),
      port: whole(0, 'The port; 0 for any that is free.').default(8600),
      url: url(
        'How browsers reach it, as in https://loglake.example.com; what a reverse proxy is called.',
      ).optional(),
      sign_in: oneOf(
        ['none', 'oidc', 'alb', 'header'],
        'How people sign in: not at all (on this machine only), by OpenID Connect, by the signed header of an Application Load Balancer, or by a header that a proxy sets.',
      ).default('none'),
      cookie_keys: names(
        'Secrets that session cookies are encrypted with, the newest first; at least 32 characters each. By default one that a restart forgets.',
      ).default([]),
      oidc: section(
        {
          issuer: url('The issuer.'),
          client_id: text('The client.'),
          client_secret: text('Its secret; none for a public client.').optional(),
          scopes: names('What is asked for.').default(['openid', 'email', 'profile']),
          name_claim: text('The claim that people are known by in logs.').default('email'),
          roles_claim: text('The claim with roles or groups; `a.b` looks into objects.').default('groups'),
          insecure: yesNo('Whether an issuer without TLS is allowed, for tests.').default(false),
        },
        'The OpenID Connect provider.',
      ).optional(),
      alb: section(
        {
          arn: text('The ARN of the load balancer that signs.'),
          issuer: url('The issuer that the load balancer signs people in at.'),
          client_id: text('Its client.'),
          name_claim: text('The claim that people are known by in logs.').default('email'),
          roles_claim: text('The claim with roles or groups.').default('groups'),
        },
        'The Application Load Balancer.',
      ).optional(),
      header: section(
        {
          peers: names(
            'Addresses of the proxies that may set headers; of the socket, whatever other headers say.',
          ),
          secret: text('What the header x-loglake-secret must be; at least 32 characters.'),
          user: text('The header with the name of the person.').default('x-remote-user'),
          groups: text('The header with their roles or groups, with commas.').default('x-remote-groups'),
        },
        'The proxy that signs people in.',
      ).optional(),
      roles: roles.prefault({}),
      access_log: text(
        'The folder for lines of the access log until they are committed; by default below the lake, or in the folder for state of the user.',
      ).optional(),
      evidence_key: text(
        'A PEM file with an Ed25519 private key that evidence is signed with; made beside the access log when it is not there.',
      ).optional(),
    },
    'How `loglake serve` opens the lake to people and programs.',
  )
}

export type ServeSettings = z.output<ReturnType<typeof serveSection>>
