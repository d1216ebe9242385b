// What a clone needs before its own code can run: npm's packages and dist/. When nothing is missing it only looks, in milliseconds.
import { build, isBuilt } from './build.mjs';
import { hold } from './hold.mjs';
import { arePackagesThere, installPackages } from './packages.mjs';

/** Installs packages and builds dist/ where needed, one process at a time; `development`: with the packages that tests and checks need. */
export async function provision({ development }) {
  if ((await arePackagesThere(development)) && (await isBuilt())) return;
  const release = await hold('setup');
  try {
    // Asked again: whoever was here before may have done it.
    if (!(await arePackagesThere(development))) await installPackages(development);
    if (!(await isBuilt())) {
      console.error('Building dist/ (a few seconds) …');
      await build();
    }
  } finally {
    await release();
  }
}
