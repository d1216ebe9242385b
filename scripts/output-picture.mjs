// Makes a picture of what a command prints on a terminal: node scripts/output-picture.mjs docs/moderate.svg ./framewarden moderate samples/cockatoo.mp4
// The command runs on a pseudo-terminal (util-linux `script`), so that it prints what it prints for people. What it says on stderr is left out.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Part of util-linux, there on every Linux. */
const PSEUDO_TERMINAL = 'script';
const COLUMNS = 80;
const CELL = { width: 8.4, height: 19, font: 14 };
const MARGIN = 18;
/** Titles of terminal windows take this much. */
const TITLE = 34;
const COLOURS = {
  background: '#16181d',
  text: '#d8dee9',
  dim: '#7b8394',
  31: '#f2777a',
  32: '#8ccf7e',
  33: '#f0c674',
  36: '#6cc7d9',
};

const quoted = (argument) => (/^[\w./@:=-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`);
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What the command prints on its stdout; whatever exit code, for those of verdicts are not 0. */
function record(command) {
  const line = `stty cols ${COLUMNS} 2>/dev/null; ${command.map(quoted).join(' ')} 2>/dev/null`;
  const { stdout, error } = spawnSync(PSEUDO_TERMINAL, ['-qec', line, '/dev/null'], {
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm-256color', NO_COLOR: '' },
    timeout: 600_000,
  });
  if (error)
    throw new Error(`Expected util-linux's script to run the command, got: ${error.message}. Install util-linux.`);
  return stdout.replaceAll('\r', '').trimEnd();
}

/** Pieces of a line that look the same: text, column and style. */
function piecesOf(line) {
  const pieces = [];
  let style = { colour: null, bold: false, dim: false, inverse: false };
  let column = 0;
  for (const [, sgr, text] of line.matchAll(/\u001B\[([\d;]*)m|([^\u001B]+)/g)) {
    if (text !== undefined) {
      pieces.push({ text, column, style });
      column += [...text].length;
    } else {
      for (const code of sgr.split(';').map(Number)) style = changed(style, code);
    }
  }
  return pieces;
}

function changed(style, code) {
  if (code === 0) return { colour: null, bold: false, dim: false, inverse: false };
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 7 || code === 27) return { ...style, inverse: code === 7 };
  if (code === 39) return { ...style, colour: null };
  if (code in COLOURS) return { ...style, colour: COLOURS[code] };
  throw new Error(`Expected a style that pictures know, got SGR ${code}.`);
}

function drawn({ text, column, style }, row) {
  const [x, top] = [MARGIN + column * CELL.width, MARGIN + TITLE + row * CELL.height];
  const width = [...text].length * CELL.width;
  const colour = style.colour ?? (style.dim ? COLOURS.dim : COLOURS.text);
  const box = style.inverse
    ? `<rect x="${x.toFixed(1)}" y="${top + 1}" width="${width.toFixed(1)}" height="${CELL.height - 2}" rx="3" fill="${colour}"/>`
    : '';
  const weight = style.bold ? ' font-weight="bold"' : '';
  // The length is told, so that columns stay under each other whatever font there is.
  const length = ` textLength="${width.toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
  const fill = style.inverse ? COLOURS.background : colour;
  return `${box}<text x="${x.toFixed(1)}" y="${top + 14}" fill="${fill}"${weight}${length} xml:space="preserve">${escaped(text)}</text>`;
}

function picture(lines) {
  const width = Math.ceil(COLUMNS * CELL.width + 2 * MARGIN);
  const height = lines.length * CELL.height + 2 * MARGIN + TITLE;
  const dots = ['#f2777a', '#f0c674', '#8ccf7e'].map(
    (fill, index) => `<circle cx="${MARGIN + 7 + index * 20}" cy="22" r="6" fill="${fill}"/>`,
  );
  const body = lines.flatMap((line, row) => piecesOf(line).map((piece) => drawn(piece, row)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${CELL.font}">
<rect width="${width}" height="${height}" rx="10" fill="${COLOURS.background}"/>
${[...dots, ...body].join('\n')}
</svg>
`;
}

const [target, ...command] = process.argv.slice(2);
if (target === undefined || command.length === 0) {
  console.error(
    'Expected a file and a command: node scripts/output-picture.mjs docs/moderate.svg ./framewarden moderate samples/cockatoo.mp4',
  );
  process.exitCode = 2;
} else {
  const prompt = `\u001B[32m$\u001B[39m \u001B[1m${command.join(' ')}\u001B[22m`;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, picture([prompt, '', ...record(command).split('\n')]));
  console.log(`Made ${target}.`);
}
