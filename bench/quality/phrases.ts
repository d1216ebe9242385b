import type { Chance } from './chance.js';

const WORDS =
  'order today free delivery window garden market station music river morning price number summer offer weekend house coffee travel school paper winter light ticket member garage bridge doctor report street driver camera corner kitchen ocean picture minute animal season family forest school'.split(
    ' ',
  );
const HOSTS = ['shop', 'play', 'deal', 'movie', 'best', 'photo', 'bank', 'game'];
const ENDINGS = ['com', 'net', 'org', 'cn', 'io', 'top'];
/** Common characters in usual company, so that fonts and readers meet what they were made for. */
const CHINESE =
  '今天天气很好 欢迎光临本店 全场商品八折 联系电话 扫码添加微信 免费领取礼品 新闻联播重播 北京火车站 请勿吸烟 上海国际机场 明天下午三点 限时优惠活动 点击下方链接 中国人民银行 学习编程语言 图书馆开放时间 注意安全 电影即将上映 关注公众号 人工客服热线 正品保证 七天无理由退货 手机号码登录 天猫旗舰店 周末音乐会 春节快乐 小心地滑 出口在左边 自行车停放处 文明排队乘车'.split(
    ' ',
  );

/** A line as it might stand in a video: words, addresses, numbers, prices. */
export function latinPhrase(chance: Chance): string {
  const word = (): string => WORDS[Math.floor(chance.next() * WORDS.length)] ?? 'word';
  const digits = (count: number): string =>
    Array.from({ length: count }, () => Math.floor(chance.next() * 10)).join('');
  const host = HOSTS[Math.floor(chance.next() * HOSTS.length)] ?? 'shop';
  const ending = ENDINGS[Math.floor(chance.next() * ENDINGS.length)] ?? 'com';
  const kind = chance.next();
  if (kind < 0.2) return `www.${host}${digits(2)}.${ending}`;
  if (kind < 0.35) return `Call +1 ${digits(3)} ${digits(3)} ${digits(4)}`;
  if (kind < 0.45) return `Only $${digits(2)}.99 ${word()}`;
  const words = Array.from({ length: 2 + Math.floor(chance.next() * 4) }, word);
  const line = words.join(' ');
  return chance.next() < 0.5 ? `${line.slice(0, 1).toUpperCase()}${line.slice(1)}` : line.toUpperCase();
}

export function chinesePhrase(chance: Chance): string {
  const phrase = (): string => CHINESE[Math.floor(chance.next() * CHINESE.length)] ?? '欢迎光临';
  const digits = (count: number): string =>
    Array.from({ length: count }, () => Math.floor(chance.next() * 10)).join('');
  const kind = chance.next();
  if (kind < 0.2) return `${phrase()}1${digits(10)}`;
  if (kind < 0.35) return `仅售${digits(3)}元`;
  return chance.next() < 0.5 ? phrase() : `${phrase()}${phrase()}`;
}
