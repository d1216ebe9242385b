import type { Kysely } from 'kysely';
import type { TextType } from './tables.js';

/** Who works in the console, and what signing in takes. */
export async function createMembers({ schema }: Kysely<unknown>, text: TextType): Promise<void> {
  await schema
    .createTable('members')
    .addColumn('name', text, (column) => column.primaryKey().notNull())
    .addColumn('role', text, (column) => column.notNull())
    .addColumn('projects', text)
    .addColumn('settings', text, (column) => column.notNull())
    .addColumn('password_hash', text)
    .addColumn('subject', text, (column) => column.unique())
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('is_disabled', 'integer', (column) => column.notNull())
    .execute();
  await schema
    .createTable('member_sessions')
    .addColumn('token_digest', text, (column) => column.primaryKey().notNull())
    .addColumn('member', text, (column) => column.notNull().references('members.name').onDelete('cascade'))
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('seen_at', text, (column) => column.notNull())
    .addColumn('expires_at', text, (column) => column.notNull())
    .addColumn('expires_ms', 'bigint', (column) => column.notNull())
    .addColumn('address', text, (column) => column.notNull())
    .execute();
  await schema.createIndex('member_sessions_of_member').on('member_sessions').column('member').execute();
  await schema.createIndex('member_sessions_by_end').on('member_sessions').column('expires_ms').execute();
  await schema
    .createTable('member_links')
    .addColumn('digest', text, (column) => column.primaryKey().notNull())
    .addColumn('purpose', text, (column) => column.notNull())
    .addColumn('name', text)
    .addColumn('role', text, (column) => column.notNull())
    .addColumn('projects', text)
    .addColumn('expires_at', text, (column) => column.notNull())
    .addColumn('expires_ms', 'bigint', (column) => column.notNull())
    .addColumn('is_used', 'integer', (column) => column.notNull())
    .execute();
  await schema
    .createTable('sign_in_failures')
    .addColumn('failure_id', text, (column) => column.notNull())
    .addColumn('key', text, (column) => column.notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('sign_in_failures_pk', ['failure_id', 'key'])
    .execute();
  await schema.createIndex('sign_in_failures_by_key').on('sign_in_failures').columns(['key', 'at_ms']).execute();
  await schema.createIndex('sign_in_failures_by_age').on('sign_in_failures').column('at_ms').execute();
  await schema
    .createTable('exposures')
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('seconds', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('exposures_pk', ['name', 'at_ms'])
    .execute();
  await schema.createIndex('exposures_by_age').on('exposures').column('at_ms').execute();
}
