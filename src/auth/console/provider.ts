import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { z } from 'zod';
import type { OidcConfig } from '../../schema/console-config.js';

/** How long a provider may take to answer, in seconds. */
const TIMEOUT_S = 10;

/** What the browser keeps between leaving for the provider and coming back: only with it the answer can be used, and only once. */
const Remembered = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string() });

/** What a provider says of somebody. */
export type Claims = Readonly<Record<string, unknown>> & { readonly sub: string };

/** Thrown when what a browser brings back belongs to no sign-in that it began, or to one of long ago. */
export class UnknownSignInError extends Error {
  override name = 'UnknownSignInError' as const;
  constructor() {
    super('Expected an answer to a sign-in that this browser began within the last minutes.');
  }
}

/** A provider of OpenID Connect, asked by authorization code with PKCE, state and nonce. */
export class Provider {
  private discovered: Promise<Configuration> | undefined;

  /** `returnTo` is the address that it sends people back to. */
  constructor(
    private readonly config: OidcConfig,
    private readonly returnTo: string,
  ) {}

  /** Where to send a browser, and what it has to remember. */
  async depart(): Promise<{ address: string; remembered: string }> {
    const client = await this.client();
    const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
    const address = buildAuthorizationUrl(client, {
      redirect_uri: this.returnTo,
      scope: ['openid', ...this.config.scopes].join(' '),
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    const remembered: z.infer<typeof Remembered> = { state, nonce, verifier };
    return { address: address.href, remembered: Buffer.from(JSON.stringify(remembered)).toString('base64url') };
  }

  /**
   * Who has come back, by the query of the address that they came to.
   * @throws {UnknownSignInError} and what the provider refuses or answers wrongly
   */
  async arrive(query: string, remembered: string | null): Promise<Claims> {
    const { state, nonce, verifier } = readRemembered(remembered);
    const client = await this.client();
    const tokens = await authorizationCodeGrant(client, new URL(`${this.returnTo}?${query}`), {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new TypeError('Expected an ID token');
    // Many providers tell name and groups here only.
    const more =
      client.serverMetadata().userinfo_endpoint === undefined
        ? {}
        : await fetchUserInfo(client, tokens.access_token, claims.sub);
    return { ...claims, ...more };
  }

  /** Asked for once; again after it could not be had. */
  private client(): Promise<Configuration> {
    this.discovered ??= this.discover().catch((error: unknown) => {
      this.discovered = undefined;
      throw error;
    });
    return this.discovered;
  }

  private async discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret, allowInsecure } = this.config;
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- its author's way of saying that it is dangerous; the schema lets it be on loopback only
    const execute: ((client: Configuration) => void)[] = allowInsecure ? [allowInsecureRequests] : [];
    const found = await discovery(new URL(issuer), clientId, undefined, undefined, { execute, timeout: TIMEOUT_S });
    const metadata = found.serverMetadata();
    const ways = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const authentication = ways.includes('client_secret_basic') ? ClientSecretBasic : ClientSecretPost;
    const client = new Configuration(metadata, clientId, undefined, authentication(clientSecret));
    client.timeout = TIMEOUT_S;
    for (const change of execute) change(client);
    enableNonRepudiationChecks(client);
    return client;
  }
}

function readRemembered(remembered: string | null): z.infer<typeof Remembered> {
  try {
    return Remembered.parse(JSON.parse(Buffer.from(remembered ?? '', 'base64url').toString('utf8')));
  } catch {
    throw new UnknownSignInError();
  }
}
