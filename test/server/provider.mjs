// An OpenID Connect provider as a process of its own: `node provider.mjs <redirect URI>`. Prints its issuer. Who signs in as `ana` is
// in the group `operators`, `dalia` in `managers`; anybody else is in none.
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const [, , redirect] = process.argv
const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const groups = { ana: ['/operators'], dalia: ['/managers'] }
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'loglake',
        client_secret: 'a secret of the test, long enough',
        redirect_uris: [redirect],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        scope: 'openid email profile',
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email'], profile: ['realm_access'] },
    cookies: { keys: ['a key of the test'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com`, realm_access: { roles: groups[id] ?? [] } }),
    }),
  })
  server.on('request', provider.callback())
  console.log(issuer)
})
