// A real OpenID provider on 127.0.0.1, in a process of its own. Arguments: client id, secret, redirect URI. Prints its issuer when it listens;
// whoever comes to sign in is the account named by the cookie `account`, and consents.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [clientId, clientSecret, redirectUri] = process.argv.slice(2);
const ACCOUNTS = {
  olga: { preferred_username: 'olga', groups: ['staff', 'leads'] },
  pavel: { preferred_username: 'pavel', groups: ['staff'] },
  mallory: { preferred_username: 'root', groups: ['leads'] },
  guest: { preferred_username: 'guest', groups: [] },
};

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [
    { client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri], response_types: ['code'] },
  ],
  claims: { profile: ['preferred_username', 'groups'] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...ACCOUNTS[id] }) }),
});
const callback = provider.callback();
server.on('request', async (request, response) => {
  if (!request.url.startsWith('/interaction/')) return callback(request, response);
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  const accountId = /account=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
  if (accountId === 'nobody')
    return provider.interactionFinished(
      request,
      response,
      { error: 'access_denied' },
      { mergeWithLastSubmission: false },
    );
  if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId } });
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
});
process.stdout.write(`${issuer}\n`);
