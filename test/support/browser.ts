import { request } from 'node:http';

/** An answer of the console. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** Empty unless it is JSON. */
  body: Record<string, unknown>;
}

/** What a test changes about a request. */
export interface Changed {
  headers?: Record<string, string>;
  body?: unknown;
}

/** A browser on the console's page: keeps cookies, and sends the token of its session as the page does. */
export class Browser {
  readonly cookies = new Map<string, string>();
  csrfToken = '';

  constructor(
    readonly endpoint: string,
    /** Sent with every request. */
    readonly headers: Record<string, string> = {},
  ) {}

  /** `path` is below `/review/api` unless it begins with `/review`. */
  async ask(method: string, path: string, { headers = {}, body }: Changed = {}): Promise<Answer> {
    const [hostname, port] = this.endpoint.split(/:(?=\d+$)/);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = {
      ...(cookie === '' ? {} : { cookie }),
      ...(method === 'GET' ? {} : { 'x-csrf-token': this.csrfToken, origin: `http://${this.endpoint}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...this.headers,
      ...headers,
    };
    const answer = await new Promise<Answer>((resolve, reject) => {
      const where = { hostname, port, method, path: path.startsWith('/review') ? path : `/review/api${path}` };
      const asked = request({ ...where, headers: sent, agent: false }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(parts).toString();
          const isJson = response.headers['content-type']?.startsWith('application/json') === true;
          const parsed = (isJson ? JSON.parse(text) : {}) as Answer['body'];
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parsed });
        });
      });
      asked.on('error', reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
    this.keep(answer.headers['set-cookie']);
    const { csrfToken } = answer.body;
    if (typeof csrfToken === 'string') this.csrfToken = csrfToken;
    return answer;
  }

  private keep(lines: string | string[] = []): void {
    for (const line of [lines].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}
