import type { JSX } from 'preact';

/** The console: who is signed in, and the page that the address names. */
export function App(): JSX.Element {
  return <h1>framewarden</h1>;
}
