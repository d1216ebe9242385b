// A process of its own that fetches a source by the built code: `node fetch-source.mjs CONFIG CACHE URI` prints the SHA-256 of what it got.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SourceConfig } from '../../dist/schema/source-config.js';
import { openSources } from '../../dist/sources/by-scheme.js';

const [config, cacheDir, uri] = process.argv.slice(2);
const parsed = SourceConfig.parse(JSON.parse(config));
const sources = openSources(() => parsed, cacheDir);
const { signal } = new AbortController();
const local = await sources.open(await sources.identify({ uri }, signal), signal);
console.log(createHash('sha256').update(readFileSync(local.path)).digest('hex'));
await local.release();
sources.close();
