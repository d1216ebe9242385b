// What `testEnvironment` in jest.config.js names: where tests run.
const { ModuleMocker } = require('jest-mock');

/**
 * The process as it is. Jest's own environment is a realm of its own for each test file: looking a global up takes ten times as long there, and its objects are
 * not instances of what packages know that are loaded once a process (one-realm-runtime.cjs). What remains after a file is what it leaves in globals, which
 * none of ours does; environment variables are put back.
 */
class OneRealmEnvironment {
  constructor() {
    this.global = globalThis;
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimers = null;
    this.fakeTimersModern = null;
    this.globalsBefore = new Set(Reflect.ownKeys(globalThis));
    this.globalsOfJest = [];
    this.variablesBefore = { ...process.env };
    // Jest replaces both for the file.
    this.replaced = { console: globalThis.console, exit: process.exit };
  }

  async setup() {}

  /** The first event comes when Jest is ready, and nothing of the file has run. */
  handleTestEvent({ name }) {
    if (name === 'setup')
      this.globalsOfJest = Reflect.ownKeys(globalThis).filter((global) => !this.globalsBefore.has(global));
  }

  async teardown() {
    for (const name of this.globalsOfJest) Reflect.deleteProperty(globalThis, name);
    for (const name of Object.keys(process.env)) if (!(name in this.variablesBefore)) delete process.env[name];
    Object.assign(process.env, this.variablesBefore);
    globalThis.console = this.replaced.console;
    process.exit = this.replaced.exit;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  /** The realm that is there. Jest asks this to compile, which one-realm-runtime.cjs does. */
  getVmContext() {
    return null;
  }
}

module.exports = OneRealmEnvironment;
