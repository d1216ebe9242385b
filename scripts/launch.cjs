// Runs the command line once packages and build are there. Written so that any Node can read it and be told that it is too old.
'use strict';
var path = require('path');
var required = [20, 3];
var found = process.versions.node.split('.').map(Number);

if (found[0] < required[0] || (found[0] === required[0] && found[1] < required[1])) {
  console.error(
    'framewarden needs Node.js ' +
      required.join('.') +
      ' or newer; `node` is ' +
      process.version +
      ' (' +
      process.execPath +
      ').',
  );
  process.exitCode = 1;
} else {
  var main = path.join(__dirname, '..', 'dist', 'cli', 'main.js');
  // Node 22.1 and newer keep what they compiled, which spares a fifth of the time that packages take to load; where it cannot be written they go without.
  var keepCompiled = require('module').enableCompileCache;
  if (keepCompiled) keepCompiled(path.join(__dirname, '..', '.cache', 'compiled'));
  import('./provision.mjs')
    .then(function (provision) {
      return provision.provision({ development: false });
    })
    .then(function () {
      // One process for set-up and command: a second start of Node would cost as much as all checks together.
      process.argv[1] = main;
      return import(main);
    })
    .catch(function (error) {
      console.error(error.name === 'ProvisionError' ? error.message : error);
      process.exitCode = 1;
    });
}
