import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** What tasks are found by. Values are never encrypted: no names, no addresses of sources. */
export const REQUEST_DIGEST = defineSearchAttributeKey('RequestDigest', SearchAttributeType.KEYWORD);
export const MODERATION_SUGGESTION = defineSearchAttributeKey('ModerationSuggestion', SearchAttributeType.KEYWORD);
/** Id of the installation that started the task. */
export const INSTALLATION = defineSearchAttributeKey('Installation', SearchAttributeType.KEYWORD);

/** All that a namespace must know before a task starts in it. */
export const SEARCH_ATTRIBUTES = [REQUEST_DIGEST, MODERATION_SUGGESTION, INSTALLATION] as const;
