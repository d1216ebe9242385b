import { findForms, type Find, type Form } from './find.js';

/** How sure a form is: an address of the service; its name with an id; its name and the demand to add somebody; a name with what is probably an id. */
const CERTAINTY = { address: 0.97, id: 0.92, demand: 0.82, likely: 0.8 } as const;

/**
 * WeChat, by its name and by those that avoid it. Its ids have 6 to 20 letters, digits, `_` and `-` and begin with a letter; telephone and QQ numbers serve as well.
 * Telegram's have 5 to 32, QQ numbers 5 to 12 digits (rules of the services, 2026).
 */
const WECHAT =
  '(?:[微薇威徽] ?信|微亻言|[v∨]信|微❤|we ?chat|wei ?xin(?: ?hao)?|\\bv[ .]?x\\b|\\bw[ .]?x\\b|vx|wx|企业微信|企微)';
const BEHIND_NAME = '\\s?(?:同号|公众号|号码|号|號|[群裙]|id|账号|帐号|咨询)?\\s?';
const COLON = '\\s?[:=→➜☞-]\\s?';

const FORMS: readonly Form[] = [
  address('(?:\\bt|\\btelegram)\\s?\\.\\s?(?:me|dog)\\s?/\\s?[+@a-z0-9_/-]{3,}'),
  address('\\b(?:wa\\.me/\\+?\\d{6,}|chat\\.whatsapp\\.com/\\w+|api\\.whatsapp\\.com/\\S+)'),
  address(
    '\\b(?:line\\.me/\\S{3,}|lin\\.ee/\\w{3,}|zalo\\.me/\\w{3,}|m\\.me/[\\w.]{3,}|signal\\.me/\\S{3,}|discord\\.gg/\\w{3,})',
  ),
  address(
    '\\b(?:discord(?:app)?\\.com/invite/\\w+|snapchat\\.com/add/[\\w.-]+|u\\.wechat\\.com/\\S+|qm\\.qq\\.com/\\S+|open\\.kakao\\.com/\\S+)',
  ),
  // 微信:abc123, vx 138…, WeChat ID: shop_88
  {
    pattern: new RegExp(
      `${WECHAT}(${BEHIND_NAME})(${COLON}|\\s?)([a-z][-_a-z0-9]{5,19}|[1-9]\\d{4,11})(?![\\w-])`,
      'giu',
    ),
    certainty: CERTAINTY.id,
    judge: wechat,
  },
  {
    pattern: /(?:加\s?我?|[➕+])\s?[v∨薇微][ :]{0,2}(?:[a-z][-_a-z0-9]{5,19}|1[3-9]\d{9})(?![\w-])/giu,
    certainty: CERTAINTY.id,
  },
  {
    pattern:
      /(?:\bqq|扣扣|抠抠|扣(?=[群裙])|企鹅|\bq(?=[群裙号]))\s?(?:交流[群裙]|粉丝[群裙]|群号|[群裙]|号码|号)?\s?[:=]?\s?[1-9]\d{4,11}(?!\d|\s?[万亿年月元])/giu,
    certainty: CERTAINTY.id,
  },
  {
    pattern:
      /(?:telegram|\btele\b|\btg\b|电报|電報|飞机|телеграм+)\s?(?:号|群|频道|channel|id|user|username|group|канал)?\s?[:：-]?\s?@[a-z]\w{4,31}/giu,
    certainty: CERTAINTY.id,
  },
  {
    pattern:
      /(?:(?:\btelegram|\btg\b)\s?(?:(?:id)?\s?[:：]|(?:id|user|username|handle)\s)|(?:电报|纸飞机)\s?(?:号|id)?\s?[:：]?)\s?(?=\w*[\d_])[a-z]\w{4,31}/giu,
    certainty: CERTAINTY.likely,
  },
  {
    pattern:
      /(?:\bwhats\s?app|\bviber|\bsignal)\s?(?:us|me|no\.?|number|at|on|only)?\s?[:：]?\s?\+?\d[\d ().-]{6,16}\d/giu,
    certainty: CERTAINTY.address,
  },
  {
    pattern:
      /(?<![a-z])line\s?(?:id|@|官方)\s?[:：]?\s?@?(?=[\w.-]*[a-z])[a-z0-9][\w.-]{3,19}|(?<![a-z])line\s?[:：]\s?@[a-z0-9][\w.-]{3,19}/giu,
    certainty: CERTAINTY.id,
  },
  {
    pattern: /(?:카카오톡|카톡|kakao\s?(?:talk)?)\s?(?:(?:id|아이디)?\s?[:：]|id\s|아이디\s)\s?[a-z0-9][\w.-]{3,19}/giu,
    certainty: CERTAINTY.id,
  },
  {
    pattern: /\bskype\s?(?:id)?\s?[:：]\s?(?:live:[\w.]{4,}|(?=\S*[\d._])[a-z][\w.,-]{5,31})/giu,
    certainty: CERTAINTY.likely,
  },
  {
    pattern:
      /\bsnap(?:chat)?\s?(?:me)?\s?[:：]\s?@?(?=\S*[\d._])[a-z][\w.-]{2,14}|\bdiscord\s?[:：]\s?[a-z][\w.]{1,31}#\d{4}/giu,
    certainty: CERTAINTY.likely,
  },
  { pattern: /(?<![a-z])v\s?[:：]\s?(?=[a-z_-]*[\d_])[a-z][-_a-z0-9]{5,19}(?![\w-])/giu, certainty: CERTAINTY.likely },
  // 加我微信, 扫码加群, add me on WhatsApp
  {
    pattern:
      /(?:加|添加|扫码加?|扫一扫加?|搜|➕|\+)\s?(?:我的?|您的?|客服|老师|小编|助理|专属|下方|个人|官方)*\s?(?:微信|薇信|威信|徽信|v信|vx\b|wx\b|微❤|企微|企业微信|qq群?|扣扣|q群|电报|纸飞机|telegram|whatsapp|line(?![a-z])|tg\b)(?!支付|红包|付款|钱包|用户|公司)/giu,
    certainty: CERTAINTY.demand,
  },
  {
    pattern:
      /扫码(?:进|入|加)群|加\s?[v∨薇](?=$|[\s:领看咨获免聊详送进,，!])|(?:进|加)群(?:领|送|福利)|关注.{0,6}公众号|公众号\s?[:：]\s?\S{2,}/giu,
    certainty: CERTAINTY.demand,
  },
  {
    pattern:
      /\b(?:add|message|dm|contact|text|reach|find|join|inbox|chat|write|ping)\s+(?:me|us|our)(?:\s+(?:group|channel|team))?\s+(?:on|via|at|in)\s+(?:telegram|whatsapp|wechat|line|viber|signal|kakao|discord|snapchat)\b/giu,
    certainty: CERTAINTY.demand,
  },
];

/** Names by which people are reached in messengers, and demands to add them. */
export function messengersIn(text: string): Find[] {
  return findForms('messenger', FORMS, text);
}

function address(source: string): Form {
  return { pattern: new RegExp(`(?:https?://)?${source}`, 'giu'), certainty: CERTAINTY.address };
}

/** `WeChat payment` is none: a word is an id only where somebody says so, or with a digit or `_` in it. */
function wechat([whole, behind = '', colon = '', id = '']: RegExpExecArray): number {
  if (/[\d_]/.test(id))
    return /^\d+$/.test(id) && colon.trim() === '' && behind.trim() === '' && /^\d{5,10}$/.test(id) ? 0 : CERTAINTY.id;
  const isSaid = /号|號|id|账|帐/i.test(behind);
  const isChinese = /^\P{ASCII}/u.test(whole);
  return colon.trim() !== '' && (isSaid || isChinese) ? CERTAINTY.id : 0;
}
