// A command in miniature, `node owning-command.mjs DIRECTORY PATH`: becomes the owner or attaches, takes over when the owner goes, ends in order on SIGTERM.
// Tells what happens as JSON, one line each.
import { becomeOwnerOrAttach } from '../../dist/owner/owner.js';
import { watchOwner } from '../../dist/owner/watch.js';

const [dataDir, searchPath] = process.argv.slice(2);
const ending = new AbortController();
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const open = setInterval(() => {}, 60_000);

async function enter() {
  const say = (line) => tell({ said: line });
  const place = await becomeOwnerOrAttach({
    dataDir,
    temporal: null,
    searchPath: searchPath.split(':'),
    say,
    signal: ending.signal,
  });
  tell({ role: place.role, address: place.target.address, installation: place.installation });
  if (place.role === 'owner') return place.release;
  watchOwner(
    dataDir,
    place.owner,
    (how) => {
      tell({ gone: how });
      leave = enter();
    },
    ending.signal,
  );
  return async () => {};
}

let leave = enter();
process.on('SIGTERM', async () => {
  ending.abort();
  await (
    await leave
  )();
  clearInterval(open);
});
