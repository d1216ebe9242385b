// What `runtime` in jest.config.js names: loads what tests import.
const { compileFunction } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

/** Of each module of ours, by path: its source and the function that it was compiled to. */
const compiled = new Map();

/**
 * Jest's own runtime, in the realm that the process has anyway (see one-realm-environment.cjs). Our modules are executed anew for each test file, so that what
 * they keep is its own, but compiled once a process. Packages are Node's to load, once a process: most of a file's time went into them. Packages that Jest has
 * to transform come the way of our modules.
 */
class OneRealmRuntime extends Runtime {
  constructor(...given) {
    super(...given);
    this.packages = new RegExp(this._config.transformIgnorePatterns.join('|'));
    // Jest's own would compile for another realm.
    this.executor.compile = (source, path) => this.compile(source, path);
  }

  requireModule(from, name, options, isActual) {
    if (name !== undefined && options?.isInternalModule !== true && !this._resolution.isCoreModule(name)) {
      const path = this._resolution.resolveCjs(from, name);
      if (this.packages.test(path)) return require(path);
    }
    return super.requireModule(from, name, options, isActual);
  }

  compile(source, path) {
    const before = compiled.get(path);
    if (before?.source === source) return before.run;
    const run = compileFunction(source, this.executor.injectedModuleParameters, { filename: path });
    compiled.set(path, { source, run });
    return run;
  }
}

module.exports = { __esModule: true, default: OneRealmRuntime };
