import type { Asked, Measured, Message } from './measured.js';
import { throughTemporal } from './through-temporal.js';
import { withoutTemporal } from './without-temporal.js';

/*
 * Entry of a process in which the product runs once: each run has memory and an event loop of its own.
 */

const asked = JSON.parse(process.argv[2] ?? '') as Asked;
const moderate = asked.way === 'through Temporal' ? throughTemporal : withoutTemporal;
const measured: Measured = await moderate(asked, () => {
  tell({ kind: 'started' });
});
tell({ kind: 'measured', measured }, () => {
  process.disconnect();
});

function tell(message: Message, then: () => void = () => undefined): void {
  process.send?.(message, undefined, undefined, then);
}
