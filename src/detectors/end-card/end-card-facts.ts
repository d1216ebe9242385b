/** Name of the detector. */
export const END_CARD = 'end-card';

/** Class of the observation that keeps the thumbnail of a sample; it decides nothing. */
export const THUMBNAIL = 'thumbnail';

/** To be raised with every change of thumbnails or of what is a card: part of the detector's digest. */
export const END_CARD_VERSION = '1';
