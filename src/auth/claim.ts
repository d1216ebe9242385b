/** What a signed request says of itself, before anything of it is believed. */
export interface SignatureClaim {
  accessKeyId: string;
  /** Token of temporary credentials; `null`: none was sent. */
  securityToken: string | null;
  /** When it was signed, as sent. */
  timestamp: string;
  /** Drawn anew for every request by the client. */
  nonce: string;
  /** The signature as sent. */
  signature: string;
  /** What the signature has to be under this secret. */
  sign(secret: string): string;
}
