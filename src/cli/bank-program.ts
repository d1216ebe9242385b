import { type Command, Option } from 'commander';
import { EXPORT_FORMATS } from '../banks/export-bank.js';
import { STARTERS } from '../banks/simple-icons.js';
import { BANK_KINDS } from '../schema/bank.js';
import { SCENES } from '../schema/scene.js';
import type { BankCreateOptions, BankExportOptions } from './bank.js';
import type { BankImportOptions } from './bank-import.js';

/** What the command line can ask for about banks. */
export interface BankCommands {
  bankCreate(name: string, options: BankCreateOptions): Promise<void>;
  bankImport(name: string, files: string[], options: BankImportOptions): Promise<void>;
  bankExport(name: string, options: BankExportOptions): Promise<void>;
  bankList(options: { json?: boolean }): Promise<void>;
  bankRemove(name: string, entries: string[]): Promise<void>;
}

const HELP = `
A bank is what videos and images are compared with: hashes of known media, terms, or pictures of emblems and logos.
None comes with framewarden; docs/banks.md says what may be loaded. Tasks that start after an import are compared with it.`;

/** `framewarden bank …` */
export function addBanks(program: Command, commands: BankCommands): void {
  const bank = program
    .command('bank')
    .description('keep what videos and images are compared with: known media, terms, emblems and logos')
    .addHelpText('after', HELP);
  bank
    .command('create')
    .description('make an empty bank')
    .argument('<name>', 'its name, of letters, digits, ., - and _')
    .addOption(
      new Option('--scene <scene>', 'what a match speaks for')
        .choices(SCENES.filter((scene) => scene !== 'live'))
        .makeOptionMandatory(),
    )
    .addOption(new Option('--kind <kind>', 'what it holds').choices(BANK_KINDS).default('hashes'))
    .addOption(
      new Option(
        '--at-most <suggestion>',
        'the worst that a match may come to without a person (default: block for hashes, else review)',
      ).choices(['review', 'block']),
    )
    .option('--project <name>', 'only for tasks of this project (default: of all)')
    .action((name: string, options: BankCreateOptions) => commands.bankCreate(name, options));
  bank
    .command('import')
    .description('add what these files hold; all of it or, when one line is wrong, nothing')
    .argument('<name>', 'name of a bank')
    .argument(
      '[file...]',
      'hashes: CSV or JSON of ThreatExchange and HMA, vPDQ text, lists of MD5 and SHA-256, images, videos; terms: a term a line, or JSON Lines; images: PNG, JPEG, SVG …; or directories of them',
    )
    .addOption(new Option('--as <type>', 'what hashes are where a file does not say').choices(['pdq', 'md5', 'sha256']))
    .option('--replace', 'take the place of what is in the bank, instead of adding to it')
    .addOption(
      new Option(
        '--starter <collection>',
        'pictures to begin a bank of images with: the marks of simple-icons are drawn anew under CC0 and stay trademarks of whom they belong to',
      ).choices(STARTERS),
    )
    .option('--only <name,…>', 'of the collection, only these', (names: string) => names.split(','))
    .option('--json', 'say what was imported as one object')
    .action((name: string, files: string[], options: BankImportOptions) => commands.bankImport(name, files, options));
  bank
    .command('export')
    .description('write what is in a bank to stdout, as import takes it')
    .argument('<name>', 'name of a bank')
    .addOption(new Option('--format <format>', 'one thing a line').choices(EXPORT_FORMATS).default('csv'))
    .action((name: string, options: BankExportOptions) => commands.bankExport(name, options));
  bank
    .command('list')
    .description('list banks, by name')
    .option('--json', 'one object a line')
    .action((options: { json?: boolean }) => commands.bankList(options));
  bank
    .command('remove')
    .description('remove a bank, or entries from it; tasks that have started are still compared with it')
    .argument('<name>', 'name of a bank')
    .argument('[entry...]', 'names of entries, as matches and export show them')
    .action((name: string, entries: string[]) => commands.bankRemove(name, entries));
}
