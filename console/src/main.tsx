import { render } from 'preact';
import { App } from './app.js';

const root = document.getElementById('page');
if (root === null) throw new Error('Expected an element with the id "page".');
render(<App />, root);
