import { Parameters } from '../../src/api/imm/parameters.js';
import { readCreateParameters } from '../../src/api/imm/create-parameters.js';

test.each([
  ['Scenes', '["porn","foo"]', 'Scenes.1 is not valid: expected porn, terrorism, ad, live, logo, got "foo".'],
  ['Scenes', '[]', 'Scenes is not valid: expected at least one scene, got [].'],
  ['Tags', '{"a":[1]}', 'Tags.a is not valid: expected a text, a number or true or false, got [1].'],
  ['CredentialConfig', '{"Policy":"secret"}', 'CredentialConfig.Policy is not valid: is not supported: name a'],
])('of %s it is told which part of %s is wrong, what was expected and what came', (name, value, message) => {
  const given = new Parameters([
    ['SourceURI', 'oss://clips/a.mp4'],
    [name, value],
  ]);
  expect(() => readCreateParameters('VideoModeration', given)).toThrow(`The parameter ${message}`);
});
