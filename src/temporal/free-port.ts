import { createServer } from 'node:net';

/** The preferred port of the loopback interface where it is free, else one that the system chooses. */
export async function freePort(preferred: number | null): Promise<number> {
  const port = preferred === null ? null : await tryPort(preferred);
  return port ?? (await tryPort(0)) ?? Promise.reject(new Error('Expected a free port on 127.0.0.1, there is none.'));
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.on('error', () => {
      resolve(null);
    });
    probe.listen({ host: '127.0.0.1', port }, () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : null);
      });
    });
  });
}
